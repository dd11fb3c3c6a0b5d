import { html, raw } from 'hono/html';
import type { Markup } from '../../markup.js';
import type { RichText } from '../block.js';

/** Inline content as HTML. Page text is hostile: links go to http, https and mailto only, everything else is escaped. */
export function inlineView(runs: readonly RichText[]): Markup {
  return html`${runs.map(runView)}`;
}

/** `url` as a link around `content`; where such a link must not be followed, `content` alone. */
export function safeLink(url: string, content: Markup | string): Markup {
  return isSafe(url, ['http:', 'https:', 'mailto:'])
    ? html`<a href="${url}" rel="noopener noreferrer nofollow">${content}</a>`
    : html`<span class="dead-link" title="Not a link to follow: ${url}">${content}</span>`;
}

/** Whether `url` is an absolute address with one of `protocols`. */
export function isSafe(url: string, protocols: readonly string[]): boolean {
  return URL.canParse(url) && protocols.includes(new URL(url).protocol);
}

function runView(run: RichText): Markup {
  const inner = decorated(run, contentView(run));
  return run.href === null || run.type === 'mention' ? inner : safeLink(run.href, inner);
}

function contentView(run: RichText): Markup {
  switch (run.type) {
    case 'text': {
      const lines = run.text.content.split('\n').map((line, index) => html`${index > 0 ? raw('<br>') : ''}${line}`);
      return html`${lines}`;
    }
    case 'equation':
      return html`<code class="tex" title="Equation">${run.equation.expression}</code>`;
    case 'mention': {
      const label = run.plain_text === '' ? (run.href ?? run.mention.type) : run.plain_text;
      return html`<span class="mention" title="Mention of a ${run.mention.type.replace('_', ' ')}">@${label}</span>`;
    }
  }
}

function decorated({ annotations }: RichText, content: Markup): Markup {
  let view = content;
  if (annotations.code) view = html`<code>${view}</code>`;
  if (annotations.bold) view = html`<strong>${view}</strong>`;
  if (annotations.italic) view = html`<em>${view}</em>`;
  if (annotations.strikethrough) view = html`<s>${view}</s>`;
  if (annotations.underline) view = html`<u>${view}</u>`;
  return annotations.color === 'default' ? view : html`<span class="c-${annotations.color}">${view}</span>`;
}
