import { html as honoHtml } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { clock } from '../numbers.js';
import type { Sentence } from './text.js';

/** Markup that was escaped when it was made; it can be put into other markup as it is. */
export type Html = HtmlEscapedString;

/** Hono's auto-escaping template, for values that are all there already. Everything interpolated is escaped. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  const markup = honoHtml(strings, ...values);
  if (markup instanceof Promise) throw new TypeError('A page template was given a promise.');
  return markup;
}

/** A message of the run, in which names of fields and commands stand between backticks. */
export function message(text: string): Html[] {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

/** A sentence with its strong words and count-downs. */
export function sentence(parts: Sentence): Html[] {
  return parts.map((part) => {
    if (typeof part === 'string') return html`${part}`;
    if ('strong' in part) return html`<strong><bdi>${part.strong}</bdi></strong>`;
    return html`<span class="clock" data-seconds="${part.secondsLeft}">${clock(part.secondsLeft)}</span>`;
  });
}
