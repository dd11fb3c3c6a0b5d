import type { Blockquote } from 'mdast';
import { cleanText } from './document.js';
import { toFlow, type Mixed } from './phrasing.js';

/** GitHub's five kinds of alerts and the words of documentation generators that mean them. */
const KINDS: readonly (readonly [kind: string, words: RegExp])[] = [
  ['CAUTION', /\b(?:caution|danger|error|failure|fail|bug|critical)\b/i],
  ['WARNING', /\b(?:warning|warn|attention|deprecated|versionremoved)\b/i],
  ['IMPORTANT', /\b(?:important|must)\b/i],
  ['TIP', /\b(?:tip|hint|success|check|best-practice|versionadded)\b/i],
  [
    'NOTE',
    /\b(?:note|info|information|seealso|abstract|summary|question|example|todo|default|versionchanged|topic)\b/i,
  ],
];

/** Class names of boxes that stand apart from the text, in the generators that are known. */
const CALLOUT =
  /(?:^|\s)(?:admonition(?:block)?|theme-admonition|custom-block|markdown-alert|(?:nextra-|bd-)?callout|starlight-aside|hint(?:-container)?|alert|notecard|confluence-information-macro)(?:\s|$)/;

const TITLE =
  '.admonition-title, .custom-block-title, .hint-container-title, .markdown-alert-title, .starlight-aside__title, .callout-title, .callout-heading, ' +
  '.callout-title-container, .alert-heading, .confluence-information-macro > .title, ' +
  '[class^="admonitionHeading"], [class*=" admonitionHeading"], td.icon .title';

/** True for an admonition: a note, a tip, a warning. DocBook names the kind alone. */
export function isCallout(element: Element, name: string): boolean {
  const className = element.getAttribute('class') ?? '';
  if (name === 'blockquote') return /(?:^|\s)callout(?:\s|$)/.test(className);
  if (name !== 'div' && name !== 'aside' && name !== 'section') return false;
  if (CALLOUT.test(className)) return true;
  if (element.getAttribute('role') === 'note') return true;
  return /^(?:note|tip|important|warning|caution)$/i.test(className.trim());
}

/** The title element of a callout, which its words should not repeat. */
export function calloutTitle(element: Element): Element | null {
  const named = element.querySelector(TITLE);
  if (named !== null) return named;
  const first = element.firstElementChild;
  if (first === null) return null;
  const isKind = first.localName === 'p' && isKindWord((first.textContent ?? '').trim().replace(/:$/, ''));
  return isKind || /^(?:h[1-6]|summary)$/.test(first.localName) ? first : null;
}

/** A GitHub alert; a title of its own comes first in bold. */
export function calloutQuote(element: Element, title: string | null, content: Mixed[]): Blockquote | null {
  const body = toFlow(content);
  const kind = kindOf(element, title);
  const words = cleanText(title)?.replace(/[:!]$/, '') ?? null;
  const own = words !== null && words.toUpperCase() !== kind && !isKindWord(words) ? words : null;
  if (body.length === 0 && own === null) return null;
  return {
    type: 'blockquote',
    children: [
      // Raw, because the brackets would be escaped in text.
      { type: 'paragraph', children: [{ type: 'html', value: `[!${kind}]` }] },
      ...(own === null
        ? []
        : [
            {
              type: 'paragraph' as const,
              children: [{ type: 'strong' as const, children: [{ type: 'text' as const, value: own }] }],
            },
          ]),
      ...body,
    ],
  };
}

function kindOf(element: Element, title: string | null): string {
  const classes = `${element.getAttribute('class') ?? ''} ${element.getAttribute('data-callout-type') ?? ''}`.replace(
    /[_]|--|-/g,
    ' ',
  );
  const named = KINDS.find(([, words]) => words.test(classes) && !/^\s*admonition\s*$/.test(classes));
  return (named ?? KINDS.find(([, words]) => words.test(title ?? '')))?.[0] ?? 'NOTE';
}

function isKindWord(words: string): boolean {
  return /^(?:note|tip|hint|info|information|important|warning|caution|danger|attention)$/i.test(words);
}
