import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files that were written this long before the newest one cannot have been cut by the same kill. */
const LAST_MOMENT_MS = 10_000;

/**
 * Local storage writes its files in place, so that a killed run leaves some empty or cut, and the run that goes on
 * stumbles over them. Takes cut items out of the datasets and closes the gaps. A queue with a cut request is dropped
 * with what was counted by it: the site is then read once more, and items that are stored already stay as they are.
 * @param env where `CRAWLEE_STORAGE_DIR` and `CRAWLEE_PURGE_ON_START` are looked up, as Crawlee does
 * @returns a sentence for the log when something was mended
 */
export function mendLocalStorage(env: Record<string, string | undefined>): string | null {
  const isResumed = env.CRAWLEE_PURGE_ON_START !== undefined && /^(0|false|)$/i.test(env.CRAWLEE_PURGE_ON_START);
  if (!isResumed) return null;
  const root = env.CRAWLEE_STORAGE_DIR ?? 'storage';
  for (const kind of ['datasets', 'key_value_stores', 'request_queues']) {
    for (const folder of foldersIn(path.join(root, kind))) removeLocks(folder);
  }
  const items = foldersIn(path.join(root, 'datasets')).reduce((sum, folder) => sum + mendDataset(folder), 0);
  const queues = foldersIn(path.join(root, 'request_queues')).filter((folder) => cutFiles(folder).length > 0);
  for (const folder of queues) rmSync(folder, { recursive: true });
  if (queues.length > 0) {
    const counts = path.join(root, 'key_value_stores', 'default', 'COLLECT_COUNTS.json');
    rmSync(counts, { force: true });
    rmSync(counts.replace('COUNTS', 'DETAILS'), { force: true });
  }
  if (items === 0 && queues.length === 0) return null;
  const again = queues.length > 0 ? ' The site is read once more.' : '';
  return `The run before was killed while it wrote; ${items} cut rows were taken out of its datasets.${again}`;
}

/** Locks outlive the process that held them, and the next one would wait for nobody. */
function removeLocks(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.lock')) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Removes cut items and numbers the rest without gaps, as Crawlee expects them. */
function mendDataset(folder: string): number {
  const cut = cutFiles(folder);
  if (cut.length === 0) return 0;
  for (const file of cut) rmSync(file);
  filesIn(folder).forEach((file, at) => {
    const wanted = path.join(folder, `${String(at + 1).padStart(9, '0')}.json`);
    if (wanted !== file) renameSync(file, wanted);
  });
  // It holds the number of items.
  rmSync(path.join(folder, '__metadata__.json'), { force: true });
  return cut.length;
}

function cutFiles(folder: string): string[] {
  const files = filesIn(folder).map((file) => ({ file, at: statSync(file).mtimeMs }));
  const newest = files.reduce((latest, { at }) => Math.max(latest, at), 0);
  return files.filter(({ file, at }) => at >= newest - LAST_MOMENT_MS && !isJson(file)).map(({ file }) => file);
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
}

/** Items and requests, in order; not what Crawlee notes about the folder itself. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('__'));
  return names.sort().map((name) => path.join(folder, name));
}
