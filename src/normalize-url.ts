/** Query parameters that say how somebody came to a page and never which page it is. */
const TRACKING_PARAMETER =
  /^(?:utm_\w+|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|twclid|ttclid|li_fat_id|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|hsctatracking|mkt_tok|oly_anon_id|oly_enc_id|vero_id|wickedid|phpsessid|jsessionid|aspsessionid\w*)$/i;

/** Session ids that Java (`;jsessionid=…`) and ASP.NET (`/(S(…))/`) servers write into the path. */
const PATH_SESSION = [/;(?:jsessionid|phpsessid|sid)=[^/;]*/gi, /\/\((?:[A-Z]\([^()/]*\))+\)(?=\/|$)/g];

export interface KeyOptions {
  /** Pages of a single-page application that lives behind `#` are told apart by it. */
  keepFragment: boolean;
}

/**
 * The one spelling of a URL (design §3.3): scheme and host in lower case, no default port, no credentials, no tracking
 * parameters or session ids, query sorted by name, percent-encoding in upper case, no fragment unless it is kept.
 * @throws TypeError when `url` is not absolute
 */
export function normalizeUrl(url: string, options: KeyOptions): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  let path = parsed.pathname;
  for (const session of PATH_SESSION) path = path.replace(session, '');
  const fragment = options.keepFragment && parsed.hash.length > 1 ? parsed.hash : '';
  const query = sortedQuery(parsed.search);
  return `${parsed.protocol}//${parsed.host}${upperCaseEscapes(path === '' ? '/' : path)}${query}${upperCaseEscapes(fragment)}`;
}

function sortedQuery(search: string): string {
  const pairs = search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '' && !TRACKING_PARAMETER.test(parameterName(pair)))
    .map(upperCaseEscapes);
  // The sort is stable, so repeated parameters keep their order, which can carry meaning.
  pairs.sort((a, b) => compare(parameterName(a), parameterName(b)));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function parameterName(pair: string): string {
  const end = pair.indexOf('=');
  return end === -1 ? pair : pair.slice(0, end);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function upperCaseEscapes(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
}
