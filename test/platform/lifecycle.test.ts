import { describe, expect, it } from 'vitest';
import { eventually } from '../e2e/actor.js';
import { writes } from '../e2e/workspace.js';
import { keysIn, keysOf, worldForTests } from './world.js';

// More than are written at once.
const PAGES = 10;

describe('a run on the platform that does not end in one piece', { timeout: 180_000 }, () => {
  const world = worldForTests({ pages: PAGES });

  /** A run that has read four pages and waits for the others. */
  async function halfCrawled(title: string) {
    world.site.requests.length = 0;
    world.site.hold(4);
    const run = await world.start({ notionDatabaseTitle: title });
    await eventually('four pages are stored', async () => run.items.length === 4 && world.site.waiting() > 0);
    return run;
  }

  /** A run that has written some rows and is about to write the others. */
  async function halfWritten(title: string) {
    world.sandbox.notion.faults.add({ match: { method: 'POST', path: /\/pages$/ }, effect: 'slow', delayMs: 500 });
    const run = await world.start({ notionDatabaseTitle: title });
    await eventually('some rows are written', async () => run.resultRows.length >= 3);
    return run;
  }

  async function expectWhole(run: Awaited<ReturnType<typeof halfCrawled>>, title: string) {
    expect(run.status, run.log).toBe('SUCCEEDED');
    expect(run.output?.status, run.log).toBe('SYNCED');
    expect(keysOf(run)).toHaveLength(PAGES);
    expect(new Set(keysOf(run)).size).toBe(PAGES);
    expect(await keysIn(world, title)).toEqual(keysOf(run));
    expect(run.resultRows.map(({ key }) => key).sort()).toEqual(keysOf(run));
    expect(run.output?.notion).toMatchObject({ created: PAGES, updated: 0, failed: 0 });
  }

  it('is moved in the midst of the crawl: asks for the move and goes on there', async () => {
    const run = await halfCrawled('Moved while collecting');
    run.emit('migrating');
    // Pages that are being read would be waited for.
    world.site.breakOff();
    await eventually('the second container reads', async () => run.starts === 2);
    world.site.release();
    await run.finished();
    await expectWhole(run, 'Moved while collecting');
    expect(run.output?.crawl).toMatchObject({ pagesLoaded: PAGES, complete: true });
    expect(world.platform.requests.filter(({ path }) => path === `/actor-runs/${run.id}/reboot`)).toHaveLength(1);
  });

  it('is moved in the midst of the sync, and may not ask for it: waits to be moved, nothing is written twice', async () => {
    world.platform.faults.refuse = ({ path }) => path.endsWith('/reboot');
    const run = await halfWritten('Moved while writing');
    run.emit('migrating');
    await eventually('it says that it waits', async () => run.log.includes('waits until the platform moves it'));
    expect(run.log).toContain('"Actor runs: Write"');
    expect(run.status).toBe('RUNNING');
    world.sandbox.notion.faults.clear();
    await run.reboot();
    await run.finished();
    await expectWhole(run, 'Moved while writing');
  });

  it('is killed without a word in the midst of the sync, and resurrected', async () => {
    const run = await halfWritten('Killed while writing');
    await run.abort(false);
    await run.finished();
    expect(run.status).toBe('ABORTED');
    world.sandbox.notion.faults.clear();
    await (await run.start()).finished();
    await expectWhole(run, 'Killed while writing');
  });

  it('hits its timeout in the midst of the crawl, and is resurrected: pages read before are not read again', async () => {
    const run = await halfCrawled('Timed out');
    // What is read within the last seconds before a kill is read again, and stored once all the same.
    await eventually('the first page is written down', async () =>
      run.requestQueue.requests.some(({ url, handledAt }) => handledAt && new URL(String(url)).pathname === '/'),
    );
    await run.timeOut();
    expect(run.status).toBe('TIMED-OUT');
    world.site.release();
    const before = world.site.requests.filter((path) => path === '/').length;
    await (await run.start()).finished();
    await expectWhole(run, 'Timed out');
    expect(world.site.requests.filter((path) => path === '/')).toHaveLength(before);
  });

  it('is resurrected after its end: there is nothing left to do', async () => {
    const run = await world.run({ notionDatabaseTitle: 'Again' });
    const before = world.sandbox.notion.requests.length;
    const read = world.site.requests.length;
    await (await run.start()).finished();
    await expectWhole(run, 'Again');
    expect(writes(world.sandbox.notion, before)).toEqual([]);
    expect(world.site.requests.slice(read).filter((path) => path !== '/robots.txt')).toEqual([]);
  });

  it('is aborted gracefully: writes what was read and says so; resurrected, it goes on with the rest', async () => {
    const run = await halfCrawled('Aborted');
    await run.abort(true);
    world.site.breakOff();
    await run.finished();
    expect(run.status).toBe('ABORTED');
    expect(run.exitCode, run.log).toBe(0);
    expect(run.output?.status, run.log).toBe('PARTIAL');
    expect(run.output?.message).toMatch(/^Stopped on request\. 4 pages created/);
    expect(run.output?.crawl).toMatchObject({ complete: false });
    expect(await keysIn(world, 'Aborted')).toEqual(keysOf(run));
    expect(run.messages.at(-1)).toEqual({ text: run.output?.message, terminal: true });
    world.site.release();
    await (await run.start()).finished();
    await expectWhole(run, 'Aborted');
    expect(run.output?.crawl).toMatchObject({ pagesLoaded: PAGES, complete: true });
  });

  it('is aborted gracefully in the midst of the sync: writes the rest in the time that is left', async () => {
    const run = await halfWritten('Aborted while writing');
    await run.abort(true);
    world.sandbox.notion.faults.clear();
    await run.finished();
    expect(run.status).toBe('ABORTED');
    expect(run.exitCode, run.log).toBe(0);
    expect(run.output, run.log).toMatchObject({ status: 'SYNCED', notion: { created: PAGES, failed: 0 } });
    expect(await keysIn(world, 'Aborted while writing')).toEqual(keysOf(run));
    expect(run.resultRows).toHaveLength(PAGES);
  });

  it('ends its crawl in time to write before the timeout', async () => {
    // An earlier part has read the pages, so that nothing depends on how fast the one with the timeout starts up.
    const run = await halfCrawled('Timeout');
    await run.crash();
    // Of 40 seconds the sink keeps 20 and the report 10.
    await (await run.start(40)).finished();
    expect(run.status, run.log).toBe('SUCCEEDED');
    expect(run.output?.status, run.log).toBe('PARTIAL');
    expect(run.output?.message).toMatch(/^Stopped before the run's timeout\. 4 pages created/);
    expect(await keysIn(world, 'Timeout')).toEqual(keysOf(run));
  });
});
