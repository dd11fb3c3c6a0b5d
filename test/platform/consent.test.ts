import { describe, expect, it } from 'vitest';
import { eventually } from '../e2e/actor.js';
import { keysIn, keysOf, WORKSPACE, type World, worldForTests } from './world.js';

const PAGES = 3;

/** Runs that somebody started in the Console and that wait for consent when the platform has other plans. */
describe('a run on the platform that waits for consent', { timeout: 180_000 }, () => {
  const world = worldForTests({ pages: PAGES, isConnected: false });

  type Run = Awaited<ReturnType<World['start']>>;

  /** A run whose pages are all stored and that waits. */
  async function waiting(title: string): Promise<Run> {
    const run = await world.start({ notionDatabaseTitle: title }, { origin: 'WEB' });
    await waits(run);
    return run;
  }

  const waits = (run: Run) =>
    eventually('the run waits for a person', async () =>
      /waits <span[^>]*>\d:\d\d</.test(await (await fetch(run.liveView)).text()),
    );

  /** A click on "Continue to Notion": what the browser has from it. */
  async function click(run: Run): Promise<{ link: string; cookie: string }> {
    const answer = await fetch(`${run.liveView}/connect/notion`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { link: answer.headers.get('location') ?? '', cookie };
  }

  async function moved(run: Run): Promise<void> {
    const before = run.starts;
    run.emit('migrating');
    await eventually('the next container starts', async () => run.starts === before + 1);
    await waits(run);
  }

  const read = () => world.site.requests.filter((path) => path !== '/robots.txt').length;

  it('aborting: the wait ends, the items are kept, and the message says how to go on', async () => {
    const run = await waiting('Aborted');
    await run.abort(true);
    await run.finished();
    expect([run.status, run.exitCode], run.log).toEqual(['ABORTED', 0]);
    expect(run.output, run.log).toMatchObject({ status: 'NOT_CONNECTED', notion: null });
    expect(run.output?.message).toContain('datasetId');
    expect(keysOf(run)).toHaveLength(PAGES);
    expect(run.messages.at(-1)).toEqual({ text: run.output?.message, terminal: true });
    await expect(fetch(run.liveView)).rejects.toThrow();
  });

  it('migrating, twice: the page is back, nothing is read again, a half-done consent is restarted or finished', async () => {
    const run = await waiting('Moved');
    const pages = read();
    const begun = await click(run);
    await moved(run);
    expect(read()).toBe(pages);
    expect(run.output).toBeNull();

    // Restarted: the first link was never followed; a new click makes it worthless.
    const again = await click(run);
    await expect(world.sandbox.scalekit.approve(begun.link, WORKSPACE)).rejects.toThrow('expired');

    // Finished: consent was given in this container's time, and the browser comes back to the next one.
    const returned = new URL(await world.sandbox.scalekit.approve(again.link, WORKSPACE));
    await moved(run);
    // The platform leads the address to wherever the run lives now.
    const address = `${run.liveView}${returned.pathname}${returned.search}`;
    expect((await fetch(address)).status).toBe(403);
    expect((await fetch(address, { headers: { cookie: begun.cookie } })).status).toBe(403);
    expect(world.sandbox.scalekit.accounts.get('notion/stub-user')?.status).toBe('PENDING_VERIFICATION');
    const done = await fetch(address, { headers: { cookie: again.cookie } });
    expect(await done.text()).toContain('Authorized');

    await run.finished();
    expect(run.status, run.log).toBe('SUCCEEDED');
    expect(run.output?.status, run.log).toBe('SYNCED');
    expect(run.output?.notion).toMatchObject({ created: PAGES });
    expect(await keysIn(world, 'Moved')).toEqual(keysOf(run));
    expect(run.starts).toBe(3);
  });
});
