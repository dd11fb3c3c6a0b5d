import type { Nodes, Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** What a page holds besides running text: the words of each heading, data table and code block. */
export interface Parts {
  headings: string[];
  tables: string[];
  code: string[];
}

const KINDS = { headings: 'heading', tables: 'table', code: 'code' } as const;
export type PartKind = keyof typeof KINDS;
export const PART_KINDS = Object.keys(KINDS) as PartKind[];

/** Of the parts that a page has, those that its Markdown has as a part of the same kind with the same words. */
export function keptParts(markdown: string, wanted: Parts): Record<PartKind, { kept: number; lost: string[] }> {
  const tree: Root = unified().use(remarkParse).use(remarkGfm).parse(markdown);
  const found = (kind: PartKind): string[] => nodes(tree, KINDS[kind]).map((node) => plain(wordsOf(node)));
  return Object.fromEntries(
    PART_KINDS.map((kind) => {
      const left = found(kind);
      const lost = wanted[kind].filter((words) => {
        const at = left.indexOf(plain(words));
        if (at !== -1) left.splice(at, 1);
        return at === -1;
      });
      return [kind, { kept: wanted[kind].length - lost.length, lost }];
    }),
  ) as Record<PartKind, { kept: number; lost: string[] }>;
}

function nodes(node: Nodes, type: string): Nodes[] {
  if (node.type === type) return [node];
  return 'children' in node ? node.children.flatMap((child) => nodes(child, type)) : [];
}

function wordsOf(node: Nodes): string {
  if ('value' in node) return node.value;
  if (node.type === 'footnoteReference') return node.identifier;
  if (!('children' in node)) return '';
  const isRow = node.type === 'tableRow' || node.type === 'table';
  return node.children.map((child) => wordsOf(child)).join(isRow ? ' ' : '');
}

/** Letters and digits: spaces and signs are written in more than one way. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '');
}
