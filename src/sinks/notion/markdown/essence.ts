import { isWord, lastPoint } from './characters.js';

/** In this order: an escape, code, stars, tildes, the end of a link, a tag, space, text. */
const TOKENS = /\\(.)|(`+)|(\*+)|(~+)|\]\(((?:\\.|[^()\s\\])*)\)|<([^<>]*)>|\s+|[^\\`*~\][<\s]+|./gsu;
const CODE_TOKENS = /`+|\s+|[^`\s]+/g;

const LIST_MARK = /^(?:- \[([ xX])\]|-|\d+\.|>)(?=\s|$)/;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

const FORMAT = { italic: 1, bold: 2, strike: 4, code: 8 } as const;

/**
 * What a body in Notion's markdown says, in one spelling: its text, how each character is formatted, where links and images
 * lead, and its tags. The spellings that Notion is known to change (grammar v1, and what is read differs from what was
 * sent) fall together: escapes, space, indentation, the order and the splitting of marks, numbers of list items, languages
 * of code, attributes that are off, empty lines. Everything else makes a difference. Linear in the length of the body.
 */
export function essence(markdown: string): string {
  const writer = new EssenceWriter();
  let fence: string | null = null;
  for (const raw of markdown.replace(INVISIBLE, '').split('\n')) {
    const line = raw.trim();
    if (fence !== null) {
      if (line === fence) {
        fence = null;
        writer.tag('/code');
      } else writer.literal(line);
      continue;
    }
    fence = /^(`{3,})[^`]*$/.exec(line)?.[1] ?? null;
    if (fence === null) writer.line(line);
    else writer.tag('code');
  }
  return writer.text;
}

class EssenceWriter {
  text = '';
  #format = 0;
  #written = 0;
  #space = false;
  #newline = false;
  #afterWord = false;
  #afterTag = true;

  /** A line of code between fences. */
  literal(line: string): void {
    for (const [token] of line.matchAll(CODE_TOKENS)) this.#put(token);
    this.#end();
  }

  line(line: string): void {
    const mark = LIST_MARK.exec(line);
    if (mark !== null) {
      const box = mark[1] === undefined ? '' : `[${mark[1].toLowerCase()}]`;
      this.#put(/^\d/.test(mark[0]) ? '1.' : mark[0].startsWith('>') ? '>' : `-${box}`);
    }
    this.#inline(line.slice(mark?.[0].length ?? 0));
    this.#end();
  }

  #inline(source: string): void {
    let code: string | null = null;
    for (let at = 0; at < source.length;) {
      const tokens: RegExp = code === null ? TOKENS : CODE_TOKENS;
      tokens.lastIndex = at;
      const match = tokens.exec(source);
      if (match === null) return;
      at = tokens.lastIndex;
      const [token, first, second, stars, tildes, target, tag] = match;
      if (code !== null) {
        if (token === code) [code, this.#format] = [null, this.#format & ~FORMAT.code];
        else this.#put(token);
      } else if (first !== undefined) this.#put(first);
      else if (second !== undefined) [code, this.#format] = [second, this.#format | FORMAT.code];
      else if (stars !== undefined) this.#stars(stars.length);
      else if (tildes !== undefined) this.#toggle(Math.ceil(tildes.length / 2) % 2 === 1 ? FORMAT.strike : 0);
      else if (target !== undefined) this.text += `\u0001${address(target)}\u0001`;
      else if (tag !== undefined) this.tag(tag);
      else if (token !== '[' && token !== ']') this.#put(token);
    }
  }

  /** `***` is both at once; longer runs are read three by three. */
  #stars(length: number): void {
    for (let left = length; left > 0; left -= 3) {
      if (left >= 2) this.#toggle(FORMAT.bold);
      if (left !== 2) this.#toggle(FORMAT.italic);
    }
  }

  #toggle(format: number): void {
    this.#format ^= format;
  }

  /** Space counts between words only. */
  #put(token: string): void {
    if (token.trim() === '') {
      this.#space = true;
      return;
    }
    if (this.#newline && !this.#afterTag) this.text += '\n';
    else if (this.#space && this.#afterWord && isWord(token)) this.text += ' ';
    if (this.#format !== this.#written) {
      this.text += `\u0002${this.#format}`;
      this.#written = this.#format;
    }
    this.text += token;
    [this.#space, this.#newline, this.#afterTag] = [false, false, false];
    this.#afterWord = isWord(lastPoint(token));
  }

  /** Lines around tags are Notion's. Empty lines say nothing. */
  tag(source: string): void {
    const open = source.replace(/\s[\w-]+="false"/g, '').trimEnd();
    const tag = open.endsWith('/') ? open.slice(0, -1).trimEnd() : open;
    if (tag === 'empty-block') return;
    this.text += `<${tag}>`;
    [this.#space, this.#afterWord, this.#afterTag] = [false, false, true];
  }

  #end(): void {
    this.#newline = true;
    this.#format = 0;
    this.#space = false;
  }
}

/** One spelling of a link's address: Notion may encode other characters of it, or end a bare host with a slash. */
function address(target: string): string {
  const plain = target.replace(/\\(.)/g, '$1');
  const href = URL.canParse(plain) ? new URL(plain).href : plain;
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
