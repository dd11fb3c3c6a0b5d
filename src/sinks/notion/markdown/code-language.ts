import type { CodeBlockObjectResponse } from '@notionhq/client';

/** Notion's closed list, from its own client: https://developers.notion.com/reference/block#code */
export type CodeLanguage = CodeBlockObjectResponse['code']['language'];

/** Every language that Notion knows, with the other names that pages give it. */
const ALIASES = {
  abap: [],
  abc: [],
  agda: [],
  arduino: ['ino'],
  'ascii art': ['asciiart'],
  assembly: ['asm', 'nasm', 'x86asm', 's', 'armasm'],
  bash: ['zsh', 'ksh', 'fish'],
  basic: [],
  bnf: [],
  c: ['h'],
  'c#': ['cs', 'csharp', 'dotnet'],
  'c++': ['cpp', 'cc', 'cxx', 'hpp', 'hxx', 'hh', 'cplusplus'],
  clojure: ['clj', 'cljs', 'cljc', 'edn'],
  coffeescript: ['coffee'],
  coq: [],
  css: ['postcss'],
  dart: [],
  dhall: [],
  diff: ['patch', 'udiff'],
  docker: ['dockerfile', 'containerfile'],
  ebnf: [],
  elixir: ['ex', 'exs', 'heex', 'iex'],
  elm: [],
  erlang: ['erl'],
  'f#': ['fs', 'fsharp', 'fsx'],
  flow: [],
  fortran: ['f90', 'f95', 'f77'],
  gherkin: ['cucumber', 'feature'],
  glsl: ['shader', 'vert', 'frag', 'hlsl', 'wgsl'],
  go: ['golang'],
  graphql: ['gql'],
  groovy: ['gradle', 'jenkinsfile'],
  haskell: ['hs', 'lhs'],
  hcl: ['terraform', 'tf', 'tfvars'],
  html: [
    'htm',
    'xhtml',
    'vue',
    'svelte',
    'astro',
    'handlebars',
    'hbs',
    'ejs',
    'erb',
    'jinja',
    'jinja2',
    'django',
    'twig',
    'liquid',
  ],
  idris: ['idr'],
  java: ['jsp'],
  javascript: ['js', 'jsx', 'mjs', 'cjs', 'node', 'nodejs', 'ecmascript', 'react'],
  json: ['json5', 'jsonc', 'jsonl', 'ndjson', 'json-ld', 'jsonld', 'geojson', 'webmanifest'],
  julia: ['jl'],
  kotlin: ['kt', 'kts'],
  latex: ['tex'],
  less: [],
  lisp: ['elisp', 'emacs-lisp', 'common-lisp', 'commonlisp', 'cl'],
  livescript: ['ls'],
  'llvm ir': ['llvm', 'll'],
  lua: ['luau'],
  makefile: ['make', 'mk', 'gnumake'],
  markdown: ['md', 'mdx', 'mkd', 'gfm', 'rmarkdown'],
  markup: ['svg', 'mathml', 'sgml'],
  matlab: ['octave', 'm'],
  mathematica: ['wolfram', 'wl', 'nb'],
  mermaid: ['mmd'],
  nix: [],
  'notion formula': ['notion-formula'],
  'objective-c': ['objc', 'objectivec', 'obj-c', 'mm'],
  ocaml: ['ml', 'mli', 'sml'],
  pascal: ['delphi', 'objectpascal', 'pas'],
  perl: ['pl', 'pm', 'raku'],
  php: ['php3', 'php4', 'php5', 'phtml', 'blade'],
  'plain text': ['text', 'txt', 'plain', 'plaintext', 'plain-text', 'none', 'nohighlight', 'output', 'log'],
  powershell: ['ps', 'ps1', 'pwsh', 'posh', 'psm1'],
  prolog: [],
  protobuf: ['proto', 'proto3'],
  purescript: ['purs'],
  python: [
    'py',
    'py3',
    'python3',
    'python2',
    'pyi',
    'pycon',
    'ipython',
    'ipython3',
    'gyp',
    'sage',
    'starlark',
    'bzl',
    'bazel',
  ],
  r: ['rlang', 'splus'],
  racket: ['rkt'],
  reason: ['reasonml', 're', 'rescript'],
  ruby: ['rb', 'gemspec', 'rake', 'podspec', 'irb', 'rails', 'crystal'],
  rust: ['rs'],
  sass: [],
  scala: ['sc', 'sbt'],
  scheme: ['scm'],
  scss: [],
  shell: [
    'sh',
    'console',
    'shell-session',
    'shellsession',
    'sh-session',
    'terminal',
    'bat',
    'batch',
    'cmd',
    'dos',
    'cli',
  ],
  smalltalk: ['st'],
  solidity: ['sol'],
  sql: ['mysql', 'postgres', 'postgresql', 'pgsql', 'plpgsql', 'sqlite', 'tsql', 'mssql', 'plsql', 'bigquery', 'psql'],
  swift: [],
  toml: ['ini', 'cfg', 'conf', 'editorconfig'],
  typescript: ['ts', 'tsx', 'mts', 'cts', 'deno'],
  'vb.net': ['vbnet', 'vb'],
  verilog: ['v', 'sv', 'systemverilog'],
  vhdl: [],
  'visual basic': ['visualbasic', 'vba', 'vbs', 'vbscript', 'visual-basic'],
  webassembly: ['wasm', 'wat', 'wast'],
  xml: ['xsl', 'xslt', 'xsd', 'rss', 'atom', 'plist', 'wsdl', 'pom'],
  yaml: ['yml', 'docker-compose', 'openapi'],
  'java/c/c++/c#': [],
} as const satisfies Record<CodeLanguage, readonly string[]>;

const BY_NAME: ReadonlyMap<string, CodeLanguage> = new Map(
  (Object.entries(ALIASES) as [CodeLanguage, readonly string[]][]).flatMap(([language, aliases]) =>
    [language, language.replaceAll(' ', '-'), ...aliases].map((name) => [name, language] as const),
  ),
);

/**
 * @param info what stands after the fence, for example `js`, `language-ts`, `{.python}` or `rust,ignore`
 * @returns the language as Notion calls it; `plain text` for every other
 */
export function codeLanguage(info: string | null | undefined): CodeLanguage {
  return BY_NAME.get(languageName(info)) ?? 'plain text';
}

/** The bare lower-case name in an info string, as the page wrote it; empty when there is none. */
export function languageName(info: string | null | undefined): string {
  const word = (info ?? '').trim().toLowerCase();
  return (
    word
      .replace(/^[{.]+/, '')
      .replace(/^(?:lang|language|highlight)-/, '')
      .split(/[\s,{}:;]/, 1)[0] ?? ''
  );
}
