/** `npm run bench -- <name> [arguments]`, or all of them without a name. One file each, which prints what it measured. */
const BENCHES: Record<string, () => Promise<{ run: (args: string[]) => Promise<void> }>> = {
  crawl: () => import('./crawl.js'),
  'docs-truth': () => import('./docs-truth.js'),
  extract: () => import('./extract.js'),
  guard: () => import('./guard.js'),
  sink: () => import('./sink.js'),
  'sink-memory': () => import('./sink-memory.js'),
  start: () => import('./start.js'),
};

const [name, ...args] = process.argv.slice(2);
const chosen = name === undefined ? Object.keys(BENCHES) : [name];
if (name !== undefined && BENCHES[name] === undefined) {
  console.error(`There is no bench "${name}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 1;
} else {
  for (const one of chosen) {
    if (name === undefined) console.log(`\n== ${one}`);
    await (await BENCHES[one]?.())?.run(args);
  }
}
