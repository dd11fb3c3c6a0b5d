import type { BaseHttpClient, Session, StreamingHttpResponse } from 'crawlee';
import type { AddressGuard } from './address-guard.js';
import { isHtml, isPdf, mayBePdf, MAX_BODY_BYTES, type FetchedPage } from './fetched-page.js';
import { guardedLookup, REFUSED_ADDRESS } from './guarded-lookup.js';
import { asPageFailure } from './network-failure.js';
import { PageFailure, PageSkipped, statusFailure } from './page-errors.js';
import { secretHeaders, type Secrets } from './secrets.js';

export interface HttpReadOptions {
  client: BaseHttpClient;
  guard: AddressGuard;
  secrets: Secrets;
  session: Session | undefined;
  proxyUrl: string | undefined;
  timeoutMs: number;
  /** Called with each address on the way, and with the last one as `arrived`; throws `PageSkipped` to leave it. */
  onRedirect: (url: string, arrived: boolean) => Promise<void>;
}

const MAX_REDIRECTS = 10;

/** What the browser of our Playwright version sends for a page that a person opens, so that both ways meet the same site. */
const BROWSER_HEADERS = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-US,en;q=0.9',
  'upgrade-insecure-requests': '1',
} as const;

/**
 * Reads a page over HTTP.
 * @throws PageSkipped, PageFailure, or whatever broke the body off
 */
export async function readOverHttp(startUrl: string, options: HttpReadOptions): Promise<FetchedPage> {
  const { response, url } = await follow(startUrl, options, (target) => options.onRedirect(target, false));
  return readBody(response, url, options);
}

/** What `openResource` found: the status of the last answer and its body, decompressed. */
export interface Resource {
  status: number;
  body: AsyncIterable<Buffer>;
  close(): void;
}

/**
 * Opens a file that is no page (robots.txt, a sitemap). Each hop of a redirect passes the address guard.
 * @throws PageSkipped, PageFailure, or whatever broke the body off
 */
export async function openResource(startUrl: string, options: RequestOptions): Promise<Resource> {
  const { response } = await follow(startUrl, options, async () => undefined);
  const { stream, statusCode } = response;
  return { status: statusCode, body: stream as AsyncIterable<Buffer>, close: () => void stream.destroy() };
}

type RequestOptions = Omit<HttpReadOptions, 'onRedirect'>;

/**
 * The first answer that is no redirect. Redirects are followed here and not by the client, because each hop has to pass the
 * address guard and the scope, and decides anew whether the secret headers go along.
 */
async function follow(
  startUrl: string,
  options: RequestOptions,
  onHop: (target: string) => Promise<void>,
): Promise<{ response: StreamingHttpResponse; url: string }> {
  let url = startUrl;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (!(await options.guard.allowsUrl(url))) throw new PageSkipped('privateAddress');
    const response = await request(url, options);
    const target = redirectTarget(response, url);
    if (target === null) return { response, url };
    response.stream.destroy();
    if (!/^https?:/.test(target)) throw new PageSkipped('protocol');
    await onHop(target);
    url = target;
  }
  throw new PageFailure('network', `The address redirects more than ${MAX_REDIRECTS} times.`, { canRetry: false });
}

async function request(url: string, options: RequestOptions): Promise<StreamingHttpResponse> {
  const { client, guard, secrets, session, proxyUrl, timeoutMs } = options;
  const wanted = {
    url,
    method: 'GET',
    headers: { ...BROWSER_HEADERS, ...secretHeaders(secrets, url, session?.getCookieString(url)) },
    // Its generator of headers knows browsers of years ago only.
    ...({ useHeaderGenerator: false } as object),
    followRedirect: false,
    throwHttpErrors: false,
    timeout: { request: timeoutMs },
    // The name is resolved anew for the connection and could say something else than the guard saw; a proxy resolves itself.
    ...(proxyUrl === undefined ? ({ dnsLookup: guardedLookup(guard) } as object) : { proxyUrl }),
    ...(session !== undefined && { sessionToken: session }),
  } as const;
  const response = await client.stream(wanted).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === REFUSED_ADDRESS) throw new PageSkipped('privateAddress');
    throw asPageFailure(error, url, proxyUrl);
  });
  // Errors after this point reach whoever reads the body; without a listener they would end the process.
  response.stream.on('error', () => undefined);
  // A backstop; behind a proxy the address is the proxy's.
  if (proxyUrl === undefined && response.ip !== undefined && !guard.allowsAddress(response.ip)) {
    response.stream.destroy();
    throw new PageSkipped('privateAddress');
  }
  session?.setCookiesFromResponse({ url, headers: response.headers });
  return response;
}

function redirectTarget(response: StreamingHttpResponse, url: string): string | null {
  const location = header(response, 'location');
  if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === null) return null;
  return URL.canParse(location, url) ? new URL(location, url).href : null;
}

async function readBody(response: StreamingHttpResponse, url: string, options: HttpReadOptions): Promise<FetchedPage> {
  const { stream, statusCode } = response;
  const contentType = header(response, 'content-type');
  try {
    await options.onRedirect(url, true);
    if (statusCode >= 400) {
      throw statusFailure(statusCode, header(response, 'retry-after'), { url, proxyUrl: options.proxyUrl });
    }
    if (contentType !== null && !isHtml(contentType, '') && !mayBePdf(contentType, url)) {
      throw new PageSkipped('contentType');
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw new PageSkipped('tooLarge');
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (isPdf(contentType, body.subarray(0, 5).toString('latin1'))) {
      return { loadedUrl: url, httpStatusCode: statusCode, html: '', pdf: new Uint8Array(body) };
    }
    const html = decode(body, contentType);
    if (!isHtml(contentType, html)) throw new PageSkipped('contentType');
    return { loadedUrl: url, httpStatusCode: statusCode, html, pdf: null };
  } finally {
    stream.destroy();
  }
}

function header(response: StreamingHttpResponse, name: string): string | null {
  const value = response.headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first.trim() === '' ? null : first;
}

/**
 * How far into the page a charset is looked for, bytes. It should stand in the first 1,024 (https://html.spec.whatwg.org/#charset),
 * and browsers find it anywhere in the head, which scripts can make long.
 */
const CHARSET_WITHIN = 64 * 1024;

/**
 * Byte order mark, then header, then the page's own declaration, then that of XML, then UTF-8, and where the page is not that, the charset
 * that browsers take for undeclared Western pages.
 */
function decode(body: Buffer, contentType: string | null): string {
  const inHeader = CHARSET.exec(contentType ?? '')?.[1];
  for (const label of [byteOrderMark(body), inHeader, ...declaredCharsets(body)]) {
    if (label === undefined || label === null) continue;
    try {
      return new TextDecoder(label).decode(body);
    } catch {
      // An unknown label says nothing; the next source may know better.
    }
  }
  const unicode = new TextDecoder().decode(body);
  const broken = count(unicode, /\ufffd/g);
  // A page in UTF-8 may have a broken place; in one of another charset nearly all that is not ASCII is broken.
  const isUnicode = broken === 0 || broken < count(unicode, /[\u0080-\ufffc]/g);
  return isUnicode ? unicode : new TextDecoder('windows-1252').decode(body);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

const CHARSET = /charset\s*=\s*["']?\s*([\w:.-]+)/i;

const XML_ENCODING = /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w:.-]+)/i;

/** What a `<meta>` in the head and the XML declaration say; scripts, styles and comments may name the charset of something else. */
function declaredCharsets(body: Buffer): string[] {
  const start = body.subarray(0, CHARSET_WITHIN).toString('latin1');
  const [head = ''] = start.replace(/<!--.*?(?:-->|$)|<(script|style)\b.*?(?:<\/\1|$)/gis, '').split(/<\/head|<body/i);
  const inMeta = [...head.matchAll(/<meta[\s/][^>]*/gi)].map(([tag]) => CHARSET.exec(tag)?.[1]);
  return (
    [inMeta.find((label) => label !== undefined), XML_ENCODING.exec(start)?.[1]]
      .filter((label) => label !== undefined)
      // Whoever could read this declaration reads no UTF-16 (https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding).
      .map((label) => (/^utf-?16/i.test(label) ? 'utf-8' : label))
  );
}

function byteOrderMark(body: Buffer): string | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : null;
}
