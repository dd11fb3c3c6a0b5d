import { jsonBytes } from './bytes.js';
import { escapeLineStart } from './escape.js';
import { chunks, lineTokens, type LineToken } from './line-tokens.js';

/** What a line begins with when it is more than a paragraph. */
const BLOCK_MARK = /^(?:> |#{1,4} |- (?:\[[ x]\] )?|\d+\. )/;

/** Bytes for the backslash that keeps a later part from beginning like a block. */
const GUARD_BYTES = 2;

/** Marks that are open at a place in a line. */
interface Marks {
  link: string | null;
  strike: boolean;
  stars: string;
}

const NO_MARKS: Marks = { link: null, strike: false, stars: '' };

/** Divides a line of code, which is literal, wherever it reaches `room` bytes. */
export function splitLiteral(line: string, room: number): string[] {
  if (jsonBytes(line) <= room) return [line];
  const parts: string[] = [];
  let used = Infinity;
  for (const piece of chunks(line, 256)) {
    const bytes = jsonBytes(piece);
    if (used + bytes > room) {
      parts.push('');
      used = 0;
    }
    parts[parts.length - 1] += piece;
    used += bytes;
  }
  return parts;
}

/**
 * Divides a serialized line into lines of at most `room` bytes, at spaces and breaks where there are any. Marks open at
 * a cut are closed before it and opened again after it. Later parts of a quote are quotes, of anything else paragraphs.
 */
export function splitLine(line: string, room: number): string[] {
  if (jsonBytes(line) <= room) return [line];
  const mark = BLOCK_MARK.exec(line)?.[0] ?? '';
  const again = mark === '> ' ? mark : '';
  const pieces = new Pieces(room - jsonBytes(mark) - GUARD_BYTES);
  for (const token of lineTokens(line.slice(mark.length))) pieces.add(token);
  return pieces
    .finish()
    .map((piece, index) => (index === 0 ? mark : again) + (index === 0 ? piece : escapeLineStart(piece)));
}

class Pieces {
  readonly #room: number;
  readonly #done: string[] = [];
  /** The piece being written, and its bytes. */
  #text = '';
  #bytes = 0;
  #marks = NO_MARKS;
  /** Opening marks that wait for something to stand in them, and the marks open after them. */
  #waiting = '';
  #next = NO_MARKS;
  /** The last place in `#text` where a cut is welcome. */
  #space: { at: number; after: number; marks: Marks } | null = null;

  constructor(room: number) {
    this.#room = room;
  }

  add(token: LineToken): void {
    const next = apply(token, this.#next);
    const opens = next !== this.#next && depth(next) > depth(this.#next);
    if (token.kind === 'text' || token.kind === 'space') this.#content(token.raw, token.kind === 'space');
    else if (opens) {
      this.#waiting += token.raw;
      this.#next = next;
    } else {
      this.#write(token.raw);
      this.#marks = this.#next = next;
    }
  }

  finish(): string[] {
    this.#cut();
    return this.#done;
  }

  #content(raw: string, isSpace: boolean): void {
    const closing = jsonBytes(closers(this.#next));
    if (this.#bytes + jsonBytes(this.#waiting + raw) + closing > this.#room) {
      if (this.#space !== null && !isSpace) this.#cutAtSpace(this.#space);
      else this.#cut();
    }
    const starts = this.#text === openers(this.#marks);
    if (isSpace && starts) return;
    if (isSpace) this.#space = { at: this.#text.length, after: this.#text.length + raw.length, marks: this.#marks };
    this.#write(this.#waiting + raw);
    this.#waiting = '';
    this.#marks = this.#next;
  }

  #write(raw: string): void {
    this.#text += raw;
    this.#bytes += jsonBytes(raw);
  }

  #cut(): void {
    const open = openers(this.#marks);
    if (this.#text !== open) this.#done.push(trimmedEnd(this.#text) + closers(this.#marks));
    this.#start(open);
  }

  #cutAtSpace({ at, after, marks }: { at: number; after: number; marks: Marks }): void {
    const rest = this.#text.slice(after);
    this.#done.push(trimmedEnd(this.#text.slice(0, at)) + closers(marks));
    this.#start(openers(marks) + rest);
  }

  #start(text: string): void {
    this.#text = text;
    this.#bytes = jsonBytes(text);
    this.#space = null;
  }
}

function apply(token: LineToken, marks: Marks): Marks {
  switch (token.kind) {
    case 'open':
      return { ...marks, link: token.url };
    case 'close':
      return { ...marks, link: null };
    case 'strike':
      return { ...marks, strike: !marks.strike };
    case 'stars':
      return { ...marks, stars: marks.stars === '' ? token.raw : '' };
    default:
      return marks;
  }
}

function depth(marks: Marks): number {
  return Number(marks.link !== null) + Number(marks.strike) + Number(marks.stars !== '');
}

function openers({ link, strike, stars }: Marks): string {
  return (link === null ? '' : '[') + (strike ? '~~' : '') + stars;
}

function closers({ link, strike, stars }: Marks): string {
  return stars + (strike ? '~~' : '') + (link === null ? '' : `](${link})`);
}

function trimmedEnd(text: string): string {
  // By hand: an expression for the end takes the square of the breaks before it.
  let end = text.length;
  while (text.endsWith('<br>', end)) end -= '<br>'.length;
  return text.slice(0, end).trimEnd();
}
