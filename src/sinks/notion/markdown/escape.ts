/**
 * Text of a crawled page → characters that Notion's enhanced markdown reads as nothing but text.
 * The set of specials is Notion's own (guides/data-apis/enhanced-markdown, "Escaping").
 */

const SPECIALS = /[\\*~`$[\]<>{}|^]/g;

/** `:name:` becomes an emoji, and a custom one is a reference into the workspace. Clock times (`12:30:45`) are not names. */
const EMOJI_CODE = /:(?=(?=[\w+-]*[a-z+-]|100:|1234:)[\w+-]+:)/gi;

/** C0 and C1 controls except tab, newline and carriage return; byte order mark; noncharacters that some readers refuse. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/g;

/** What some readers take as the end of a line although JSON does not. */
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

const INVISIBLE = /[\s\u00ad\u180e\u200b-\u200f\u2060\ufeff]+/gu;

/**
 * Text of several lines without control characters and lone surrogates, every line ended by one newline.
 * Joiners and direction marks stay: emoji, Persian and Indic scripts need them.
 */
export function cleanLines(text: string): string {
  return text
    .replace(LINE_ENDS, '\n')
    .replace(UNPRINTABLE, '')
    .replace(/\p{Surrogate}/gu, '');
}

/** The same on one line: every run of spaces, tabs and newlines is one space. The ends are not trimmed. */
export function cleanLine(text: string): string {
  return cleanLines(text).replace(/[ \t\n]+/g, ' ');
}

/** False for text of which a reader would see nothing. */
export function isVisible(text: string): boolean {
  return text.replace(INVISIBLE, '') !== '';
}

/** Escapes what means something inside a line. Takes text that `cleanLine` has seen. */
export function escapeText(text: string): string {
  return text.replace(SPECIALS, '\\$&').replace(EMOJI_CODE, '\\:');
}

/**
 * Keeps a serialized line from being read as a block of another kind: `#`, `-`, `+`, `1.`, `1)`, rules, `:::`.
 * The other ways in which a block begins (`>`, a fence, `$$`, `![`, a tag) are specials, which `escapeText` has escaped.
 */
export function escapeLineStart(line: string): string {
  if (/^(#|:::|[-+](?=\s|$)|--|\+\+|_[_ ]*$|=+$)/.test(line)) return `\\${line}`;
  return line.replace(/^(\d+)(?=[.)](\s|$))/, '$1\\');
}

/** A heading may end in a row of `#` that CommonMark readers drop. */
export function escapeHeadingEnd(line: string): string {
  return line.replace(/(^|\s)(#+)$/, '$1\\$2');
}
