/** Text in pieces shorter than this is a label unless a list, a table or code holds it, characters. */
const MIN_PIECE = 40;

const HOLDS_SHORT_PIECES = /^(?:li|td|th|pre|dd)$/;

/** How many characters of an element a reader reads on and on: outside links, and more than a label at a time. */
export function proseLength(element: Element): number {
  return measure(element, HOLDS_SHORT_PIECES.test(element.localName));
}

function measure(node: Node, countsAll: boolean): number {
  let length = 0;
  for (const child of node.childNodes) {
    if (child.nodeType === 3) {
      const own = (child.nodeValue ?? '').trim().length;
      if (countsAll || own >= MIN_PIECE) length += own;
    } else if (child.nodeType === 1) {
      const name = (child as Element).localName;
      if (name !== 'a') length += measure(child, countsAll || HOLDS_SHORT_PIECES.test(name));
    }
  }
  return length;
}
