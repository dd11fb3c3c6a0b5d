import type { BlockContent, DefinitionContent, Html, ListContent, PhrasingContent, RootContent } from 'mdast';

declare module 'mdast' {
  interface HtmlData {
    /** What a person reads of a piece of raw HTML. */
    words?: string;
  }
}

/** What a part of a page becomes: blocks and words in the order in which they stand. */
export type Mixed = RootContent;

const PHRASING = new Set([
  'text',
  'inlineCode',
  'strong',
  'emphasis',
  'delete',
  'link',
  'image',
  'break',
  'footnoteReference',
]);

/** True for content of a paragraph. */
export function isPhrasing(node: Mixed): node is Exclude<PhrasingContent, Html> {
  return PHRASING.has(node.type);
}

export function text(value: string): PhrasingContent {
  return { type: 'text', value };
}

/** Sets loose words into paragraphs; what holds nothing to read is left out. */
export function toFlow(nodes: Mixed[]): (BlockContent | DefinitionContent)[] {
  const flow: (BlockContent | DefinitionContent)[] = [];
  let run: PhrasingContent[] = [];
  const end = (): void => {
    const children = tidy(run);
    if (children.length > 0 && !isAge(children)) flow.push({ type: 'paragraph', children });
    run = [];
  };
  for (const node of nodes) {
    if (isPhrasing(node)) run.push(node);
    else {
      end();
      flow.push(node as BlockContent);
    }
  }
  end();
  return flow;
}

const AGE = /^(?:last |page )?(?:updated|modified|edited)(?: on)?:? .{0,30}\b(?:ago|just now|yesterday)\.?$/i;
const MAX_AGE_PARTS = 5;

/** "Last updated 3 days ago": it says another thing each day, so that the page would seem to have changed. */
function isAge(line: PhrasingContent[]): boolean {
  if (line.length > MAX_AGE_PARTS) return false;
  return AGE.test(line.map((node) => plain(node)).join(''));
}

function plain(node: PhrasingContent): string {
  if (node.type === 'text') return node.value;
  return isMarked(node) && node.children.length <= MAX_AGE_PARTS ? node.children.map(plain).join('') : '';
}

/** The words of any content on one line, as a heading or a table cell holds them. */
export function toPhrasing(nodes: Mixed[]): PhrasingContent[] {
  return tidy(nodes.flatMap(flatten));
}

function flatten(node: Mixed): PhrasingContent[] {
  if (node.type === 'break') return [text(' ')];
  if (isPhrasing(node)) return [isMarked(node) ? { ...node, children: node.children.flatMap(flatten) } : node];
  if (node.type === 'code') return [text(' '), { type: 'inlineCode', value: oneLine(node.value) }, text(' ')];
  if (node.type === 'listItem') return [text(' • '), ...node.children.flatMap(flatten), text(' ')];
  if (node.type === 'html') return [text(` ${node.data?.words ?? ''} `)];
  if (!('children' in node)) return [text(' ')];
  const children = node.children as (Mixed | ListContent)[];
  return [text(' '), ...children.flatMap(flatten), text(' ')];
}

function oneLine(code: string): string {
  const lines = code.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

type Marked = Extract<PhrasingContent, { type: 'strong' | 'emphasis' | 'delete' | 'link' }>;

/** Sets marks (bold, a link) around the words in `nodes`; blocks among them stay blocks, with the marks inside. */
export function mark(nodes: Mixed[], wrap: (children: PhrasingContent[]) => Marked): Mixed[] {
  const result: Mixed[] = [];
  let run: PhrasingContent[] = [];
  const end = (): void => {
    if (run.length > 0) result.push(wrap(run));
    run = [];
  };
  for (const node of nodes) {
    if (isPhrasing(node)) run.push(node);
    else {
      end();
      result.push(node.type === 'paragraph' ? { ...node, children: [wrap(node.children)] } : node);
    }
  }
  end();
  return result;
}

/**
 * A run of words as Markdown can hold it: white space collapsed across marks and trimmed at the ends and around line
 * breaks, spaces moved out of marks, equal marks side by side made one, empty ones left out.
 */
export function tidy(nodes: PhrasingContent[]): PhrasingContent[] {
  const joined = hoistAll(nodes);
  collapse(joined, { space: true });
  trimEnds(joined);
  return joined.filter((node) => !(node.type === 'text' && node.value === ''));
}

/** Moves spaces out of marks and joins neighbours, at every depth. */
function hoistAll(nodes: PhrasingContent[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  let endsInSpace = false;
  const push = (node: PhrasingContent): void => {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text') {
      // A run of spaces that many nodes make together would take the square of its length below.
      const value = endsInSpace ? node.value.replace(/^ +/, '') : node.value;
      if (value === '') return;
      result[result.length - 1] = text(last.value + value);
    }
    // Two in a row would be read as one with signs in it.
    else if (node.type === 'inlineCode' && last?.type === 'inlineCode') last.value += node.value;
    else if (last !== undefined && isSameMark(last, node)) append(last.children, (node as typeof last).children);
    else result.push(node);
    endsInSpace = node.type === 'text' && node.value.endsWith(' ');
  };
  for (const node of nodes) {
    if (!isMarked(node)) {
      if (node.type !== 'text' || node.value !== '') push(node.type === 'inlineCode' ? { ...node } : node);
      continue;
    }
    const { before, words, after } = setApart(hoistAll(node.children));
    before.forEach(push);
    if (words.length > 0) push({ ...node, children: words });
    after.forEach(push);
  }
  return result;
}

/** One by one: a call takes some hundred thousand arguments and no more. */
function append(to: PhrasingContent[], more: PhrasingContent[]): void {
  for (const node of more) to.push(node);
}

/** Marks begin and end with words: spaces and line breaks at their ends stand before and after them. */
function setApart(nodes: PhrasingContent[]): Record<'before' | 'words' | 'after', PhrasingContent[]> {
  const first = nodes.findIndex((node) => !isSpace(node));
  if (first === -1) return { before: nodes, words: [], after: [] };
  const end = nodes.findLastIndex((node) => !isSpace(node)) + 1;
  const [before, words, after] = [nodes.slice(0, first), nodes.slice(first, end), nodes.slice(end)];
  const [head, tail] = [words[0], words.at(-1)];
  if (head?.type === 'text' && head.value.startsWith(' ')) before.push(text(' '));
  if (tail?.type === 'text' && tail.value.endsWith(' ')) after.unshift(text(' '));
  if (head?.type === 'text') words[0] = text(head.value.replace(/^ +/, ''));
  const last = words.at(-1);
  if (last?.type === 'text') words[words.length - 1] = text(last.value.replace(/ +$/, ''));
  return { before, words, after };
}

function isSpace(node: PhrasingContent): boolean {
  return node.type === 'break' || (node.type === 'text' && node.value.trim() === '');
}

function isMarked(node: PhrasingContent): node is Marked {
  return node.type === 'strong' || node.type === 'emphasis' || node.type === 'delete' || node.type === 'link';
}

function isSameMark(a: PhrasingContent, b: PhrasingContent): a is Marked {
  return a.type === b.type && isMarked(a) && a.type !== 'link';
}

/** `space`: what stands before ends in white space, or nothing stands before. */
function collapse(nodes: PhrasingContent[], state: { space: boolean }): void {
  for (const node of nodes) {
    if (node.type === 'text') {
      node.value = node.value.replace(/ {2,}/g, ' ');
      if (state.space) node.value = node.value.replace(/^ /, '');
      if (node.value !== '') state.space = node.value.endsWith(' ');
    } else if (node.type === 'break') state.space = true;
    else if (isMarked(node)) collapse(node.children, state);
    else state.space = false;
  }
}

function trimEnds(nodes: PhrasingContent[]): void {
  // A break at the end of a paragraph breaks nothing.
  while (nodes.length > 0) {
    const last = nodes.at(-1);
    if (last?.type === 'text') last.value = last.value.replace(/ +$/, '');
    if (last?.type === 'break' || (last?.type === 'text' && last.value === '')) nodes.pop();
    else break;
  }
  const start = nodes.findIndex(({ type }) => type !== 'break');
  if (start > 0) nodes.splice(0, start);
  nodes.forEach((node, index) => {
    const before = nodes[index - 1];
    if (node.type === 'break' && before?.type === 'text') before.value = before.value.replace(/ +$/, '');
  });
}
