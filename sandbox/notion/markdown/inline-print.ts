import { PLAIN, type Annotations, type Mention, type RichText } from '../block.js';
import { printColor } from './scan.js';

/** Puts a backslash before each character that Notion's markdown gives a meaning to; a newline becomes `<br>`. */
export function escapeText(text: string): string {
  return text.replace(/[\\*~`$[\]<>{}|^]/g, '\\$&').replaceAll('\n', '<br>');
}

/** An attribute's value: no quotes and no angle brackets, which the grammar cannot write. */
export function attributeValue(value: string): string {
  return value.replaceAll('"', '%22').replaceAll('<', '%3C').replaceAll('>', '%3E');
}

/**
 * Writes inline content on one line. Neighbours with the same link or the same formatting share their marks.
 * @returns a line that `parseInline` reads back as the same runs, and that never begins like a block
 */
export function printInline(runs: readonly RichText[]): string {
  const links = group(runs, (run) => linkOf(run) ?? '');
  const printed = links.map((linked, index) => {
    const [first] = linked;
    const url = first === undefined ? null : linkOf(first);
    const line = group(linked, ({ annotations }) => JSON.stringify({ ...annotations, code: false }))
      .map((alike) => decorate(alike[0]?.annotations ?? PLAIN, alike.map(printRun).join('')))
      .join('');
    if (url !== null) return `[${line}](${printUrl(url)})`;
    // An exclamation mark right before a link would make an image of it.
    return links[index + 1] !== undefined && line.endsWith('!') ? `${line.slice(0, -1)}\\!` : line;
  });
  return guardStart(printed.join(''));
}

/** Cuts where `key` changes. */
function group(runs: readonly RichText[], key: (run: RichText) => string): RichText[][] {
  const groups: RichText[][] = [];
  let last: string | null = null;
  for (const run of runs) {
    const current = key(run);
    if (current === last) groups.at(-1)?.push(run);
    else groups.push([run]);
    last = current;
  }
  return groups;
}

/** A mention leads to its own address, which is no link. */
function linkOf(run: RichText): string | null {
  return run.type === 'mention' ? null : run.href;
}

function printRun(run: RichText): string {
  switch (run.type) {
    case 'text':
      if (!run.annotations.code) return escapeText(run.text.content);
      return run.text.content.split('\n').map(codeSpan).join('<br>');
    case 'equation':
      return `$${run.equation.expression.replace(/(?<!\\)\$/g, '\\$')}$`;
    case 'mention':
      return printMention(run.mention, run.plain_text);
  }
}

function decorate({ bold, italic, strikethrough, underline, color }: Annotations, content: string): string {
  const stars = '*'.repeat((bold ? 2 : 0) + (italic ? 1 : 0));
  const tildes = strikethrough ? '~~' : '';
  const marked = tildes + stars + content + stars + tildes;
  if (!underline && color === 'default') return marked;
  const attributes =
    (underline ? ' underline="true"' : '') + (color === 'default' ? '' : ` color="${printColor(color)}"`);
  return `<span${attributes}>${marked}</span>`;
}

function codeSpan(content: string): string {
  if (content === '') return '';
  const runs = new Set([...content.matchAll(/`+/g)].map(([run]) => run.length));
  let ticks = 1;
  while (runs.has(ticks)) ticks++;
  const fence = '`'.repeat(ticks);
  const touches = content.startsWith('`') || content.endsWith('`');
  const padded = content.startsWith(' ') && content.endsWith(' ') && content.trim() !== '';
  return touches || padded ? `${fence} ${content} ${fence}` : fence + content + fence;
}

function printMention(mention: Mention, label: string): string {
  if (mention.type === 'date') {
    const { start, end, start_time: startTime, time_zone: timeZone } = mention;
    const attributes = Object.entries({ start, end, startTime, timeZone })
      .flatMap(([name, value]) => (value === null ? [] : [` ${name}="${attributeValue(value)}"`]))
      .join('');
    return `<mention-date${attributes}/>`;
  }
  const name = `mention-${mention.type.replace('_', '-')}`;
  const open = `<${name} url="${attributeValue(mention.url)}"`;
  return label === '' ? `${open}/>` : `${open}>${escapeText(label)}</${name}>`;
}

/** A link's or image's address between parentheses: white space, parentheses and angle brackets percent-encoded. */
export function printUrl(url: string): string {
  return url
    .replace(/[\s<>]/g, encodeURIComponent)
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
    .replaceAll('\\', '\\\\');
}

/** A line that would begin like a block, or with white space, gets a backslash there. */
function guardStart(line: string): string {
  return line.replace(/^(?=[-#\s])/, '\\').replace(/^(\d+)(?=\.)/, '$1\\');
}
