import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // A backstop against hanging, not a measurement: machines are shared, and whole runs start browsers.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Whole runs start browsers; more than two at once starve each other on a small machine.
    maxWorkers: 2,
  },
});
