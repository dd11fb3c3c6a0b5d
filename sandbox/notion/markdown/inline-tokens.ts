import type { Color, Mention } from '../block.js';
import { codeSpan, equationSpan, linkTarget, parseAttributes, parseColor, runLength, unescape } from './scan.js';

export type Flag = 'bold' | 'italic' | 'strikethrough';

/**
 * A piece of a line. Marks (`toggle`, `open`, `close`, `span`, `span-end`) carry their source, because a mark without
 * a partner is text.
 */
export type Token =
  | { kind: 'text' | 'code'; content: string }
  | { kind: 'equation'; expression: string }
  | { kind: 'mention'; mention: Mention; label: string }
  | { kind: 'citation'; target: string }
  | { kind: 'toggle'; flag: Flag; source: string }
  | { kind: 'open'; source: '[' }
  | { kind: 'close'; url: string | null; source: string }
  | { kind: 'span'; underline: boolean; color: Color; source: string }
  | { kind: 'span-end'; source: string };

const MENTIONS = {
  user: 'user',
  page: 'page',
  database: 'database',
  'data-source': 'data_source',
} as const;

/**
 * Cuts one line into tokens. Pessimistic: `*` and `~` need no word beside them, one `$` pairs with any later one, `[^…]`
 * is a citation whatever it holds, and a backslash takes the next character as text whatever it is.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let text = '';
  const push = (...found: Token[]): void => {
    if (text !== '') tokens.push({ kind: 'text', content: text });
    text = '';
    tokens.push(...found);
  };
  let i = 0;
  while (i < source.length) {
    const char = source.charAt(i);
    if (char === '\\' && i + 1 < source.length) {
      text += source.charAt(i + 1);
      i += 2;
      continue;
    }
    const found = tokenAt(source, i, char);
    if (found === null) {
      // A run of backticks or dollars that opens nothing is skipped whole: its tail must not open something either.
      const length = char === '`' ? runLength(source, i) : 1;
      text += source.slice(i, i + length);
      i += length;
    } else {
      push(...found.tokens);
      i = found.end;
    }
  }
  push();
  return tokens;
}

interface Found {
  tokens: Token[];
  end: number;
}

function tokenAt(source: string, at: number, char: string): Found | null {
  switch (char) {
    case '`': {
      const span = codeSpan(source, at);
      return span && { tokens: [{ kind: 'code', content: span.content }], end: span.end };
    }
    case '$': {
      const span = equationSpan(source, at);
      return span && { tokens: [{ kind: 'equation', expression: span.expression }], end: span.end };
    }
    case '*':
    case '~':
      return emphasis(char, runLength(source, at), at);
    case '[': {
      const citation = /^\[\^((?:\\.|[^\]\\])+)\]/s.exec(source.slice(at, at + 4000));
      if (citation?.[1] !== undefined) {
        return { tokens: [{ kind: 'citation', target: unescape(citation[1]) }], end: at + citation[0].length };
      }
      return { tokens: [{ kind: 'open', source: '[' }], end: at + 1 };
    }
    case ']': {
      const target = linkTarget(source, at + 1);
      if (target === null) return { tokens: [{ kind: 'close', url: null, source: ']' }], end: at + 1 };
      return { tokens: [{ kind: 'close', url: target.url, source: source.slice(at, target.end) }], end: target.end };
    }
    case '<':
      return tag(source, at);
    default:
      return null;
  }
}

/** `***` is bold and italic at once; longer runs are read three by three. */
function emphasis(char: '*' | '~', length: number, at: number): Found {
  const tokens: Token[] = [];
  for (let left = length; left > 0;) {
    if (char === '~') {
      const size = Math.min(left, 2);
      tokens.push({ kind: 'toggle', flag: 'strikethrough', source: '~'.repeat(size) });
      left -= size;
    } else {
      if (left >= 2) tokens.push({ kind: 'toggle', flag: 'bold', source: '**' });
      if (left !== 2) tokens.push({ kind: 'toggle', flag: 'italic', source: '*' });
      left -= Math.min(left, 3);
    }
  }
  return { tokens, end: at + length };
}

function tag(source: string, at: number): Found | null {
  const match = /^<(\/?)([a-z-]+)((?:\s+[\w-]+\s*=\s*"[^"<>]*")*)\s*(\/?)>/i.exec(source.slice(at, at + 8000));
  if (!match) return null;
  const [raw, slash, name = '', rest = '', selfClosing] = match;
  const end = at + raw.length;
  const attributes = parseAttributes(rest);
  if (name === 'br' && slash === '') return { tokens: [{ kind: 'text', content: '\n' }], end };
  if (name === 'span') {
    if (slash !== '') return { tokens: [{ kind: 'span-end', source: raw }], end };
    const underline = attributes['underline'] === 'true';
    return { tokens: [{ kind: 'span', underline, color: parseColor(attributes['color']), source: raw }], end };
  }
  if (slash !== '') return null;
  const mention = mentionOf(name, attributes);
  if (mention === null) return null;
  const closing = selfClosing === '' ? source.indexOf(`</${name}>`, end) : -1;
  const label = closing === -1 ? '' : unescape(source.slice(end, closing));
  const found: Token = { kind: 'mention', mention, label: mention.type === 'date' ? dateLabel(mention) : label };
  return { tokens: [found], end: closing === -1 ? end : closing + name.length + 3 };
}

function mentionOf(name: string, attributes: Record<string, string>): Mention | null {
  const { url, start } = attributes;
  if (name === 'mention-date') {
    if (start === undefined) return null;
    const { end = null, startTime = null, timeZone = null } = attributes;
    return { type: 'date', start, end, start_time: startTime, time_zone: timeZone };
  }
  if (url === undefined) return null;
  // A page or database reference inside a line cannot be a block; it is read as a mention.
  const kind = name.replace('mention-', '');
  return Object.hasOwn(MENTIONS, kind) && (name !== kind || kind === 'page' || kind === 'database')
    ? { type: MENTIONS[kind as keyof typeof MENTIONS], url }
    : null;
}

function dateLabel(date: Extract<Mention, { type: 'date' }>): string {
  return date.end === null ? date.start : `${date.start} → ${date.end}`;
}
