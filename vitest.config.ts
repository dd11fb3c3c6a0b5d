import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Whole runs start browsers; more than two at once starve each other on a small machine.
    maxWorkers: 2,
  },
});
