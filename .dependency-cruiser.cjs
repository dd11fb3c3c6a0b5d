/**
 * The import rules of the house (AGENTS.md, "Rules of the house"): imports run downwards, run → stages → shared types.
 * A stage may use what lies directly in src/ (types and pure helpers) and collect/item.ts, the shape that all share.
 */
const stage = (name) => ({
  name: `stage-${name}-stands-alone`,
  severity: 'error',
  comment: 'A stage never imports another stage; run.ts joins them.',
  from: { path: `^src/${name}/` },
  to: { path: '^src/(collect|connect|live-view|sinks)/', pathNot: [`^src/${name}/`, '^src/collect/item\\.ts$'] },
});

/** Only `files` may import `pkg` at run time; types may travel. */
const vendor = (pkg, files) => ({
  name: `vendor-${pkg.replace(/\W+/g, '-')}`,
  severity: 'error',
  comment: `Only ${files.join(', ')} imports this vendor at run time.`,
  from: { path: '^src/', pathNot: files.map((file) => `^src/${file.replace('.', '\\.')}$`) },
  to: { path: `(^|node_modules/)${pkg}(/|$)`, dependencyTypesNot: ['type-only'] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-code-imports-no-stage',
      severity: 'error',
      comment: 'Only main.ts and what tells the story of a run (run.ts and its parts) know the stages.',
      from: { path: '^src/([^/]+\\.ts$|input/|platform/)', pathNot: '^src/(main|run|open-run|gather|sync)\\.ts$' },
      to: {
        path: '^src/(collect|connect|live-view|sinks)/',
        pathNot: '^src/collect/item\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-imports-run',
      severity: 'error',
      from: { pathNot: '^src/main\\.ts$' },
      to: { path: '^src/run\\.ts$' },
    },
    ...['collect', 'connect', 'live-view', 'sinks'].map(stage),
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(sandbox|cli|test|bench)/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    vendor('@scalekit-sdk/node', ['connect/scalekit.ts']),
    vendor('@notionhq/client', ['sinks/notion/client.ts']),
    vendor('crawlee', ['collect/crawler.ts']),
    vendor('apify', ['platform.ts']),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
