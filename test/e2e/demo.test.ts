import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDemoOptions } from '../../sandbox/demo-options.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the demo as `npm run demo` does, without a terminal. */
function demo(args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/demo.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

describe('npm run demo', () => {
  it('without a terminal: crawls, consents, writes, and ends', async () => {
    const { code, out, err } = await demo([]);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/pages created in "Fernhill Observatory" \(Research\)/);
    expect(out).toMatch(/^● Done {2}/m);
    expect(out).not.toContain('\u001B[');
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('ends with 2 and the usage when it is called wrongly', async () => {
    for (const args of [['--speed'], ['--url', 'example.com'], ['--url', 'http://'], ['now']]) {
      const { code, err } = await demo(args);
      expect(code).toBe(2);
      expect(err).toContain('Usage: npm run demo');
    }
  });

  it('says in one line why a run failed', async () => {
    const { code, out, err } = await demo(['--url', 'http://127.0.0.1:9/']);
    expect(code).toBe(1);
    expect(out).toMatch(/^✕ Failed {2}No page could be read\./m);
    expect(out + err).not.toMatch(/\n\s+at /);
  });

  it('explains itself', async () => {
    const { code, out } = await demo(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: npm run demo');
  });

  it('waits for a person on a terminal only', () => {
    expect(readDemoOptions([], true)).toEqual({ url: null, yes: false, once: false });
    expect(readDemoOptions([], false)).toEqual({ url: null, yes: true, once: true });
    expect(readDemoOptions(['--url', 'https://a.example/', '--yes'], true)).toEqual({
      url: 'https://a.example/',
      yes: true,
      once: false,
    });
  });
});
