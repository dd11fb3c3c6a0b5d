import type { RootContent } from 'mdast';
import { htmlTextLines } from './html.js';

/** A `<details>` element in markdown: raw HTML around blocks, or raw HTML only. */
export interface Details {
  summary: string;
  children: RootContent[];
  /** Index of its closing tag. */
  end: number;
}

const OPENING = /^\s*<details(?:\s[^<>]*)?>\s*/i;
const SUMMARY = /^<summary(?:\s[^<>]*)?>([^]*?)<\/summary>\s*/i;
const CLOSING = /^<\/details>\s*/i;
const NO_SUMMARY = 'Details';

/** Cuts raw HTML before and after the tags of `<details>`, so that each tag begins a node of its own. */
export function cutAtDetails(nodes: readonly RootContent[]): RootContent[] {
  return nodes.flatMap((node) => {
    if (node.type !== 'html' || !/<\/?details/i.test(node.value) || node.value.includes('<!--')) return [node];
    const parts = node.value.split(/(?=<details[\s>])|(?=<\/details>)|(?<=<\/details>)/i);
    return parts.filter((part) => part.trim() !== '').map((value) => ({ type: 'html' as const, value }));
  });
}

/**
 * Finds the simply formed ones: a tag that opens one and a sibling after it that closes it.
 * @param nodes as `cutAtDetails` gave them
 * @returns by the index of the opening sibling
 */
export function findDetails(nodes: readonly RootContent[]): Map<number, Details> {
  const found = new Map<number, Details>();
  const open: number[] = [];
  nodes.forEach((node, index) => {
    if (node.type !== 'html') return;
    if (OPENING.test(node.value)) open.push(index);
    else if (CLOSING.test(node.value)) {
      const start = open.pop();
      if (start !== undefined) found.set(start, read(nodes, start, index));
    }
  });
  return found;
}

function read(nodes: readonly RootContent[], start: number, end: number): Details {
  const opening = nodes[start];
  const source = opening?.type === 'html' ? opening.value.replace(OPENING, '') : '';
  const summary = SUMMARY.exec(source);
  const rest = summary === null ? source : source.slice(summary[0].length);
  const inOpening: RootContent[] = rest.trim() === '' ? [] : [{ type: 'html', value: rest }];
  return {
    summary: htmlTextLines(summary?.[1] ?? '').join(' ') || NO_SUMMARY,
    children: [...inOpening, ...nodes.slice(start + 1, end)],
    end,
  };
}
