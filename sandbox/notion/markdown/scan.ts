import { COLORS, type Color } from '../block.js';

/**
 * Where a stretch of literal text that starts at `at` ends: an escaped character, a code span, backticks that open
 * none, an equation, a link's target or a mention's tag. Gives `at` itself when nothing literal starts there.
 */
export function literalEnd(text: string, at: number): number {
  const char = text[at];
  if (char === '\\') return Math.min(at + 2, text.length);
  if (char === '`') return codeSpan(text, at)?.end ?? at + runLength(text, at);
  if (char === '$') return equationSpan(text, at)?.end ?? at;
  if (char === ']') return linkTarget(text, at + 1)?.end ?? at;
  if (char !== '<') return at;
  const mention = /^<(mention-[a-z-]+|page|database)\s[^<>]*>/.exec(text.slice(at, at + 8000));
  return at + (mention?.[0].length ?? 0);
}

/** The code span that opens at `at`: it ends at the next run of as many backticks. No escapes inside. */
export function codeSpan(text: string, at: number): { content: string; end: number } | null {
  const ticks = runLength(text, at);
  const fence = '`'.repeat(ticks);
  let close = text.indexOf(fence, at + ticks);
  while (close !== -1) {
    const length = runLength(text, close);
    if (length === ticks) {
      const inner = text.slice(at + ticks, close);
      const padded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
      return { content: padded ? inner.slice(1, -1) : inner, end: close + ticks };
    }
    close = text.indexOf(fence, close + length);
  }
  return null;
}

/** The equation that opens at `at`: from one `$` to the next, its TeX left as it is. */
export function equationSpan(text: string, at: number): { expression: string; end: number } | null {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '$') return i === at + 1 ? null : { expression: text.slice(at + 1, i), end: i + 1 };
  }
  return null;
}

/** The link target `(url)` at `at`: no spaces and no bare parenthesis inside. */
export function linkTarget(source: string, at: number): { url: string; end: number } | null {
  if (source[at] !== '(') return null;
  for (let i = at + 1; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === '\\') i++;
    else if (char === ')') {
      const url = unescape(source.slice(at + 1, i));
      return url === '' ? null : { url, end: i + 1 };
    } else if (char === '(' || /\s/.test(char)) return null;
  }
  return null;
}

/** Takes the backslashes before characters away. */
export function unescape(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

/** Length of the run of equal characters that starts at `at`. */
export function runLength(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] === text[at]) end++;
  return end - at;
}

/** `name="value"` pairs. HTML entities in values stay as they are. */
export function parseAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of source.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)) {
    if (name !== undefined && value !== undefined) attributes[name] = value;
  }
  return attributes;
}

/**
 * Takes ` {color="red"}` off the end of a line. Any braces that nobody escaped count, also when they hold no attribute:
 * what Notion does with those is not documented, so the reading that loses text is taken.
 */
export function splitAttributes(line: string): { text: string; attributes: Record<string, string> } {
  let open = -1;
  for (let i = 0; i < line.length;) {
    const end = literalEnd(line, i);
    if (end > i) {
      i = end;
      continue;
    }
    if (line[i] === '{') open = i;
    if (line[i] === '}' && i === line.length - 1 && open !== -1) {
      const text = line.slice(0, open);
      return {
        text: text.endsWith(' ') ? text.slice(0, -1) : text,
        attributes: parseAttributes(line.slice(open + 1, i)),
      };
    }
    i++;
  }
  return { text: line, attributes: {} };
}

/** Notion's markdown writes `red_bg` where the REST API writes `red_background`; unknown names give `default`. */
export function parseColor(name: string | undefined): Color {
  const base = COLORS.find((color) => name === color || name === `${color}_bg` || name === `${color}_background`);
  if (base === undefined) return 'default';
  return name === base ? base : `${base}_background`;
}

/** The markdown name of a color. */
export function printColor(color: Color): string {
  return color.replace('_background', '_bg');
}
