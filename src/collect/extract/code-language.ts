/** Names that say "no language" or "the site's default". */
const NOT_A_LANGUAGE = new Set([
  'default',
  'none',
  'text',
  'txt',
  'plain',
  'plaintext',
  'nohighlight',
  'auto',
  'undefined',
  'unknown',
]);

/** Languages that highlighters name by a bare class or behind a word that other boxes have as well (`code-block`). */
const LANGUAGES = new Set(
  (
    'abap ada apache apacheconf applescript arduino asm assembly awk bash basic bat batch c c# c++ clojure cmake cmd cobol ' +
    'coffeescript common-lisp console cpp crystal cs csharp csp css csv cuda cypher cython d dart delphi diff django docker ' +
    'dockerfile dos elixir elm erb erlang excel f# fortran fs fsharp gherkin git glsl go golang gradle graphql groovy h ' +
    'haml handlebars haskell hcl hlsl hs html html+erb http ini ipython ipython3 java javascript jinja jinja2 js json json5 ' +
    'jsonc jsx julia kotlin kt latex less lisp lua makefile markdown matlab md mermaid nasm nginx nim nix objc ' +
    'objective-c ocaml pascal patch perl php pl plsql postgresql powershell prolog properties proto protobuf ps1 puppet ' +
    'purescript pwsh py pycon python python2 python3 r racket rb reason rest restructuredtext rs rst ruby rust sas sass ' +
    'scala scheme scss sed sh shell shell-session solidity sql stata stylus svelte swift systemverilog tcl terraform tex ' +
    'toml ts tsx twig typescript vb vb.net vba vbnet verilog vhdl vim vue wasm xml xquery yaml yml zig zsh'
  ).split(' '),
);

/** Class names of highlighters, from the most to the least exact. */
const EXACT = [
  /^(?:language|lang)-([\w+#.-]+)$/i,
  /^mw-highlight-lang-([\w+#.-]+)$/i,
  /^highlight-(?:source|text)-([\w+#.-]+)$/i,
];
const AMBIGUOUS = /^(?:highlight|src|brush|syntax|code)-([\w+#.-]+)$/i;
/** With one of these a bare class name is the language: highlight.js, Hexo, rustdoc, Pygments. */
const HIGHLIGHTED = new Set(
  'hljs highlight prettyprint syntax rust-example-rendered codehilite src programlisting'.split(' '),
);

/** How far above the `<pre>` a wrapper may carry the language. */
const WRAPPERS = 6;

/**
 * The language of a code block, read from the `<code>` inside, the `<pre>` and the wrappers that highlighters put
 * around: `language-x`, `highlight-x`, `data-lang`, `brush: x`, pandoc's `sourceCode x`, `hljs x`. `null` when nobody
 * says it.
 */
export function codeLanguage(pre: Element): string | null {
  const candidates: Element[] = [...pre.querySelectorAll('code')].slice(0, 1);
  for (let element: Element | null = pre, depth = 0; element !== null && depth <= WRAPPERS; depth += 1) {
    // A wrapper around several blocks speaks for none of them.
    if (element !== pre && holdsSeveral(element)) break;
    candidates.push(element);
    element = element.parentElement;
  }
  for (const element of candidates) {
    const language = ownLanguage(element);
    if (language !== null) return NOT_A_LANGUAGE.has(language) ? null : language;
  }
  return null;
}

const several = new WeakMap<Element, boolean>();

/** Blocks that stand side by side share their wrappers: each is searched once. */
function holdsSeveral(wrapper: Element): boolean {
  let known = several.get(wrapper);
  if (known === undefined) several.set(wrapper, (known = wrapper.querySelectorAll('pre').length > 1));
  return known;
}

/** True for the name of a language that highlighters know. */
export function isKnownLanguage(name: string): boolean {
  return LANGUAGES.has(name);
}

function ownLanguage(element: Element): string | null {
  for (const attribute of ['data-lang', 'data-language', 'data-code-language', 'data-enlighter-language', 'language']) {
    const value = element.getAttribute(attribute)?.trim().toLowerCase() ?? '';
    if (/^[\w+#.-]+$/.test(value)) return value;
  }
  const className = element.getAttribute('class')?.trim() ?? '';
  const brush = /\bbrush:\s*([\w+#-]+)/i.exec(
    `${className} ${element.getAttribute('data-syntaxhighlighter-params') ?? ''}`,
  )?.[1];
  if (brush !== undefined) return brush.toLowerCase();
  const names = className === '' ? [] : className.toLowerCase().split(/\s+/);
  for (const pattern of EXACT) {
    const language = names.map((name) => pattern.exec(name)?.[1]).find((name) => name !== undefined);
    if (language !== undefined) return language;
  }
  // Sphinx knows every lexer of Pygments.
  const isSphinx = element.firstElementChild?.getAttribute('class') === 'highlight';
  const pandoc = names.indexOf('sourcecode');
  const bare =
    names.map((name) => AMBIGUOUS.exec(name)?.[1]).find((name) => name !== undefined && (isSphinx || isKnown(name))) ??
    (pandoc === -1 ? undefined : names[pandoc + 1]) ??
    names.find((name) => LANGUAGES.has(name) && (isCode(element) || names.some((own) => HIGHLIGHTED.has(own))));
  if (bare !== undefined) return bare;
  // `lang` of a block of code is what GitLab writes, not what people speak.
  const lang = isCode(element) ? (element.getAttribute('lang') ?? '').toLowerCase() : '';
  return LANGUAGES.has(lang) ? lang : null;
}

function isKnown(name: string): boolean {
  return isKnownLanguage(name) || NOT_A_LANGUAGE.has(name);
}

function isCode({ localName }: Element): boolean {
  return localName === 'pre' || localName === 'code';
}
