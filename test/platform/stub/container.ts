import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

/** One container of a run: the built Actor as a process of its own, on an empty disk. */
export class Container {
  readonly #child: ChildProcess;
  /** Resolves with the exit code, or `null` when it was killed. */
  readonly ended: Promise<number | null>;

  /** @param env all that the process sees apart from PATH */
  constructor(env: Record<string, string>, onOutput: (chunk: string) => void) {
    const disk = mkdtempSync(path.join(tmpdir(), 'wtn-container-'));
    this.#child = spawn(process.execPath, [MAIN], {
      cwd: disk,
      env: { PATH: process.env.PATH, HOME: disk, CRAWLEE_STORAGE_DIR: path.join(disk, 'storage'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code) => {
        rmSync(disk, { recursive: true, force: true });
        resolve(code);
      });
    });
  }

  /** As the platform does: without a word. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}
