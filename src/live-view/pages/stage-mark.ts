import { html, type Html } from '../markup.js';
import type { Mark } from '../stages.js';

const WORDS: Record<Mark, string> = {
  waiting: 'Not started',
  active: 'In progress',
  done: 'Done',
  attention: 'Needs attention',
  failed: 'Failed',
};

/** A stage's state as a shape of its own, with the word for it; colour only repeats what both say. */
export function stageMark(mark: Mark): Html {
  return html`<span class="mark mark-${mark}">
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">${shape(mark)}</svg>
    <span class="unseen">${WORDS[mark]}: </span>
  </span>`;
}

function shape(mark: Mark): Html {
  switch (mark) {
    case 'waiting':
      return html`<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.75" />`;
    case 'active':
      return html`<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.75" />
        <path d="M10 2.5a7.5 7.5 0 0 1 0 15z" fill="currentColor" />`;
    case 'done':
      return html`<circle cx="10" cy="10" r="8.5" fill="currentColor" />
        <path d="M6 10.3l2.7 2.7L14 7.6" class="cut" fill="none" stroke-width="2" stroke-linecap="round" />`;
    case 'attention':
      return html`<path d="M10 1.8l8.6 15.4H1.4z" fill="currentColor" stroke="currentColor" stroke-linejoin="round" />
        <path d="M10 7.4v4.6M10 14.4v.2" class="cut" fill="none" stroke-width="1.9" stroke-linecap="round" />`;
    case 'failed':
      return html`<rect x="2" y="2" width="16" height="16" rx="3" fill="currentColor" />
        <path
          d="M6.7 6.7l6.6 6.6M13.3 6.7l-6.6 6.6"
          class="cut"
          fill="none"
          stroke-width="2"
          stroke-linecap="round"
        />`;
  }
}
