import { PageFailure, proxyFailure, type FailureReason } from './page-errors.js';

interface Kind {
  /** Codes of Node, of its HTTP parser and of Chromium, and the words of the HTTP client. */
  pattern: RegExp;
  reason: FailureReason;
  canRetry: boolean;
  /** What happened and what to do, for a person. */
  words: (host: string) => string;
}

/** In order: the first that fits. Certificates and impossible answers do not change by asking again. */
const KINDS: Kind[] = [
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED/,
    reason: 'dns',
    canRetry: true,
    words: (host) => `The host name ${host} could not be resolved. Check its spelling.`,
  },
  {
    pattern: /Timeout|timed out|ETIMEDOUT/i,
    reason: 'timeout',
    canRetry: true,
    words: (host) =>
      `${host} did not answer in time. Raise requestTimeoutSecs if it is slow, or lower maxConcurrency if it is busy.`,
  },
  {
    pattern: /CERT|SSL|self-signed|certificate/i,
    reason: 'network',
    canRetry: false,
    words: (host) => `The certificate of ${host} is not valid. Check whether the address should begin with http://.`,
  },
  {
    pattern: /ERR_TOO_MANY_REDIRECTS/,
    reason: 'network',
    canRetry: false,
    words: (host) => `${host} redirects the page in a circle. Open it in a browser to see whether it wants a login.`,
  },
  {
    pattern: /ECONNREFUSED|ERR_CONNECTION_REFUSED/,
    reason: 'network',
    canRetry: true,
    words: (host) => `${host} refuses connections. Check the address and its port, and that the site is up.`,
  },
  {
    pattern: /ECONNRESET|EPIPE|socket hang up|ERR_CONNECTION_(?:RESET|CLOSED|ABORTED)|ERR_EMPTY_RESPONSE|ERR_SOCKET/,
    reason: 'network',
    canRetry: true,
    words: (host) => `${host} closed the connection before it had answered. Try later, slower, or through a proxy.`,
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH|ERR_TUNNEL_|ERR_PROXY_|ERR_ADDRESS_|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_/,
    reason: 'network',
    canRetry: true,
    words: (host) => `${host} cannot be reached from here. Check the network that the run is in.`,
  },
  {
    pattern:
      /HPE_|Parse Error|ERR_INVALID_(?:HTTP_)?RESPONSE|ERR_HTTP2_|ERR_RESPONSE_HEADERS|ERR_CONTENT_DECODING|Z_\w+_ERROR/,
    reason: 'network',
    canRetry: true,
    words: (host) => `${host} sent an answer that cannot be understood as a page. Open it in a browser to compare.`,
  },
];

/** Failures of the one connection that is made to a proxy itself. */
const PROXY_DOWN =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|Proxy responded with|ERR_PROXY_|ERR_TUNNEL_CONNECTION_FAILED/;

/**
 * Sorts whatever was thrown while a page was requested. The thrown thing is kept as the cause, for the debug log.
 * @param proxyUrl the proxy that the request went through, if any
 */
export function asPageFailure(error: unknown, url: string, proxyUrl?: string): PageFailure {
  if (error instanceof PageFailure) return error;
  const { message, name, code } = error as { message?: string; name?: string; code?: string };
  const host = URL.canParse(url) ? new URL(url).host : url;
  const said = `${code ?? ''} ${name ?? ''} ${withoutAddresses(message ?? String(error), host)}`;
  if (proxyUrl !== undefined && PROXY_DOWN.test(said)) return proxyFailure(proxyUrl, url, error);
  const kind = KINDS.find(({ pattern }) => pattern.test(said));
  if (kind === undefined) {
    const words = `The page could not be read from ${host} for a reason that has no name here. Run it with debugLog to see it.`;
    return new PageFailure('network', words, { cause: error });
  }
  return new PageFailure(kind.reason, kind.words(host), { canRetry: kind.canRetry, cause: error });
}

/** An address may have any word in it (`/concerts`, `/docs/ssl`); Playwright names it twice, here and in its log. */
function withoutAddresses(message: string, host: string): string {
  return message
    .replace(/\nCall log:.*/s, '')
    .replace(/\bhttps?:\/\/\S+/g, '')
    .replaceAll(host.replace(/:\d+$/, ''), '');
}
