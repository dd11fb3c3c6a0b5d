import type { Icon } from '../view-model.js';

const COLOURS: Record<Icon, string> = { working: '#17605b', attention: '#96590a', done: '#23703f', problem: '#a52a2a' };

const SHAPES: Record<Icon, string> = {
  working: '<path d="M7 10h11M7 16h7M7 22h11" stroke-width="3"/><path d="M21 12h5v8h-5z" fill="#fff" stroke="none"/>',
  attention: '<path d="M16 7v11M16 24.4v.2" stroke-width="4"/>',
  done: '<path d="M8 16.5l5.5 5.5L24 11" stroke-width="4"/>',
  problem: '<path d="M9.5 9.5l13 13M22.5 9.5l-13 13" stroke-width="4"/>',
};

/** The tab's icon: one shape and one colour for each state. */
export function favicon(icon: Icon): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${COLOURS[icon]}"/><g fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round">${SHAPES[icon]}</g></svg>`;
}
