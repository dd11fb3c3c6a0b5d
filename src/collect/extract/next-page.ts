import { cleanText, webUrl, type ParsedPage } from './document.js';

/** Words on a link to the next page of a list, in the languages that most sites are written in. */
const NEXT_WORDS =
  /^(?:next|next page|older|older posts|nächste|nächste seite|weiter|ältere beiträge|suivant|suivante|page suivante|siguiente|página siguiente|successiva|successivo|pagina successiva|avanti|próxima|próximo|próxima página|seguinte|volgende|volgende pagina|następna|dalej|další|nästa|neste|næste|seuraava|следующая|вперёд|далее|次へ|次のページ|下一页|下一頁|下页|다음)$/i;
/** Signs around such words; alone they count inside a pager only, since menus and breadcrumbs use them too. */
const SIGNS = /[\s›»→>❯⟩▸►…]+/gu;
const PAGER = /(?:^|[\s_-])(?:pag(?:er|ing|ination|inator)|pagenavi|page-numbers|wp-pagenavi)|paginat/i;
const NEXT_CLASS = /(?:^|[\s_-])next(?:$|[\s_-]|page)/i;

/**
 * The next page of a list: what the page declares (`rel=next`, on a link or in the head), else a link that a pager or its
 * own words name so. `null` when there is none, or when it is not to be followed.
 */
export function nextPage({ document, baseUrl }: ParsedPage): string | null {
  const links = [...document.querySelectorAll('link[rel][href], a[rel][href]')];
  const declared = links.find((link) => hasRel(link, 'next'));
  const found = declared ?? [...document.querySelectorAll('a[href]')].find(isNextLink);
  if (found === undefined || hasRel(found, 'nofollow')) return null;
  const href = found.getAttribute('href')?.trim() ?? '';
  return href.startsWith('#') ? null : (webUrl(href, baseUrl)?.split('#')[0] ?? null);
}

function hasRel(element: Element, word: string): boolean {
  return (element.getAttribute('rel') ?? '').toLowerCase().split(/\s+/).includes(word);
}

function isNextLink(anchor: Element): boolean {
  if (anchor.getAttribute('aria-disabled') === 'true') return false;
  const label = cleanText(anchor.getAttribute('aria-label') ?? anchor.getAttribute('title'));
  const words = cleanText(anchor.textContent) ?? '';
  const said = words.replace(SIGNS, ' ').trim();
  if (NEXT_WORDS.test(said) || (label !== null && NEXT_WORDS.test(label.replace(SIGNS, ' ').trim()))) return true;
  const isSign = words !== '' && said === '';
  const named = NEXT_CLASS.test(classOf(anchor)) || NEXT_CLASS.test(classOf(anchor.parentElement));
  return (isSign || named) && isInPager(anchor) && !/[«‹←<]/.test(words);
}

function isInPager(anchor: Element): boolean {
  let element: Element | null = anchor;
  for (let steps = 0; element !== null && steps < 5; steps += 1) {
    const label = element.localName === 'nav' ? (element.getAttribute('aria-label') ?? '') : '';
    if (PAGER.test(`${classOf(element)} ${element.getAttribute('id') ?? ''} ${label}`)) return true;
    element = element.parentElement;
  }
  return false;
}

function classOf(element: Element | null): string {
  return element?.getAttribute('class') ?? '';
}
