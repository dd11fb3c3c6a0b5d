/** `npm run bench -- <name> [arguments]`: one file per benchmark, which prints what it measured. */
const BENCHES: Record<string, () => Promise<{ run: (args: string[]) => Promise<void> }>> = {
  crawl: () => import('./crawl.js'),
  extract: () => import('./extract.js'),
  sink: () => import('./sink.js'),
  'sink-memory': () => import('./sink-memory.js'),
  start: () => import('./start.js'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = BENCHES[name];
if (load === undefined) {
  console.error(`npm run bench -- <name>; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 1;
} else {
  await (await load()).run(args);
}
