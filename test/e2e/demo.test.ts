import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDemoOptions } from '../../sandbox/demo-options.js';
import { BrowserWatch, expectNoSecrets, secretsBelow } from './secret-scan.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the demo as `npm run demo` does, without a terminal; rejects when it leaves a secret anywhere. */
async function demo(args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'wtn-demo-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/demo.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  const watch = new BrowserWatch(child.pid ?? 0, []);
  // The demo clears its storages away, so they are looked through while it runs.
  const found = new Set<string>();
  const looking = setInterval(() => {
    void storagesBelow(temporary).then((names) => names.forEach((name) => found.add(name)));
  }, 100);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(looking);
  watch.end();
  await expectNoSecrets({ log: out + err, watch });
  expect([...found]).toEqual([]);
  await rm(temporary, { recursive: true, force: true });
  return { code, out, err };
}

/** What secrets are in the storages that the demo has at the moment; a browser's own files beside them are not its. */
async function storagesBelow(temporary: string): Promise<string[]> {
  const dirs = (await readdir(temporary).catch(() => [])).filter((name) => name.startsWith('website-to-notion-demo-'));
  const all = dirs.map((name) => secretsBelow(path.join(temporary, name), []).catch(() => []));
  return (await Promise.all(all)).flat();
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
