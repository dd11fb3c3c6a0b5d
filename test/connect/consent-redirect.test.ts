import { afterEach, describe, expect, it, vi } from 'vitest';
import { Progress } from '../../src/progress.js';
import { startLiveView } from '../../src/live-view/server.js';
import { isSafeLink } from '../../src/connect/scalekit.js';
import { begin, closeWorlds, world } from './support.js';

afterEach(closeWorlds);

describe('where a browser is sent', () => {
  it('never leads anywhere but to our own page, whatever the verification returns', async () => {
    const { scalekit, connect } = await world();
    const connection = connect();
    const progress = new Progress({ runId: null, userId: null, startUrls: [], dryRun: false, destination: null });
    const view = await startLiveView({
      port: 0,
      baseUrl: null,
      progress,
      consent: connection,
      isAtHome: false,
      onFault: vi.fn(),
    });
    const { link, cookie } = await begin(connection);
    const returned = new URL(await scalekit.approve(link));
    // The stand-in answers the verification with an address of its own, as Scalekit does.
    const page = await fetch(`${view.url}/callback/notion${returned.search}`, {
      headers: { cookie: `wtn-consent=${cookie}` },
      redirect: 'manual',
    });
    const text = await page.text();
    await view.close({ graceSecs: 0 });
    expect([page.status, page.headers.get('location')]).toEqual([200, null]);
    expect(text).toContain('Authorized');
    expect(text).not.toContain(new URL(scalekit.url).host);
    expect([...text.matchAll(/url=([^"]*)/g)].map(([, url]) => url)).toEqual(['/']);
  });

  it.each([
    ['https://acme.scalekit.com/magicLink/1', true],
    ['http://127.0.0.1:4000/magicLink/1', true],
    ['http://acme.scalekit.com/magicLink/1', false],
    ['javascript:alert(1)', false],
    ['//acme.scalekit.com', false],
    ['', false],
  ])('takes no link that others could read on the way: %s → %s', (link, safe) => {
    expect(isSafeLink(link)).toBe(safe);
  });
});
