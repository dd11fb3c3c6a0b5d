import { codeText } from './code.js';
import { cleanText, webUrl } from './document.js';

/** Players of other sites, and the page of what they play; `$1` is what stands in the player's address. */
const PLAYERS: readonly (readonly [player: RegExp, page: string, name: string])[] = [
  [/^https:\/\/(?:www\.)?youtube(?:-nocookie)?\.com\/embed\/([\w-]+)/, 'https://www.youtube.com/watch?v=$1', 'Video'],
  [/^https:\/\/player\.vimeo\.com\/video\/(\d+)/, 'https://vimeo.com/$1', 'Video'],
  [/^https:\/\/(?:www\.)?dailymotion\.com\/embed\/video\/(\w+)/, 'https://www.dailymotion.com/video/$1', 'Video'],
  [/^https:\/\/(?:www\.)?loom\.com\/embed\/(\w+)/, 'https://www.loom.com/share/$1', 'Video'],
  [/^https:\/\/embed\.ted\.com\/talks\/(\w+)/, 'https://www.ted.com/talks/$1', 'Video'],
  [/^https:\/\/open\.spotify\.com\/embed\/(\w+\/\w+)/, 'https://open.spotify.com/$1', 'Audio'],
  [/^https:\/\/codepen\.io\/([\w-]+)\/embed(?:\/preview)?\/(\w+)/, 'https://codepen.io/$1/pen/$2', 'Example'],
  [/^https:\/\/codesandbox\.io\/embed\/([\w-]+)/, 'https://codesandbox.io/s/$1', 'Example'],
];
/** Where the address of a player stands until it is in sight. */
const ADDRESSES = ['src', 'data-src', 'data-lazy-src'];
/** Titles that players give themselves. */
const NO_TITLE = /^(?:(?:youtube |vimeo |embedded )?(?:video|audio|media)(?: player)?|embed(?:ded content)?|iframe)$/i;
const FILE = /\.(?:pdf|zip|docx?|xlsx?|pptx?|odt|ods|csv|epub|mobi)(?:$|[?#])/i;

/**
 * Rewrites what a page sets in, before it is cleaned and read: players become links to what they play, numbered lines of code
 * in a table (gists) a code block, and a link to a file that stands alone in a box a paragraph. Changes the tree.
 */
export function settleEmbeds(document: Document, baseUrl: string): void {
  const gists = new Set<Element>();
  for (const element of document.body.querySelectorAll('iframe, video, audio, td.blob-code, a[href]')) {
    const name = element.localName;
    if (name === 'a') settleDownload(element);
    else if (name !== 'td') settlePlayer(element, baseUrl);
    else {
      const table = element.closest('table');
      if (table !== null) gists.add(table);
    }
  }
  for (const table of gists) settleGist(table);
}

function settlePlayer(player: Element, baseUrl: string): void {
  const found = player.localName === 'iframe' ? playerPage(player, baseUrl) : mediaFile(player, baseUrl);
  if (found === null) return;
  const title = cleanText(player.getAttribute('title') ?? player.getAttribute('aria-label'));
  const [line, link] = [player.ownerDocument.createElement('p'), player.ownerDocument.createElement('a')];
  link.setAttribute('href', found.url);
  link.textContent = title === null || NO_TITLE.test(title) ? found.name : title;
  line.append(link);
  boxOf(player).replaceWith(line);
}

/** The outermost box that holds nothing but the element: Readability takes it for a way to another page, with a link alone in it. */
function boxOf(element: Element): Element {
  let box = element;
  for (let outer = box.parentElement; outer !== null; outer = outer.parentElement) {
    const isWrapper = /^(?:div|p|figure)$/.test(outer.localName) && isOnly(box);
    if (!isWrapper || cleanText(outer.textContent) !== cleanText(box.textContent)) break;
    box = outer;
  }
  return box;
}

interface Played {
  url: string;
  name: string;
}

function playerPage(frame: Element, baseUrl: string): Played | null {
  const address = ADDRESSES.map((name) => webUrl(frame.getAttribute(name), baseUrl)).find((url) => url !== null);
  for (const [player, page, name] of PLAYERS) {
    const parts = player.exec(address ?? '');
    if (parts !== null) return { url: page.replace(/\$(\d)/g, (_, at: string) => parts[Number(at)] ?? ''), name };
  }
  return null;
}

/** A film that plays by itself and without sound is a moving picture behind the text. */
function mediaFile(media: Element, baseUrl: string): Played | null {
  if (media.hasAttribute('autoplay') && media.hasAttribute('muted')) return null;
  const source = media.getAttribute('src') ?? media.querySelector('source[src]')?.getAttribute('src');
  const url = webUrl(source, baseUrl);
  return url === null ? null : { url, name: media.localName === 'video' ? 'Video' : 'Audio' };
}

function isOnly({ previousElementSibling, nextElementSibling }: Element): boolean {
  return previousElementSibling === null && nextElementSibling === null;
}

/** Rows of a file as GitHub shows it. */
function settleGist(table: Element): void {
  const lines = [...table.querySelectorAll('td.blob-code')].map((cell) => codeText(cell).replace(/\n$/, ''));
  const [block, code] = [table.ownerDocument.createElement('pre'), table.ownerDocument.createElement('code')];
  const type = /(?:^|\s)type-([\w+#-]+)/.exec(table.closest('.blob-wrapper')?.getAttribute('class') ?? '')?.[1];
  if (type !== undefined) code.setAttribute('class', `language-${type}`);
  code.textContent = lines.join('\n');
  block.append(code);
  (table.closest('.gist-file') ?? table).replaceWith(block);
}

function settleDownload(link: Element): void {
  if (!isOnly(link) || !FILE.test(link.getAttribute('href') ?? '') || cleanText(link.textContent) === null) return;
  const box = boxOf(link);
  if (box === link) return;
  const line = box.ownerDocument.createElement('p');
  box.replaceWith(line);
  line.append(link);
}
