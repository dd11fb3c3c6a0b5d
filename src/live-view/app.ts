import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ConsentFinish, ConsentFlow } from '../consent.js';
import { isLoopback } from '../loopback.js';
import type { Progress, RunSnapshot } from '../progress.js';
import { assetsByPath } from './assets.js';
import type { Audience } from './audience.js';
import type { EventStreams } from './events.js';
import * as notices from './notices.js';
import { confirmPage } from './pages/confirm.js';
import { noticePage, type Notice } from './pages/notice.js';
import { statusPage } from './pages/status.js';
import { comesFromOwnPage, securityHeaders, type PageKind } from './security.js';
import { Throttle } from './throttle.js';

/** What the routes work on. */
export interface AppParts {
  /** The public origin, without a trailing slash; known once the server listens. */
  origin: () => string;
  progress: Progress;
  consent: ConsentFlow;
  events: EventStreams;
  audience: Audience;
  isAtHome: boolean;
  /** Told of what went wrong without anybody having asked for it: a page that could not be made, a consent that threw. */
  onFault: (what: string, error: unknown) => void;
}

const COOKIE = 'wtn-consent';
/** The form has no fields; a browser sends an empty body. */
const BODY_LIMIT_BYTES = 1024;
/**
 * Only a return whose state and cookie belong together can end so, and then the cookie has had its use. An address that
 * anybody could have written must not end the consent that this browser is in the middle of.
 */
const PROVEN_ENDS: ReadonlySet<ConsentFinish['kind']> = new Set([
  'verified',
  'already-connected',
  'expired',
  'mismatch',
]);
/** Sent by the platform, not by a person (reference apify.md §2.3). */
const READINESS_PROBE = 'x-apify-container-server-readiness-probe';

/** Links to consent that one run hands out: each click mints one, and an operator's Scalekit counts its requests. */
const LINKS = { atOnce: 8, thenEveryMs: 15_000 } as const;

/** The live view's routes, without a socket. */
export function createApp(parts: AppParts): Hono {
  const { progress, consent, events, audience, isAtHome, onFault } = parts;
  const { connector } = progress.get().connect;
  const connectPath = `/connect/${connector}`;
  const callbackPath = `/callback/${connector}`;
  const methods: Record<string, string> = {
    '/': 'GET, HEAD',
    '/events': 'GET',
    [connectPath]: 'GET, HEAD, POST',
    [`${connectPath}/not-me`]: 'GET, HEAD',
    [callbackPath]: 'GET',
  };
  const links = new Throttle(LINKS.atOnce, LINKS.thenEveryMs);
  const app = new Hono();
  const assets = assetsByPath();

  const send = (c: Context, kind: PageKind): void => {
    for (const [name, value] of Object.entries(securityHeaders(kind, isAtHome))) c.header(name, value);
  };
  const notice = (c: Context, said: Notice) => {
    send(c, 'plain');
    return c.html(noticePage(said), said.status);
  };
  const silent = (error: unknown): typeof SILENT => {
    onFault('Connecting failed in a way that nobody foresaw.', error);
    return SILENT;
  };
  const wrongMethod = (c: Context, allowed: string) => {
    c.header('Allow', allowed);
    return notice(c, notices.WRONG_METHOD);
  };

  app.use(async (c, next) => {
    // On this computer cookies belong to one host name; behind a proxy or tunnel that one decides which Host we see.
    const own = new URL(parts.origin());
    if (isLoopback(own.hostname) && !isAtHome && c.req.header('host') !== own.host) {
      if (c.req.method !== 'GET') return notice(c, notices.WRONG_HOST);
      send(c, 'plain');
      return c.redirect(`${own.origin}${c.req.path}`, 302);
    }
    const allowed = methods[c.req.path] ?? (assets.has(c.req.path) ? 'GET, HEAD' : null);
    if (allowed === null) return notice(c, notices.NOT_FOUND);
    if (!allowed.split(', ').includes(c.req.method)) return wrongMethod(c, allowed);
    return next();
  });
  app.onError((error, c) => {
    onFault('A page of the live view could not be made.', error);
    return notice(c, notices.BROKEN);
  });

  app.get('/', (c) => {
    const snapshot = progress.get();
    const isProbe = c.req.header(READINESS_PROBE) !== undefined;
    if (!isProbe && c.req.method === 'GET') audience.pageLoaded(snapshot.outcome !== null, Date.now());
    send(c, 'status');
    return c.html(statusPage(snapshot, Date.now()));
  });

  app.get('/events', (c) => {
    audience.streamOpened();
    const response = events.serve(c);
    for (const [name, value] of Object.entries(securityHeaders('plain', isAtHome))) response.headers.set(name, value);
    response.headers.set('X-Accel-Buffering', 'no');
    return response;
  });

  app.get(connectPath, (c) => {
    const closed = whyNoConsent(progress.get());
    if (closed !== null) return notice(c, closed);
    send(c, 'confirm');
    return c.html(confirmPage(progress.get()));
  });

  app.get(`${connectPath}/not-me`, (c) => notice(c, notices.notMe(notices.subjectOf(progress.get()))));

  app.post(
    connectPath,
    bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: (c) => notice(c, notices.TOO_LARGE) }),
    async (c) => {
      const origin = parts.origin();
      if (!comesFromOwnPage(c.req.raw.headers, origin)) return notice(c, notices.OTHER_ORIGIN);
      const subject = notices.subjectOf(progress.get());
      const closed = whyNoConsent(progress.get());
      if (closed !== null) return notice(c, closed);
      // Taken before and not after: clicks that come together must not all find a turn left.
      const wait = links.take(Date.now());
      if (wait > 0) {
        c.header('Retry-After', String(wait));
        return notice(c, notices.tooManyTries(wait, subject));
      }
      const start = await consent.begin(connector, origin + callbackPath).catch(silent);
      if (start.kind === 'already-connected' || start.kind === 'not-offered') links.giveBack();
      if (start.kind !== 'redirect') return notice(c, notices.startNotice(start, subject));
      setCookie(c, COOKIE, start.cookie, {
        ...cookieScope(origin),
        httpOnly: true,
        sameSite: 'Lax',
        maxAge: start.maxAgeSecs,
      });
      send(c, 'plain');
      return c.redirect(start.link, 303);
    },
  );

  app.get(callbackPath, async (c) => {
    const scope = cookieScope(parts.origin());
    const cookie = scope.prefix === 'host' ? getCookie(c, COOKIE, 'host') : getCookie(c, COOKIE);
    const finish = await consent.finish(connector, new URL(c.req.url).searchParams, cookie).catch(silent);
    // Its page leads back to the first one after a moment: whoever reads it must not find the run gone.
    if (finish.kind === 'verified') audience.pageLoaded(false, Date.now());
    if (PROVEN_ENDS.has(finish.kind)) deleteCookie(c, COOKIE, scope);
    return notice(c, notices.finishNotice(finish, notices.subjectOf(progress.get())));
  });

  for (const [path, asset] of assets) {
    app.get(path, (c) => {
      send(c, 'asset');
      return c.body(asset.body, 200, { 'Content-Type': asset.type });
    });
  }
  return app;
}

/** `__Host-` and Secure where there is TLS in front of us; cleartext is loopback only, where both would drop the cookie. */
function cookieScope(origin: string): { path: string; secure: boolean; prefix?: 'host' } {
  return origin.startsWith('https:') ? { path: '/', secure: true, prefix: 'host' } : { path: '/', secure: false };
}

function whyNoConsent(snapshot: RunSnapshot): Notice | null {
  const { connect, outcome } = snapshot;
  // Whether consent is needed may not be known yet; `begin` waits for that.
  if (outcome === null && connect.offersConsent) return null;
  const subject = notices.subjectOf(snapshot);
  return connect.status === 'ACTIVE' ? notices.alreadyConnected(subject) : notices.notOffered(subject);
}

const SILENT = {
  kind: 'unavailable',
  message: 'The connection service did not answer. Try again in a minute.',
} as const;
