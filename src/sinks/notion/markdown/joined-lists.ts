import type { List, ListItem, RootContent } from 'mdast';

/** After these a list is a new one; HTML may open or close a toggle. */
const CLOSING: ReadonlySet<string> = new Set(['heading', 'thematicBreak', 'html']);

/** What may stand between two steps and belong to the first: more would hardly be one step. */
const MAX_BETWEEN = 10;

/**
 * Steps with code or words between them that are not indented are several lists to Markdown, the second of which starts at 2.
 * Notion counts each list from 1, so that what stands between becomes part of the step before it, and the list one.
 * @returns the same nodes where there is nothing to join
 */
export function withJoinedLists(nodes: readonly RootContent[]): readonly RootContent[] {
  if (!nodes.some((node) => node.type === 'list' && node.ordered && (node.start ?? 1) > 1)) return nodes;
  const joined: RootContent[] = [];
  /** Where the list is that may go on. */
  let open = -1;
  for (const node of nodes) {
    const list = joined[open];
    if (isOrdered(node)) {
      if (list !== undefined && isOrdered(list) && node.start === (list.start ?? 1) + list.children.length) {
        joined.splice(open, Infinity, continued(list, joined.slice(open + 1), node));
        continue;
      }
      open = joined.length;
    } else if (CLOSING.has(node.type) || joined.length - open > MAX_BETWEEN) open = -1;
    joined.push(node);
  }
  return joined;
}

function isOrdered(node: RootContent): node is List {
  return node.type === 'list' && node.ordered === true;
}

function continued(list: List, between: readonly RootContent[], next: List): List {
  const [last, ...before] = list.children.toReversed();
  if (last === undefined) return next;
  // Whatever is a block of a document may be one of an item.
  const step: ListItem = { ...last, children: [...last.children, ...(between as ListItem['children'])] };
  return { ...list, children: [...before.toReversed(), step, ...next.children] };
}
