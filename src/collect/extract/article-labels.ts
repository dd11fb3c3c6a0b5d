/** Words over links to other pages of a site that no author writes about his own text. */
const OTHER_PAGES =
  '(?:also )?read(?: more| also| next)|more (?:from|on|in|news|stories|coverage)\\b.{0,40}|related (?:articles?|stories|story|news|posts?|content|coverage|topics?|products?|items?|reading)(?: (?:from|on|in) .{0,40})?|' +
  "see more|watch (?:now|more)|don['’]t miss|up next|you (?:may|might) (?:also )?(?:like|be interested in|enjoy)\\b.{0,20}|(?:customers|people) also (?:bought|viewed|liked)|" +
  'recommended(?: (?:for you|reading|stories|products))?|trending(?: now)?|popular(?: (?:posts|now|stories|products))?|most (?:read|popular)|latest (?:news|stories|posts)|top stories|join the conversation|' +
  'mehr zum thema|lesen sie auch|auch interessant|à lire aussi|lire aussi|sur le même sujet|lea también|te puede interesar|leia (?:também|mais)|veja também|leggi anche|lees ook|читайте также|関連記事|相关阅读|相关新闻';

/** Words that authors write over their sources as well. */
const OTHER_TEXTS = 'related(?: links?)?|more|read|watch';
/** Words for the text itself and its sources: only boxes that are named for it are taken out. */
const SOURCES = 'see also|also see|also';

const END = '\\s*(?:[:：|»›>→…!.]|$)';

/** A line that begins with, or is, a label for other pages of the site: "Most read", "You may also like:". */
export const OTHER_PAGES_LABEL = new RegExp(`^(?:${OTHER_PAGES})${END}`, 'i');

/** As that, or with a label that may be the author's: "Related: …". */
export const OTHER_TEXTS_LABEL = new RegExp(`^(?:${OTHER_PAGES}|${OTHER_TEXTS})${END}`, 'i');

/** What a box begins with that is named for what else there is to read. */
export const BOX_OF_OTHER_TEXTS = new RegExp(`^(?:${OTHER_PAGES}|${OTHER_TEXTS}|${SOURCES})(?![\\p{L}\\p{N}])`, 'iu');

/** What is set between paragraphs and is no part of them. */
export const INTERRUPTION =
  /^(?:advertise?ments?|adverts?|sponsored(?: content)?|anzeige|werbung|publicité|publicidad|pubblicità|reklama?|iklan|広告|广告|реклама|(?:story |article )?continues? (?:reading )?below(?: (?:this )?ad(?:vertisement)?)?|continue reading(?: (?:below|the main story))?|read full (?:story|article)|loading(?: content)?|this slideshow requires javascript)[\s.…:»›>→!]*$/i;

/** What leads nowhere where no script runs. */
export const DEAD_CONTROL =
  /^(?:(?:read|learn|show|load|see) more|back to top|(?:view |leave a |post a )?comments?)[\s.…:»›>→!]*$/i;

/** What buttons say: a line of its own is one when it is a link, or stands among others of the kind. */
export const CONTROL =
  /^(?:ads?|promoted|share(?: (?:this|on|via|with)\b.{0,40})?|tweet|print|e-?mail|close|caption|(?:view |leave a |post a )?comments?|subscribe(?: now)?|sign up|sign in|log ?in|back to top|top)[\s.…:»›>→!]*$/i;

/** © and a year, or the words that all rights are reserved. */
export const RIGHTS =
  /^(?:©|\(c\)|copyright\b).*(?:©|\(c\)|\b(?:19|20)\d\d\b)|^(?:©|.{0,40}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés))/i;

export const INVITATION =
  /\b(?:subscribe|sign up|newsletters?|follow (?:us|me|him|her|them|@?\w+) on|like us on|join (?:us|our)|get (?:the|our) .{0,30}\bapp|in your inbox|abonnieren|abonnez-vous|suscr[íi]b\w+|inscreva-se|iscriviti)\b/i;
