import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/connect/connection.js';
import type { LiveView } from '../../src/live-view/server.js';
import type { OpenRun } from '../../src/open-run.js';
import { waitForConsent } from '../../src/waiting.js';
import { begin, closeWorlds, consent, liveViewOf, waitFor, world } from './support.js';

afterEach(closeWorlds);

/** A run of nobody who could be there: it goes on without waiting. */
async function unattended(connection: Connection): Promise<{ run: OpenRun; view: LiveView; warnings: string[] }> {
  const { view, progress } = await liveViewOf(connection);
  const warnings: string[] = [];
  const platform = { env: { origin: 'API' }, log: { warning: (message: string) => warnings.push(message) } };
  const stopping = { waiting: new AbortController().signal };
  const run = { platform, input: { authorizationWaitSecs: null }, connection, liveView: view, progress, stopping };
  return { run: run as unknown as OpenRun, view, warnings };
}

const minted = (calls: string[]): number => calls.filter((name) => name.startsWith('GetMagicLink')).length;

describe('a run that asked for a new consent and went on without it', () => {
  it('offers none during the sync: neither page nor POST leads anywhere', async () => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    const connection = connect({ reconnect: true });
    const { run, view, warnings } = await unattended(connection);
    await waitFor(connection, ({ need }) => need === 'reconnect');
    expect(await waitForConsent(run, Date.now())).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('Nobody connected anew')]);

    const links = minted(scalekit.calls);
    const address = `${view.url}/connect/notion`;
    expect(await (await fetch(address)).text()).toContain('Notion is connected already');
    const clicked = await fetch(address, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } });
    expect([clicked.status, clicked.headers.has('set-cookie')]).toEqual([409, false]);
    expect(minted(scalekit.calls)).toBe(links);
    expect(await connection.tokens.get()).toBe('secret-Acme-1');
  });

  it('takes no late callback of a consent that was begun before', async () => {
    const { scalekit, connect, connectBefore } = await world({ lenientLinks: true });
    await connectBefore('user-1');
    const connection = connect({ reconnect: true });
    const { run, view } = await unattended(connection);
    await waitFor(connection, ({ need }) => need === 'reconnect');
    const { link, cookie } = await begin(connection);
    // The link took nothing from the account that is there.
    expect(await waitForConsent(run, Date.now())).toBe(true);

    const { search } = new URL(await scalekit.approve(link, 'Other'));
    expect(connection.state()).toMatchObject({ need: 'nothing', offersConsent: false });
    const back = await fetch(`${view.url}/callback/notion${search}`, { headers: { cookie: `wtn-consent=${cookie}` } });
    expect(back.status).toBe(409);
    expect(scalekit.calls.filter((name) => name === 'VerifyConnectedAccountUser')).toHaveLength(1);
    expect(scalekit.accounts.get('notion/user-1')).toMatchObject({ status: 'ACTIVE', workspace: 'Acme' });
  });

  it('asks again once the connection is lost', async () => {
    const { scalekit, connect, connectBefore } = await world();
    await connectBefore('user-1');
    const connection = connect();
    const { run } = await unattended(connection);
    expect(await waitForConsent(run, Date.now())).toBe(true);
    scalekit.setStatus('notion', 'user-1', 'EXPIRED');
    await expect(connection.tokens.get()).rejects.toThrow('lost');
    expect(connection.state()).toMatchObject({ need: 'nothing', offersConsent: false });
    connection.reportLost();
    expect(connection.state()).toMatchObject({ need: 'lost', offersConsent: true });
    expect(await consent(scalekit, connection)).toEqual({ kind: 'verified' });
  });

  it('takes no callback when it is over', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link)).searchParams;
    await connection.stop();
    expect(await connection.finish('notion', returned, cookie)).toEqual({ kind: 'expired' });
    expect(scalekit.calls).not.toContain('VerifyConnectedAccountUser');
  });
});

it('a run that is to stop does not wait for a Scalekit that is silent', async () => {
  const { scalekit, connect } = await world();
  scalekit.faults.delay(600_000);
  const connection = connect({ env: { SCALEKIT_TIMEOUT_MS: '60000' } });
  const { run } = await unattended(connection);
  const stop = new AbortController();
  const waiting = waitForConsent({ ...run, stopping: { ...run.stopping, waiting: stop.signal } }, Date.now());
  stop.abort();
  expect(await waiting).toBe(false);
  expect(connection.state()).toMatchObject({ status: 'UNSPECIFIED', need: 'nothing' });
});

it('no query or body of a request asks for a new consent: only the input does', async () => {
  const { scalekit, connect, connectBefore } = await world();
  await connectBefore('user-1');
  const connection = connect();
  const { view } = await unattended(connection);
  await connection.ready();
  const links = minted(scalekit.calls);
  const wanted = 'reconnectNotion=true&reconnect=1&renew=1';
  const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  for (const path of ['/', '/connect/notion', '/callback/notion']) {
    await (await fetch(`${view.url}${path}?${wanted}`)).text();
    const posted = await fetch(`${view.url}${path}?${wanted}`, { method: 'POST', headers, body: wanted });
    expect([405, 409], path).toContain(posted.status);
  }
  expect(connection.state()).toMatchObject({ status: 'ACTIVE', need: 'nothing', offersConsent: false });
  expect(minted(scalekit.calls)).toBe(links);
});

it('two hundred clicks cost the operator’s Scalekit no more than eight', async () => {
  const { scalekit, connect } = await world();
  // Polls come after a click that minted a link, and not by themselves.
  const connection = connect({ timing: { pollMs: 3_600_000, pollMaxMs: 3_600_000 } });
  const { view } = await unattended(connection);
  await connection.ready();
  const click = async (): Promise<number> => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${view.url}/connect/notion`, { method: 'POST', redirect: 'manual', headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  const statuses: number[] = [];
  for (let round = 0; round < 10; round++)
    statuses.push(...(await Promise.all(Array.from({ length: 20 }, () => click()))));
  expect(statuses.filter((status) => status === 303)).toHaveLength(8);
  expect(new Set(statuses)).toEqual(new Set([303, 429]));
  expect(minted(scalekit.calls)).toBe(8);
  // Each of the eight: a look, at most one account that is looked for and made, a link, a look.
  expect(scalekit.calls.length).toBeLessThanOrEqual(8 * 6);
});

describe('an address that anybody could have written', () => {
  it('changes nothing that others see, and ends no consent that is under way', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const { run, view } = await unattended(connection);
    await connection.ready();
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link));
    await waitFor(connection, ({ problem }) => problem !== null);
    const state = returned.searchParams.get('state') ?? '';
    const attempts = new Set<string>();
    run.progress.subscribe(() => attempts.add(run.progress.get().connect.lastAttempt));

    const open = (query: string, sent?: string) =>
      fetch(`${view.url}/callback/notion${query}`, { headers: sent === undefined ? {} : { cookie: sent } });
    const own = `wtn-consent=${cookie}`;
    const forged: [query: string, sent?: string][] = [
      ['?error=x'],
      ['?error=x', own],
      ['?state=junk&error=x', own],
      ['?state=junk&auth_request_id=junk', own],
      [`?state=${state}&error=x`],
      [`?state=${state}&error=x`, 'wtn-consent=of-somebody-else'],
    ];
    for (const [query, sent] of forged) {
      const answer = await open(query, sent);
      await answer.text();
      expect(answer.headers.has('set-cookie'), query).toBe(false);
    }
    expect(run.progress.get().connect.lastAttempt).toBe('started');
    expect([...attempts].filter((attempt) => attempt !== 'started')).toEqual([]);

    const finished = await open(returned.search, own);
    expect(await finished.text()).toContain('Authorized');
    expect(finished.headers.get('set-cookie')).toMatch(/^wtn-consent=; Max-Age=0/);
    expect(run.progress.get().connect).toMatchObject({ status: 'ACTIVE', lastAttempt: 'verified' });
  });
});
