/**
 * React sends what a page waited for behind the page, in hidden boxes (`S:0`), with a call of `$RC` or `$RS` for each that says
 * which place (`B:0`, `P:0`) it belongs to.
 */
const CALL = /\$R[CRS]\("([BPS]:[\da-f]+)","([BPS]:[\da-f]+)"/g;

/** Marks around what stands in a place meanwhile: `<!--$?-->` … `<!--/$-->`. */
const BEGIN = /^[$&][?!~]?$/;
const END = /^\/[$&]$/;

/** Puts those boxes where a browser would, in place of what is shown while they load. Changes the tree. */
export function placeStreamedParts(document: Document): void {
  const parts = [...document.querySelectorAll('[hidden][id]')].filter(({ id }) => id.startsWith('S:'));
  if (parts.length === 0) return;
  const places = calledPlaces(document);
  const byId = new Map([...document.querySelectorAll('template[id]')].map((place) => [place.id, place]));
  for (const part of parts) {
    const number = part.id.slice(2);
    const names = [places.get(part.id), `B:${number}`, `P:${number}`].filter((name) => name !== undefined);
    const place = names.map((name) => byId.get(name)).find((found) => found !== undefined);
    if (place === undefined || part.contains(place)) continue;
    if (place.id.startsWith('B:')) removeMeanwhile(place);
    place.replaceWith(...part.childNodes);
    part.remove();
  }
}

/** Part → place, as the scripts of the page name them. */
function calledPlaces(document: Document): Map<string, string> {
  const places = new Map<string, string>();
  for (const script of document.querySelectorAll('script')) {
    for (const [, one = '', other = ''] of (script.textContent ?? '').matchAll(CALL)) {
      const [part, place] = one.startsWith('S:') && !other.startsWith('S:') ? [one, other] : [other, one];
      places.set(part, place);
    }
  }
  return places;
}

/** Without an end mark nothing says how far it goes, and all of it stays. */
function removeMeanwhile(place: Element): void {
  const meanwhile: ChildNode[] = [];
  let depth = 0;
  for (let node = place.nextSibling; node !== null; node = node.nextSibling) {
    const mark = node.nodeType === 8 ? (node.nodeValue ?? '') : '';
    if (END.test(mark) && depth === 0) {
      for (const old of meanwhile) old.remove();
      return;
    }
    if (END.test(mark)) depth -= 1;
    if (BEGIN.test(mark)) depth += 1;
    meanwhile.push(node);
  }
}
