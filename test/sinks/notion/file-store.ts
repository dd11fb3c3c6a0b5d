import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../src/store.js';

/** A store that outlives its process; each write is there whole or not at all. */
export class FileStore implements Store {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  async get(key: string): Promise<unknown> {
    const name = `${key}.json`;
    if (!readdirSync(this.#folder).includes(name)) return null;
    return JSON.parse(readFileSync(join(this.#folder, name), 'utf8')) as unknown;
  }

  async set(key: string, value: unknown): Promise<void> {
    const path = join(this.#folder, `${key}.json`);
    if (value === null) {
      rmSync(path, { force: true });
      return;
    }
    writeFileSync(`${path}.new`, JSON.stringify(value));
    renameSync(`${path}.new`, path);
  }
}
