import { monthOf } from './date-words.js';

/** A day or a time in figures; a year alone says when only in few words. */
const IN_FIGURES =
  /\b\d{1,2}[/.]\d{1,2}[/.]\d{2}(?:\d\d)?\b|\b\d{4}-\d\d-\d\d|\b\d{1,2}:\d\d\b|\b\d+ (?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?) ago\b/i;
const YEAR = /\b(?:19|20)\d\d\b/;
const SHORT = 30;
/** The longest line of names and dates. */
const LONGEST = 120;
const SAYS_WHO = /^(?:by|von|par|por|di|door|written by|posted by|reviewed by|photo(?:graph)? by)\b(?!\s+\d)/i;
const SAYS_WHEN = /^(?:published|posted|updated|last (?:updated|modified)|first published)\b/i;
const READING_TIME = /^\d+ min(?:ute)?s? read$/i;
/** Words between names, dates and times. */
const BETWEEN = new Set(
  (
    'by on at and of for the in to from posted published updated last modified first written reviewed photo photograph am pm a m p ' +
    'min mins minute minutes hour hours day days week weeks month months year years ago read st nd rd th von van par por di de le el do da ' +
    'am um uhr à às y e et und door le il la'
  ).split(' '),
);
/** More ordinary words than this make a sentence; month and day names are ordinary words in many languages. */
const MAX_ORDINARY = 2;

/** Names, dates, times and the words between them, in one line: who wrote the text and when. */
export function isByline(text: string): boolean {
  if (READING_TIME.test(text)) return true;
  if (text.length > LONGEST || isSentence(text)) return false;
  if (IN_FIGURES.test(text) || (YEAR.test(text) && (namesMonth(text) || text.length <= SHORT))) return true;
  return (SAYS_WHO.test(text) || (SAYS_WHEN.test(text) && YEAR.test(text))) && text.length <= LONGEST / 2;
}

/** A month with a number beside it. */
function namesMonth(text: string): boolean {
  return [...text.matchAll(/(?:\d\S{0,2},? (?:de |of )?)(\p{L}{3,})|(\p{L}{3,})[.,]? \d/gu)].some(
    ([, after, before]) => monthOf(after ?? before ?? '', null) !== null,
  );
}

/** True for a line that says more than who and when. */
export function isSentence(text: string): boolean {
  const ordinary = text.match(/(?<![\p{L}\p{N}])\p{Ll}[\p{Ll}\p{M}]*(?![\p{L}])/gu) ?? [];
  if (ordinary.filter((word) => !BETWEEN.has(word) && monthOf(word, null) === null).length > MAX_ORDINARY) return true;
  return /[.!?:。！？]$/.test(text) && !/\b[ap]\.?m\.$/i.test(text);
}

const PICTURE_LABEL =
  /^\(?(photos?|pictures?|fotos?|crédits?|credits?|images?|bild(?:er)?)(?: (?:by|credits?|copyright|courtesy|von|de))?\s*[:©|]\s*(.{2,})/i;
const AGENCY = /©|\b(?:getty|ap|afp|epa|reuters|shutterstock|istock\w*|alamy|unsplash|wikimedia|flickr|nasa|esa)\b/i;

/** Whose picture it is, in a line of its own: a label and names, never a version, a file or a sentence. */
export function isPhotoCredit(text: string): boolean {
  if (/^image copyright\b|^©.{2,40}$/i.test(text)) return true;
  const [, label = '', names = ''] = PICTURE_LABEL.exec(text) ?? [];
  if (names === '' || isSentence(names.replace(/[.)\s]+$/, ''))) return false;
  return AGENCY.test(names) || (/^(?:p|f|c)/i.test(label) && /^\p{Lu}\P{N}*\s\p{Lu}\P{N}*$/u.test(names));
}
