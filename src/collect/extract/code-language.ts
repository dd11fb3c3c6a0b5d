/** Names that say "no language" or "the site's default". */
const NOT_A_LANGUAGE = new Set(['default', 'none', 'text', 'txt', 'plain', 'plaintext', 'nohighlight', 'auto']);

/** Class names of highlighters, from the most to the least exact. */
const CLASS_PATTERNS = [
  /^(?:language|lang)-([\w+#.-]+)$/i,
  /^highlight-(?:source-|text-)?([\w+#.-]+)$/i,
  /^(?:src|brush|syntax|code)-([\w+#.-]+)$/i,
];

/** How far above the `<pre>` a wrapper may carry the language. */
const WRAPPERS = 6;

/**
 * The language of a code block, read from the `<code>` inside, the `<pre>` and the wrappers that highlighters put
 * around: `language-x`, `highlight-x`, `data-lang`, `brush: x`, pandoc's `sourceCode x`. `null` when nobody says it.
 */
export function codeLanguage(pre: Element): string | null {
  const candidates: Element[] = [...pre.querySelectorAll('code')].slice(0, 1);
  for (let element: Element | null = pre, depth = 0; element !== null && depth <= WRAPPERS; depth += 1) {
    // A wrapper around several blocks speaks for none of them.
    if (element !== pre && element.querySelectorAll('pre').length > 1) break;
    candidates.push(element);
    element = element.parentElement;
  }
  for (const element of candidates) {
    const language = ownLanguage(element);
    if (language !== null) return NOT_A_LANGUAGE.has(language) ? null : language;
  }
  return null;
}

function ownLanguage(element: Element): string | null {
  for (const attribute of ['data-lang', 'data-language', 'data-code-language']) {
    const value = element.getAttribute(attribute)?.trim().toLowerCase() ?? '';
    if (/^[\w+#.-]+$/.test(value)) return value;
  }
  const className = element.getAttribute('class') ?? '';
  const brush = /\bbrush:\s*([\w+#-]+)/i.exec(className)?.[1];
  if (brush !== undefined) return brush.toLowerCase();
  const names = className.split(/\s+/);
  for (const pattern of CLASS_PATTERNS) {
    const language = names.map((name) => pattern.exec(name)?.[1]).find((name) => name !== undefined);
    if (language !== undefined) return language.toLowerCase();
  }
  const pandoc = names.indexOf('sourceCode');
  return pandoc === -1 ? null : (names[pandoc + 1]?.toLowerCase() ?? null);
}
