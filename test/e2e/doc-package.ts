import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/**
 * The files of a Debian documentation package: installed ones, else downloaded and unpacked once into the temporary
 * folder.
 * @param folder where the package keeps its pages, for example `usr/share/doc/python-django-doc/html`
 * @returns the folder on this machine, or `null` where there is no apt to get it with
 */
export async function documentation(name: string, folder: string): Promise<string | null> {
  const installed = path.join('/', folder);
  if (existsSync(path.join(installed, 'index.html'))) return installed;
  const kept = path.join(tmpdir(), 'wtn-documentation', name);
  if (!existsSync(kept)) {
    if (!existsSync('/usr/bin/apt-get')) return null;
    const work = await mkdtemp(path.join(tmpdir(), 'wtn-deb-'));
    const download = (): Promise<unknown> => run('apt-get', ['download', '-q', name], { cwd: work });
    // A bare machine has no list of packages yet.
    await download().catch(() => run('apt-get', ['update', '-q']).then(download));
    const [file] = await readdir(work);
    await run('dpkg-deb', ['-x', path.join(work, file ?? ''), path.join(work, 'root')]);
    await mkdir(path.dirname(kept), { recursive: true });
    await rename(path.join(work, 'root'), kept);
    await rm(work, { recursive: true });
  }
  return path.join(kept, folder);
}

/** Serves a folder of static pages on loopback. */
export async function serveFolder(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const file = path.join(folder, path.normalize(asked.endsWith('/') ? `${asked}index.html` : asked));
    readFile(file).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
