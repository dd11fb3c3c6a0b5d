import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBrowser, type BrowserHost } from '../../cli/ensure-browser.js';
import { browserStarts } from '../../cli/install-browser.js';

/** A computer on which `installs[n]` says what the n-th step brings; `null` is a step that brings nothing. */
function computer(options: { has?: string; broken?: string[]; installs?: (string | null)[]; impossible?: number[] }) {
  const log: string[] = [];
  let found = options.has ?? null;
  const host: BrowserHost = {
    find: () => found,
    starts: async (executablePath) => !(options.broken ?? []).includes(executablePath),
    steps: (options.installs ?? []).map((brings, index) => ({
      name: `step ${index}`,
      possible: async () => !(options.impossible ?? []).includes(index),
      run: async () => {
        log.push(`ran ${index}`);
        found = brings ?? found;
      },
    })),
    say: (line) => log.push(line),
  };
  return { host, log };
}

describe('ensureBrowser', () => {
  it('installs nothing and says nothing where a browser starts', async () => {
    const { host, log } = computer({ has: '/usr/bin/chromium', installs: ['/other'] });
    expect(await ensureBrowser(host)).toBe('/usr/bin/chromium');
    expect(log).toEqual([]);
  });

  it('takes the next step when one brings nothing', async () => {
    const { host, log } = computer({ installs: [null, '/usr/bin/chromium'] });
    expect(await ensureBrowser(host)).toBe('/usr/bin/chromium');
    expect(log.filter((line) => line.startsWith('ran'))).toEqual(['ran 0', 'ran 1']);
  });

  it('goes on when a browser is there but does not start', async () => {
    const { host } = computer({ has: '/broken', broken: ['/broken'], installs: [null, '/good'] });
    expect(await ensureBrowser(host)).toBe('/good');
  });

  it('leaves out a step that cannot work here', async () => {
    const { host, log } = computer({ installs: ['/a', '/b'], impossible: [0] });
    expect(await ensureBrowser(host)).toBe('/b');
    expect(log).toContain('ran 1');
    expect(log).not.toContain('ran 0');
  });

  it('says in one sentence what to do when none can be had', async () => {
    const { host } = computer({ installs: [null] });
    await expect(ensureBrowser(host)).rejects.toThrow(/^No usable Chrome[^.]*CRAWLEE_DEFAULT_BROWSER_PATH[^.]*\.$/);
  });
});

describe('browserStarts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'browser-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function program(exitCode: number): Promise<string> {
    const file = path.join(folder, 'browser');
    await writeFile(file, `#!/bin/sh\nexit ${exitCode}\n`);
    await chmod(file, 0o755);
    return file;
  }

  it('is true for a program that runs, false for one that fails or is missing', async () => {
    expect(await browserStarts(await program(0))).toBe(true);
    expect(await browserStarts(await program(127))).toBe(false);
    expect(await browserStarts(path.join(folder, 'missing'))).toBe(false);
  });
});
