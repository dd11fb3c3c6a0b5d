import type { Code } from 'mdast';
import { codeLanguage } from './code-language.js';

/** Parts of a code block that are no code: "copy", prompts that cannot be copied, tooltips. */
const NOT_CODE = /(?:^|[\s-])(?:copy(?:btn|-button)?|ttc)(?:$|\s)/i;
/** Numbers and fold signs, as long as they hold no words: the code itself may be said to have "line-numbers". */
const NUMBERS =
  /(?:^|[\s-])(?:linenos?|line-?numbers?(?:-rows)?|ln-num(?:bers)?|gutter|lineno)(?:$|\s)|(?:^|\s)lnt?(?:$|\s)/i;

/** A `<pre>`, or what stands in for one, as a code block with its language; `null` when it is empty. */
export function codeBlock(block: Element): Code | null {
  const value = codeText(block)
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  return value === '' ? null : { type: 'code', lang: codeLanguage(block), value };
}

/** The text of a code block: `<br>` and block elements, which some highlighters put around each line, end a line. */
export function codeText(node: Node): string {
  let text = '';
  for (const child of node.childNodes) {
    if (child.nodeType === 3) text += child.textContent ?? '';
    if (child.nodeType !== 1) continue;
    const element = child as Element;
    const name = element.localName;
    if (isNotCode(element, name)) continue;
    if (name === 'br') text += '\n';
    else if (/^(?:div|li|p|tr)$/.test(name)) {
      if (text !== '' && !text.endsWith('\n')) text += '\n';
      const line = codeText(element);
      text += line.endsWith('\n') ? line : `${line}\n`;
    } else text += codeText(element);
  }
  return text;
}

function isNotCode(element: Element, name: string): boolean {
  if (name === 'button' || name === 'script' || name === 'style') return true;
  const className = element.getAttribute('class');
  if (className === null || name === 'code') return false;
  return NOT_CODE.test(className) || (NUMBERS.test(className) && !/\p{L}/u.test(element.textContent ?? ''));
}
