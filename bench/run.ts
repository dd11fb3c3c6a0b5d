/**
 * `npm run bench -- <name> [arguments]`, or without a name all that need no folder. One file each, which prints what it
 * measured.
 */
const BENCHES: Record<string, () => Promise<{ run: (args: string[]) => Promise<void> }>> = {
  crawl: () => import('./crawl.js'),
  'docs-truth': () => import('./docs-truth.js'),
  extract: () => import('./extract.js'),
  guard: () => import('./guard.js'),
  sink: () => import('./sink.js'),
  'sink-memory': () => import('./sink-memory.js'),
  start: () => import('./start.js'),
};

/** Their pages are no part of this repository. */
const NEED_FOLDER = ['docs-truth', 'extract'];

const [name, ...args] = process.argv.slice(2);
const chosen = name === undefined ? Object.keys(BENCHES).filter((one) => !NEED_FOLDER.includes(one)) : [name];
if (name !== undefined && BENCHES[name] === undefined) {
  console.error(`There is no bench "${name}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 1;
} else {
  for (const one of chosen) {
    if (name === undefined) console.log(`\n== ${one}`);
    await (await BENCHES[one]?.())?.run(args);
  }
}
