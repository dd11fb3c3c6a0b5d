/** What stands before the text of a page whose author left out `<head>` and `<body>`. */
const METADATA = /^(?:title|meta|link|base|style|script|noscript|template)$/;

/**
 * Gives a parsed page the `<head>` and `<body>` that a browser would: the parser keeps a tree as it was written, and calls
 * an empty element the body where the author left the tags out or put something between them. Changes the tree.
 * The text for readers without frames stands for a page of frames.
 * @param document its root element is `<html>`
 */
export function completeTree(document: Document): void {
  if (isComplete(document)) return;
  const root = document.documentElement;
  const head: Node[] = [];
  const body: Node[] = [];
  const bodyElement = document.querySelector('body') ?? document.createElement('body');
  let isInBody = false;
  const sort = (node: Node): void => {
    const name = nameOf(node);
    if (name === 'html' || name === 'head' || name === 'body' || name === 'noframes') {
      if (name === 'html') copyAttributes(node as Element, root);
      if (name === 'body') {
        copyAttributes(node as Element, bodyElement);
        isInBody = true;
      }
      [...node.childNodes].forEach(sort);
      return;
    }
    if (!isInBody && (isBlank(node) || METADATA.test(name))) {
      head.push(node);
      return;
    }
    isInBody = true;
    body.push(node);
    if (name !== 'frameset') return;
    for (const other of (node as Element).querySelectorAll('noframes')) {
      other.remove();
      sort(other);
    }
  };
  [...document.childNodes].filter(({ nodeType }) => nodeType !== DOCTYPE).forEach(sort);
  const headElement = document.createElement('head');
  headElement.append(...head);
  bodyElement.replaceChildren(...body);
  root.replaceChildren(headElement, bodyElement);
  for (const node of [...document.childNodes]) if (node !== root && node.nodeType !== DOCTYPE) node.remove();
}

const DOCTYPE = 10;

function isComplete(document: Document): boolean {
  const [root, ...others] = document.children;
  const [head, body, ...late] = root?.children ?? [];
  return (
    others.length === 0 &&
    late.length === 0 &&
    nameOf(head) === 'head' &&
    nameOf(body) === 'body' &&
    [document, root, head].every((parent) => [...(parent?.childNodes ?? [])].every((node) => isBlank(node, true))) &&
    [...(head?.children ?? [])].every((element) => METADATA.test(element.localName))
  );
}

function nameOf(node: Node | undefined): string {
  return node?.nodeType === 1 ? (node as Element).localName : '';
}

/** True for comments and white space; for elements as `elements` says. */
function isBlank(node: Node, elements = false): boolean {
  if (node.nodeType === 3) return (node.textContent ?? '').trim() === '';
  return node.nodeType !== 1 || elements;
}

function copyAttributes(from: Element, to: Element): void {
  if (from === to) return;
  for (const { name, value } of [...from.attributes]) if (!to.hasAttribute(name)) to.setAttribute(name, value);
}
