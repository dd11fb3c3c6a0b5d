import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mendLocalStorage } from '../../src/platform/local-mend.js';

describe('storage that a killed run left', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'wtn-mend-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function write(folder: string, files: Record<string, string>): Promise<string> {
    const full = path.join(root, folder);
    await mkdir(full, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(full, name), text);
    return full;
  }
  const mend = (purge = '0') => mendLocalStorage({ CRAWLEE_STORAGE_DIR: root, CRAWLEE_PURGE_ON_START: purge });

  it('loses its cut rows, and the others close ranks', async () => {
    const folder = await write('datasets/default', {
      '000000001.json': '{"n":1}',
      '000000002.json': '',
      '000000003.json': '{"n":3}',
      '000000004.json': '{"n":',
      '__metadata__.json': '{"itemCount":4}',
    });
    expect(mend()).toContain('2 cut rows');
    expect((await readdir(folder)).sort()).toEqual(['000000001.json', '000000002.json']);
    expect(await readFile(path.join(folder, '000000002.json'), 'utf8')).toBe('{"n":3}');
    expect(mend()).toBeNull();
  });

  it('loses a queue that cannot be trusted, with what was counted by it', async () => {
    const queue = await write('request_queues/default', { 'a.json': '{}', 'b.json': '{"url"' });
    const records = await write('key_value_stores/default', { 'COLLECT_COUNTS.json': '{}', 'INPUT.json': '{}' });
    expect(mend()).toContain('read once more');
    expect(existsSync(queue)).toBe(false);
    expect(await readdir(records)).toEqual(['INPUT.json']);
  });

  it('stays as it is when nothing was cut, and when a fresh run empties it anyway', async () => {
    const whole = await write('datasets/default', { '000000001.json': '{"n":1}' });
    await mkdir(path.join(whole, '000000001.json.lock'));
    expect(mend()).toBeNull();
    expect(await readdir(whole)).toEqual(['000000001.json']);
    const folder = await write('datasets/default', { '000000002.json': '' });
    expect(mend('1')).toBeNull();
    expect(await readdir(folder)).toHaveLength(2);
  });
});
