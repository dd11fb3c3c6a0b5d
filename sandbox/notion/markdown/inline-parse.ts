import { PLAIN, type Annotations, type RichText } from '../block.js';
import { tokenize, type Flag, type Token } from './inline-tokens.js';

/**
 * Reads the inline content of one block: marks that have a partner become formatting, the others are text.
 * @param source one line without its block marks and attributes
 */
export function parseInline(source: string): RichText[] {
  const tokens = tokenize(source);
  return assemble(tokens, pair(tokens));
}

/** Index of the partner of each mark that has one. */
function pair(tokens: readonly Token[]): Map<number, number> {
  const partners = new Map<number, number>();
  const join = (open: number, close: number): void => {
    partners.set(open, close);
    partners.set(close, open);
  };
  const toggles: Partial<Record<Flag, number>> = {};
  const brackets: number[] = [];
  const spans: number[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === 'toggle') {
      const open = toggles[token.flag];
      if (open === undefined) toggles[token.flag] = index;
      else {
        join(open, index);
        delete toggles[token.flag];
      }
    } else if (token.kind === 'open') brackets.push(index);
    else if (token.kind === 'close') {
      const open = brackets.pop();
      if (open !== undefined && token.url !== null) join(open, index);
    } else if (token.kind === 'span') spans.push(index);
    else if (token.kind === 'span-end') {
      const open = spans.pop();
      if (open !== undefined) join(open, index);
    }
  });
  return partners;
}

function assemble(tokens: readonly Token[], partners: ReadonlyMap<number, number>): RichText[] {
  const runs: RichText[] = [];
  const flags = { bold: false, italic: false, strikethrough: false };
  const links: string[] = [];
  const spans: Pick<Annotations, 'underline' | 'color'>[] = [{ underline: false, color: 'default' }];

  const base = () => ({ annotations: { ...PLAIN, ...flags, ...spans.at(-1) }, href: links.at(-1) ?? null });
  const addText = (content: string, code = false, link = links.at(-1) ?? null): void => {
    const annotations = { ...base().annotations, code };
    const last = runs.at(-1);
    if (last?.type === 'text' && last.href === link && sameAnnotations(last.annotations, annotations)) {
      last.text.content += content;
      last.plain_text += content;
    } else if (content !== '') {
      const text = { content, link: link === null ? null : { url: link } };
      runs.push({ type: 'text', text, annotations, plain_text: content, href: link });
    }
  };

  tokens.forEach((token, index) => {
    const partner = partners.get(index);
    switch (token.kind) {
      case 'text':
        return addText(token.content);
      case 'code':
        return addText(token.content, true);
      case 'citation':
        return addText(token.target, false, URL.canParse(token.target) ? token.target : (links.at(-1) ?? null));
      case 'equation': {
        const { expression } = token;
        return void runs.push({ type: 'equation', equation: { expression }, plain_text: expression, ...base() });
      }
      case 'mention': {
        const href = token.mention.type === 'date' ? null : token.mention.url;
        return void runs.push({ type: 'mention', mention: token.mention, plain_text: token.label, ...base(), href });
      }
      case 'toggle':
        if (partner === undefined) return addText(token.source);
        flags[token.flag] = partner > index;
        return;
      case 'open': {
        const close = partner === undefined ? undefined : tokens[partner];
        if (close?.kind !== 'close' || close.url === null) return addText(token.source);
        return void links.push(close.url);
      }
      case 'close':
        if (partner === undefined) return addText(token.source);
        return void links.pop();
      case 'span': {
        if (partner === undefined) return addText(token.source);
        const outer = spans.at(-1);
        return void spans.push({
          underline: token.underline || (outer?.underline ?? false),
          color: token.color === 'default' ? (outer?.color ?? 'default') : token.color,
        });
      }
      case 'span-end':
        if (partner === undefined) return addText(token.source);
        return void spans.pop();
    }
  });
  return runs;
}

function sameAnnotations(a: Annotations, b: Annotations): boolean {
  return (Object.keys(PLAIN) as (keyof Annotations)[]).every((key) => a[key] === b[key]);
}
