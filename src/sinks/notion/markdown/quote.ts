import type { Blockquote, BlockContent, DefinitionContent, Paragraph } from 'mdast';

/** https://docs.github.com/en/get-started/writing-on-github — the five kinds, their names and our icons. */
const ALERTS = {
  NOTE: ['ℹ️', 'Note'],
  TIP: ['💡', 'Tip'],
  IMPORTANT: ['❗', 'Important'],
  WARNING: ['⚠️', 'Warning'],
  CAUTION: ['🛑', 'Caution'],
} as const;

export interface Alert {
  icon: string;
  title: string;
  children: (BlockContent | DefinitionContent)[];
}

/** @returns the alert that a quote is (`> [!NOTE]` on a line of its own, then text), or `null` */
export function alertOf(node: Blockquote): Alert | null {
  const [first, ...rest] = node.children;
  const start = first?.type === 'paragraph' ? first.children[0] : undefined;
  if (first?.type !== 'paragraph' || start?.type !== 'text') return null;
  const match = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(\n|$)/i.exec(start.value);
  const onlyMark = start.value.length === match?.[0].length;
  if (match?.[1] === undefined || (match[2] === '' && first.children.length > 1)) return null;
  const [icon, title] = ALERTS[match[1].toUpperCase() as keyof typeof ALERTS];
  const text = onlyMark ? [] : [{ ...start, value: start.value.slice(match[0].length) }];
  const body: Paragraph = { ...first, children: [...text, ...first.children.slice(1)] };
  return { icon, title, children: body.children.length === 0 ? rest : [body, ...rest] };
}
