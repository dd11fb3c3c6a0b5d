import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LiveViewAddressError } from '../../src/live-view/address.js';
import { LiveViewPortTakenError, startLiveView } from '../../src/live-view/server.js';
import { CONNECTED, faults, freePort, progressWith, SmallConsent, stage, stopAll } from './support.js';

afterEach(stopAll);

const get = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init });
const post = (url: string, headers: Record<string, string>) => get(url, { method: 'POST', headers });
const SAME = { 'sec-fetch-site': 'same-origin' };

/** With headers that fetch does not let through (Host). */
async function raw(url: string, headers: Record<string, string>) {
  const outgoing = request(url, { headers }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.resume();
  return { status: response.statusCode, location: response.headers.location };
}

describe('headers', () => {
  const POLICY =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'";

  test.each([
    ['/', `${POLICY}; form-action 'none'; frame-ancestors https://console.apify.com`, 'no-referrer', null],
    [
      '/connect/notion',
      `${POLICY}; form-action 'self' https: http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'`,
      'same-origin',
      'DENY',
    ],
    ['/connect/notion/not-me', `${POLICY}; form-action 'none'; frame-ancestors 'none'`, 'no-referrer', 'DENY'],
    ['/callback/notion', `${POLICY}; form-action 'none'; frame-ancestors 'none'`, 'no-referrer', 'DENY'],
    ['/nothing', `${POLICY}; form-action 'none'; frame-ancestors 'none'`, 'no-referrer', 'DENY'],
  ])('%s', async (path, policy, referrer, frames) => {
    const { view } = await stage();
    const { headers } = await get(view.url + path);
    expect(headers.get('content-security-policy')).toBe(policy);
    expect(headers.get('referrer-policy')).toBe(referrer);
    expect(headers.get('x-frame-options')).toBe(frames);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('content-type')).toBe('text/html; charset=UTF-8');
  });

  test('on the platform the form may lead to https only', async () => {
    const { view } = await stage(progressWith(), { isAtHome: true });
    const { headers } = await get(`${view.url}/connect/notion`);
    expect(headers.get('content-security-policy')).toContain("form-action 'self' https:; ");
  });

  test('events are an event stream that nobody keeps or frames', async () => {
    const { view } = await stage();
    const { headers, body } = await get(`${view.url}/events`);
    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    await body?.cancel();
  });

  test('every asset that a page names is there, typed, and kept by its content', async () => {
    const { view } = await stage();
    const page = await (await get(view.url)).text();
    const paths = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBe(3);
    for (const path of paths) {
      const response = await get(view.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(response.headers.get('content-type')).toMatch(/css|javascript|svg/);
      await response.text();
    }
  });

  test('no page has inline script or style', async () => {
    const { view } = await stage();
    for (const path of ['/', '/connect/notion', '/callback/notion']) {
      const text = await (await get(view.url + path)).text();
      expect(text).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/);
    }
  });
});

describe('the confirmation page', () => {
  const facts = async (patches: Parameters<typeof progressWith>[0]) => {
    const { view } = await stage(progressWith(patches));
    return (await get(`${view.url}/connect/notion`)).text();
  };

  test('says who asks, for which account, and into which database', async () => {
    const page = await facts({ run: { destination: 'Docs <of> ours' } });
    for (const said of ['4f2aKq81ZpLm', 'hG7wTt20yQe5', 'docs.example.com', 'Docs &lt;of&gt; ours'])
      expect(page).toContain(said);
  });

  test('says so when the input names the database by its id', async () => {
    expect(await facts({ run: { destination: null } })).toContain('the database that this run’s input names');
  });
});

describe('the outcome', () => {
  test('shows names of fields as such, and no counts of a sync that never began', async () => {
    const { view } = await stage(
      progressWith({
        connect: CONNECTED,
        sync: { state: 'failed' },
        outcome: { status: 'FAILED', message: 'Use `reconnectNotion`, not <b> or `a<b`.' },
      }),
    );
    const page = await (await get(view.url)).text();
    expect(page).toContain('Use <code>reconnectNotion</code>, not &lt;b&gt; or <code>a&lt;b</code>.');
    expect(page).toContain('Nothing was sent to Notion');
    expect(page).not.toContain('0 of 0');
  });
});

describe('another connector', () => {
  const SHARED = {
    run: { runId: null, userId: null, sharedAccount: { connectionName: 'yt-x1', identifier: 'shared-research' } },
    connect: { connector: 'youtube' },
    collect: { state: 'idle', pagesLoaded: 0, itemsStored: 0 },
  } as const;

  test('has its own paths and its own words on every page', async () => {
    const { view, consent } = await stage(progressWith(SHARED));
    const words = async (path: string, init?: RequestInit) =>
      (await (await get(view.url + path, init)).text()).replace(/<title>.*?<\/title>|Website to Notion/g, '');
    const status = await words('/');
    expect(status).toContain('href="/connect/youtube"');
    expect(status).toContain('Waiting for you to connect YouTube.');
    expect(status).not.toMatch(/Collect|Sync/);
    const confirmation = await words('/connect/youtube');
    for (const said of ['Every run of this Actor', 'yt-x1', 'shared-research', 'Continue to YouTube'])
      expect(confirmation).toContain(said);
    const pages = [status, confirmation, await words('/connect/youtube/not-me')];
    const wrong = await words('/callback/youtube');
    for (const page of [...pages, wrong]) expect(page).not.toContain('Notion');
    expect((await post(`${view.url}/connect/youtube`, SAME)).status).toBe(303);
    expect(consent.calls).toContain(`begin youtube ${view.url}/callback/youtube`);
    for (const path of ['/connect/notion', '/callback/notion']) expect((await get(view.url + path)).status).toBe(404);
  });

  test('says when the account is connected', async () => {
    const { view } = await stage(
      progressWith({
        ...SHARED,
        connect: { ...SHARED.connect, status: 'ACTIVE', need: 'nothing', offersConsent: false },
      }),
    );
    expect(await (await get(view.url)).text()).toContain('YouTube is connected. Every run uses this account');
  });
});

describe('methods and paths', () => {
  test.each([
    ['GET', '/nope', 404, null],
    ['GET', '/connect/notion/', 404, null],
    ['GET', '/connect/gmail', 404, null],
    ['GET', '/%2e%2e/etc/passwd', 404, null],
    ['POST', '/', 405, 'GET, HEAD'],
    ['PUT', '/connect/notion', 405, 'GET, HEAD, POST'],
    ['DELETE', '/events', 405, 'GET'],
    ['OPTIONS', '/', 405, 'GET, HEAD'],
    ['POST', '/callback/notion', 405, 'GET'],
    ['HEAD', '/callback/notion', 405, 'GET'],
    ['HEAD', '/', 200, null],
    ['HEAD', '/connect/notion', 200, null],
  ])('%s %s → %i', async (method, path, status, allow) => {
    const { view, consent } = await stage();
    const response = await get(view.url + path, { method, headers: SAME });
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
    if (method === 'HEAD') expect(await response.text()).toBe('');
    expect(consent.calls).toEqual([]);
  });

  test('another host name leads to the one that the cookie belongs to, on this computer only', async () => {
    const { view } = await stage();
    const there = `http://localhost:${new URL(view.url).port}`;
    expect(await raw(`${there}/connect/notion`, {})).toEqual({ status: 302, location: `${view.url}/connect/notion` });
    expect(await raw(`${view.url}//evil.example`, { host: 'evil.example' })).toEqual({
      status: 302,
      location: `${view.url}//evil.example`,
    });
    const port = await freePort();
    await stage(progressWith(), { baseUrl: 'https://tunnel.example', port });
    expect((await raw(`http://127.0.0.1:${port}/`, {})).status).toBe(200);
    const lookalike = await freePort();
    await stage(progressWith(), { baseUrl: 'https://127.evil.example', port: lookalike });
    expect((await raw(`http://127.0.0.1:${lookalike}/`, {})).status).toBe(200);
    const atHome = await stage(progressWith(), { isAtHome: true, baseUrl: 'https://abc.runs.apify.net/' });
    expect(atHome.view.url).toBe('https://abc.runs.apify.net');
  });
});

describe('the POST', () => {
  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, 303],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'OWN' }, 403],
    [{ origin: 'OWN' }, 303],
    [{ origin: 'null' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{}, 403],
  ])('with %j → %i', async (given, status) => {
    const { view, consent } = await stage();
    const headers = Object.fromEntries(Object.entries(given).map(([k, v]) => [k, v === 'OWN' ? view.url : v]));
    // fetch adds Sec-Fetch-Mode only; neither header comes by itself.
    const response = await post(`${view.url}/connect/notion`, headers);
    expect(response.status).toBe(status);
    expect(consent.calls.length).toBe(status === 303 ? 1 : 0);
    expect(response.headers.has('set-cookie')).toBe(status === 303);
  });

  test('sets the cookie and names the callback; cleartext on loopback', async () => {
    const { view, consent, progress } = await stage();
    const response = await post(`${view.url}/connect/notion`, SAME);
    expect(response.headers.get('set-cookie')).toBe(
      'wtn-consent=cookie-1; Max-Age=600; Path=/; HttpOnly; SameSite=Lax',
    );
    expect(response.headers.get('location')).toContain('http://127.0.0.1:9/authorize?state=state-1');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await response.text()).toBe('');
    expect(consent.calls).toEqual([`begin notion ${view.url}/callback/notion`]);
    expect(progress.get().connect.lastAttempt).toBe('started');
  });

  test('off loopback the cookie is __Host- and Secure, and is read back and cleared', async () => {
    const port = await freePort();
    const { consent } = await stage(progressWith(), { isAtHome: true, baseUrl: 'https://abc.runs.apify.net', port });
    const server = `http://127.0.0.1:${port}`;
    const response = await post(`${server}/connect/notion`, SAME);
    expect(response.headers.get('set-cookie')).toBe(
      '__Host-wtn-consent=cookie-1; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
    expect(consent.calls).toEqual(['begin notion https://abc.runs.apify.net/callback/notion']);
    const back = await get(`${server}/callback/notion?state=state-1&auth_request_id=a`, {
      headers: { cookie: '__Host-wtn-consent=cookie-1; wtn-consent=forged' },
    });
    expect(back.status).toBe(200);
    expect(back.headers.get('set-cookie')).toBe('__Host-wtn-consent=; Max-Age=0; Path=/; Secure');
  });

  test.each([
    [{ kind: 'already-connected' }, 409, 'Notion is connected already'],
    [{ kind: 'not-offered' }, 409, 'This run does not ask for a connection'],
    [{ kind: 'unavailable', message: 'Scalekit <down>.' }, 503, 'Scalekit &lt;down&gt;.'],
    [new Error('secret detail'), 503, 'The connection service did not answer.'],
  ] as const)('that leads nowhere: %o', async (answer, status, said) => {
    const { view, consent } = await stage();
    consent.begins = answer;
    const response = await post(`${view.url}/connect/notion`, SAME);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).toContain(said);
    expect(text).not.toContain('secret detail');
    expect(response.headers.has('set-cookie')).toBe(false);
  });

  test('the ninth link in a row has to wait, and mints nothing', async () => {
    const { view, consent } = await stage();
    for (let click = 1; click <= 8; click++) {
      expect((await post(`${view.url}/connect/notion`, SAME)).status).toBe(303);
    }
    const refused = await post(`${view.url}/connect/notion`, SAME);
    expect(refused.status).toBe(429);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(await refused.text()).toContain(`Try again in ${wait} second`);
    expect(consent.calls).toHaveLength(8);
    expect((await get(view.url)).status).toBe(200);
  });

  test('a click that mints nothing takes no turn', async () => {
    const { view, consent, progress } = await stage();
    consent.begins = { kind: 'already-connected' };
    for (let click = 1; click <= 9; click++) {
      expect((await post(`${view.url}/connect/notion`, SAME)).status).toBe(409);
    }
    const before = consent.calls.length;
    const asking = progress.get().connect;
    progress.update('connect', CONNECTED);
    for (let click = 1; click <= 9; click++) {
      expect(await (await post(`${view.url}/connect/notion`, SAME)).text()).toContain('Notion is connected already');
    }
    expect(consent.calls).toHaveLength(before);
    progress.update('connect', asking);
    consent.begins = null;
    expect((await post(`${view.url}/connect/notion`, SAME)).status).toBe(303);
  });

  test('a body is refused before it is read, announced or not', async () => {
    const { view, consent } = await stage();
    const body = 'x'.repeat(5000);
    const announced = await get(`${view.url}/connect/notion`, { method: 'POST', headers: SAME, body });
    expect(announced.status).toBe(413);
    const streamed = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: SAME, body: streamed, duplex: 'half' } as RequestInit;
    expect((await get(`${view.url}/connect/notion`, init)).status).toBe(413);
    expect(consent.calls).toEqual([]);
  });

  test('the confirmation page is closed where no consent is asked for', async () => {
    const { view, progress } = await stage();
    const page = async () => (await get(`${view.url}/connect/notion`)).text();
    expect(await page()).toContain('<form');
    progress.update('connect', CONNECTED);
    expect(await page()).toContain('Notion is connected already');
    progress.update('connect', { status: 'UNSPECIFIED', mode: 'shared' });
    expect(await page()).toContain('does not ask for a connection');
    progress.update('connect', { need: 'first', offersConsent: true });
    progress.finish({ status: 'NOT_CONNECTED', message: '' });
    expect(await page()).toContain('does not ask for a connection');
  });
});

describe('the callback', () => {
  test.each([
    [{ kind: 'verified' }, 200, 'Authorized — returning to task', true],
    [{ kind: 'already-connected' }, 409, 'What you just allowed at Notion was not used', true],
    [{ kind: 'cancelled' }, 200, 'You stopped at Notion', false],
    [{ kind: 'expired' }, 410, 'That link was too old', true],
    [{ kind: 'other-browser' }, 403, 'This is not the browser that started', false],
    [{ kind: 'mismatch' }, 403, 'That authorization belongs to another account', true],
    [{ kind: 'bogus' }, 400, 'This address is not an answer from Notion', false],
    [{ kind: 'unavailable', message: 'Not now.' }, 503, 'Not now.', false],
    [new Error('secret detail'), 503, 'The connection service did not answer.', false],
  ] as const)('%o', async (answer, status, said, clears) => {
    const { view, consent, progress } = await stage();
    consent.finishes = answer;
    const before = progress.get();
    const response = await get(
      `${view.url}/callback/notion?state=echo-me&error_description=echo-me&auth_request_id=echo-me`,
      {
        headers: { cookie: 'wtn-consent=c' },
      },
    );
    const text = await response.text();
    expect(response.status).toBe(status);
    // What others see is the connection's to tell: the address alone proves nothing.
    expect(progress.get()).toBe(before);
    expect(text).toContain(said);
    expect(text).not.toMatch(/echo-me|secret detail/);
    expect(text.match(/class="button"/g)?.length).toBe(1);
    expect(response.headers.has('set-cookie')).toBe(clears);
    expect(consent.calls[0]).toMatch(/ c$/);
    expect(faults).toHaveLength(answer instanceof Error ? 1 : 0);
  });

  test('a page that cannot be made is a plain screen for the person and a report for the run', async () => {
    const { view, progress } = await stage();
    progress.update('run', { startUrls: undefined });
    const broken = await get(`${view.url}/connect/notion`);
    expect(broken.status).toBe(500);
    expect(await broken.text()).toContain('This page could not be made');
    expect(faults).toEqual([expect.stringMatching(/^A page of the live view could not be made\. TypeError/)]);
  });

  test('strays after connecting change nothing on the page', async () => {
    const { view, progress } = await stage(progressWith({ connect: { ...CONNECTED, lastAttempt: 'verified' } }));
    const before = progress.get();
    for (const query of [
      '',
      '?state=x',
      '?error=access_denied',
      '?state=state-1&auth_request_id=%00%0d%0aSet-Cookie:a',
    ]) {
      await (await get(`${view.url}/callback/notion${query}`)).text();
    }
    expect(progress.get()).toBe(before);
  });
});

describe('limits', () => {
  test('the fifty-first stream ends the oldest, so that nobody is kept out', async () => {
    const { view } = await stage();
    const oldest = await get(`${view.url}/events`);
    const streams = await Promise.all(Array.from({ length: 49 }, () => get(`${view.url}/events`)));
    expect(view.watchers()).toBe(50);
    const newest = await get(`${view.url}/events`);
    expect(newest.status).toBe(200);
    // It ends by itself: what was sent is read, and then there is no more.
    expect(await oldest.text()).toContain('data: ');
    expect(view.watchers()).toBe(50);
    for (const stream of [...streams, newest]) await stream.body?.cancel();
    await vi.waitFor(() => expect(view.watchers()).toBe(0), { timeout: 20_000 });
  });

  test('headers over 8 KB are refused', async () => {
    const { view } = await stage();
    expect((await get(view.url, { headers: { 'x-long': 'x'.repeat(9000) } })).status).toBe(431);
  });

  test('a client that never finishes its headers is cut off', async () => {
    const { view } = await stage();
    const socket = connect(Number(new URL(view.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a reader who takes nothing is dropped: nothing more is made for them, and the end does not wait', async () => {
    const { view, progress } = await stage(progressWith(), { waits: { stallMs: 300 } });
    const socket = connect(Number(new URL(view.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const gone = once(socket, 'close');
    socket.write(`GET /events HTTP/1.1\r\nHost: ${new URL(view.url).host}\r\n\r\n`);
    await vi.waitFor(() => expect(view.watchers()).toBe(1), { timeout: 20_000 });
    socket.pause();

    // More than the buffers of both ends hold; until they are full nobody can tell a slow reader from none.
    let row = 0;
    await vi.waitFor(
      () => {
        const reason = `${(row += 1)} `.padEnd(400_000, 'x');
        progress.addChange({ title: 'Long', url: 'https://a.example/', action: 'failed', reason, notionUrl: null });
        expect(view.watchers()).toBe(0);
      },
      { timeout: 60_000, interval: 50 },
    );
    const looked = vi.spyOn(progress, 'get');
    for (let change = 1; change <= 20; change++) progress.update('collect', { pagesSkipped: change });
    await view.close({ graceSecs: 3600 });
    expect(looked).not.toHaveBeenCalled();
    socket.resume();
    await gone;
  });

  test('quiet streams are kept alive', async () => {
    const { view } = await stage(progressWith(), { waits: { heartbeatMs: 30 } });
    const { body } = await get(`${view.url}/events`);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader?.read())?.value;
    const second = (await reader?.read())?.value;
    expect(first).toContain('42 of about 60');
    expect(second).toMatch(/^data: .*"regions":\{\}/);
    await reader?.cancel();
  });
});

describe('audience', () => {
  test('a page or a stream is a visit; the probe, a HEAD and a callback are not', async () => {
    const { view } = await stage();
    const heard: string[] = [];
    view.onVisit(() => heard.push('first'));
    const probe = await get(view.url, { headers: { 'x-apify-container-server-readiness-probe': '1' } });
    expect(probe.status).toBe(200);
    await probe.text();
    await get(view.url, { method: 'HEAD' });
    await (await get(`${view.url}/callback/notion`)).text();
    expect([view.visited(), heard.length, view.watchers()]).toEqual([false, 0, 0]);
    await (await get(view.url)).text();
    await (await get(view.url)).text();
    expect([view.visited(), heard.length, view.watchers()]).toEqual([true, 1, 1]);
    view.onVisit(() => heard.push('late'));
    expect(heard).toEqual(['first', 'late']);
  });

  test('a page without a stream is forgotten after a while', async () => {
    const { view } = await stage(progressWith(), { waits: { pageWatchMs: 50 } });
    await (await get(view.url)).text();
    await vi.waitFor(() => expect(view.watchers()).toBe(0));
  });
});

describe('the end', () => {
  test('closes streams, kept-alive and silent connections at once', async () => {
    const { view } = await stage();
    const stream = await get(`${view.url}/events`);
    const silent = connect(Number(new URL(view.url).port), '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    await (await get(view.url, { headers: { connection: 'keep-alive' } })).text();
    const ended = once(silent, 'close');
    await Promise.all([view.close({ graceSecs: 0 }), view.close({ graceSecs: 0 })]);
    await ended;
    await stream.text().catch(() => '');
    await expect(get(view.url)).rejects.toThrow();
  });

  test('an answer that is on its way still arrives, and its page finds the run it leads back to', async () => {
    const { view, progress, consent } = await stage();
    const closed: Promise<void>[] = [];
    consent.finishes = { kind: 'verified' };
    const finish = consent.finish.bind(consent);
    consent.finish = async (...args) => {
      progress.finish({ status: 'SYNCED', message: '' });
      closed.push(view.close({ graceSecs: 0 }));
      return finish(...args);
    };
    expect(await (await get(`${view.url}/callback/notion?state=a&auth_request_id=b`)).text()).toContain('Authorized');
    await Promise.all(closed);

    const next = await stage();
    next.consent.finishes = { kind: 'verified' };
    await (await get(`${next.view.url}/callback/notion?state=a&auth_request_id=b`)).text();
    next.progress.finish({ status: 'SYNCED', message: '' });
    const graceful = next.view.close({ graceSecs: 3600 });
    expect(await (await get(next.view.url)).text()).toContain('The run is over.');
    await graceful;
  });

  test('nobody watching: no grace', async () => {
    const { view } = await stage();
    await view.close({ graceSecs: 3600 });
    await expect(get(view.url)).rejects.toThrow();
  });

  test('a page without scripts gets its next reload, then the server goes', async () => {
    const { view, progress } = await stage();
    await (await get(view.url)).text();
    progress.finish({ status: 'SYNCED', message: '' });
    const closed = view.close({ graceSecs: 3600 });
    expect(await (await get(view.url)).text()).toContain('Nothing to do.');
    await closed;
  });

  test('a taken port is a typed error that names it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const started = startLiveView({
      port,
      baseUrl: null,
      isAtHome: false,
      progress: progressWith(),
      consent: new SmallConsent('http://127.0.0.1:9'),
      onFault: () => undefined,
    });
    await expect(started).rejects.toThrow(LiveViewPortTakenError);
    await expect(started).rejects.toThrow(`Port ${port} is in use`);
    taken.close();
  });

  test.each([
    [{ baseUrl: 'foo' }, 'ACTOR_WEB_SERVER_URL must be a URL'],
    [{ baseUrl: 'ftp://example.com' }, 'ACTOR_WEB_SERVER_URL must be a URL'],
    [{ port: 'abc' }, 'ACTOR_WEB_SERVER_PORT must be a port'],
    [{ port: '70000' }, 'ACTOR_WEB_SERVER_PORT must be a port'],
  ])('an address that cannot be one is a typed error, and nothing listens: %j', async (given, said) => {
    const port = await freePort();
    const options = { port, baseUrl: null, isAtHome: false, progress: progressWith(), ...given };
    const consent = new SmallConsent('http://127.0.0.1:9');
    const started = startLiveView({ ...options, consent, onFault: () => undefined });
    await expect(started).rejects.toThrow(LiveViewAddressError);
    await expect(started).rejects.toThrow(said);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  test('an empty address is none', async () => {
    const options = { port: '0', baseUrl: ' ', isAtHome: false, progress: progressWith() };
    const consent = new SmallConsent('http://127.0.0.1:9');
    const view = await startLiveView({ ...options, consent, onFault: () => undefined });
    expect(view.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect((await get(view.url)).status).toBe(200);
    await view.close({ graceSecs: 0 });
  });
});
