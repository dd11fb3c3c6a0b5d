import type { html } from 'hono/html';

/** What the `html` template tag gives. */
export type Markup = ReturnType<typeof html>;

/**
 * The text of server-rendered markup.
 * @throws when a template was given a promise: our views are synchronous
 */
export function markupText(markup: Markup): string {
  if (markup instanceof Promise) throw new Error('A view was given a promise to render.');
  return markup.toString();
}
