import { describe, expect, it } from 'vitest';
import { ConnectionLostError, DestinationError } from '../src/errors.js';
import { conclude, outputOf, type RunFacts } from '../src/report.js';
import type { SinkReport } from '../src/sinks/sink.js';

const crawl = {
  pagesLoaded: 42,
  itemsStored: 42,
  pagesFailed: 0,
  skipped: {},
  complete: true,
  browserPages: 0,
  httpPages: 42,
  unreadableValues: 0,
  seconds: 5,
  failures: [],
};

const sync: SinkReport = {
  total: 42,
  done: 42,
  created: 40,
  updated: 2,
  unchanged: 0,
  removed: 0,
  restored: 0,
  kept: 0,
  failed: 0,
  failedRows: 0,
  destination: {
    databaseId: 'db',
    databaseUrl: 'https://notion.example/db',
    dataSourceId: 'ds',
    title: 'docs.example.com',
  },
  notes: [],
  requests: 50,
  rateLimitedSeconds: 0,
  seconds: 9,
  finished: true,
};

function facts(patch: Partial<RunFacts>): RunFacts {
  return {
    crawl,
    items: 42,
    emptiedOnStart: false,
    datasetId: 'dataset-1',
    connections: [],
    workspace: { botId: 'bot', name: 'Acme', userName: 'Ada' },
    sync,
    dryRun: false,
    planned: null,
    notConnected: null,
    stopped: null,
    error: null,
    ...patch,
  };
}

describe('how a run ends (design §3.5)', () => {
  it('says what was written and where', () => {
    expect(conclude(facts({}))).toEqual({
      status: 'SYNCED',
      exitCode: 0,
      message: '40 pages created, 2 updated in "docs.example.com" (Acme).',
    });
  });

  it('says that there was nothing to do', () => {
    const { message, status } = conclude(facts({ sync: { ...sync, created: 0, updated: 0, unchanged: 42 } }));
    expect(status).toBe('SYNCED');
    expect(message).toBe('Nothing to do: 42 pages up to date in "docs.example.com" (Acme).');
  });

  it('fails when no page could be read, and names the first reason', () => {
    const failures = [
      { url: 'https://a.example/', reason: 'http', httpStatusCode: 500, message: 'The server answered 500.' },
    ];
    const none = { ...crawl, pagesLoaded: 0, itemsStored: 0, pagesFailed: 1, failures };
    const end = conclude(facts({ crawl: none, items: 0, sync: null }));
    expect(end.exitCode).toBe(1);
    expect(end.message).toContain('No page could be read. https://a.example/: The server answered 500.');
  });

  it('fails when pages gave no item', () => {
    const end = conclude(facts({ crawl: { ...crawl, itemsStored: 0 }, items: 0, sync: null }));
    expect(end).toMatchObject({ status: 'FAILED', exitCode: 1 });
    expect(end.message).toContain('recordSelector');
  });

  it('fails with the fix when the destination is unusable, and says that the items are stored', () => {
    const end = conclude(facts({ error: new DestinationError('Add the connection to the page.'), sync: null }));
    expect(end).toMatchObject({ status: 'FAILED', exitCode: 1 });
    expect(end.message).toBe('Add the connection to the page. 42 pages are stored in the dataset.');
  });

  it('counts what had been written when a connection was lost midway', () => {
    const end = conclude(
      facts({ error: new ConnectionLostError('Reconnect.'), sync: { ...sync, created: 7, updated: 0 } }),
    );
    expect(end.exitCode).toBe(1);
    expect(end.message).toContain('7 pages had been written before.');
  });

  it('succeeds without a connection, and says how to sync the items later', () => {
    const end = conclude(facts({ notConnected: 'never', sync: null }));
    expect(end).toMatchObject({ status: 'NOT_CONNECTED', exitCode: 0 });
    expect(end.message).toContain('start this Actor once from the Console');
    expect(end.message).toContain('`datasetId` "dataset-1"');
    expect(outputOf(facts({ notConnected: 'never', sync: null }), end).notion).toBeNull();
  });

  it('is PARTIAL when some items failed, FAILED when all did', () => {
    expect(conclude(facts({ sync: { ...sync, created: 40, updated: 0, failed: 2 } }))).toMatchObject({
      status: 'PARTIAL',
      exitCode: 0,
      message: '40 pages created, 2 failed in "docs.example.com" (Acme).',
    });
    expect(conclude(facts({ sync: { ...sync, created: 0, updated: 0, failed: 42 } }))).toMatchObject({
      status: 'FAILED',
      exitCode: 1,
    });
  });

  it('does not take a row that could not be removed for a page that could not be written', () => {
    const one = { ...sync, total: 1, done: 1, created: 0, updated: 0, unchanged: 1, failed: 1, failedRows: 1 };
    expect(conclude(facts({ items: 1, sync: one }))).toMatchObject({ status: 'PARTIAL', exitCode: 0 });
    const none = { ...one, unchanged: 0, failed: 2 };
    expect(conclude(facts({ items: 1, sync: none }))).toMatchObject({ status: 'FAILED', exitCode: 1 });
  });

  it('is PARTIAL when the run was cut', () => {
    const end = conclude(facts({ stopped: 'timeout', crawl: { ...crawl, complete: false } }));
    expect(end).toMatchObject({ status: 'PARTIAL', exitCode: 0 });
    expect(end.message).toMatch(/^Stopped before the run's timeout\. 40 pages created/);
  });

  it('marks a dry run', () => {
    const end = conclude(facts({ dryRun: true }));
    expect(end).toMatchObject({ status: 'DRY_RUN', exitCode: 0 });
    expect(end.message).toContain('nothing was written');
  });

  it('tells what keeps the items off the platform, where a fresh start empties the default dataset', () => {
    const end = conclude(
      facts({ notConnected: 'not-configured', sync: null, emptiedOnStart: true, datasetId: 'default' }),
    );
    expect(end.message).toContain('`datasetId` "default" and CRAWLEE_PURGE_ON_START=0 in the environment');
  });

  it('does not hide pages that could not be read', () => {
    const end = conclude(facts({ crawl: { ...crawl, pagesFailed: 10 } }));
    expect(end.message).toMatch(/\(Acme\)\. 10 pages could not be read\.$/);
  });

  it('says in words why nothing was read, and that a run was stopped', () => {
    const none = { ...crawl, pagesLoaded: 0, itemsStored: 0, skipped: { robotsTxt: 1 } };
    expect(conclude(facts({ crawl: none, items: 0, sync: null })).message).toBe(
      'No page could be read. 1 page left out because robots.txt does not allow it or could not be read. Check the start URLs.',
    );
    const cut = conclude(facts({ notConnected: 'never', sync: null, stopped: 'aborted' }));
    expect(cut.message).toMatch(/^Stopped on request\. 42 pages are stored/);
    expect(conclude(facts({ crawl: none, items: 0, sync: null, stopped: 'timeout' }))).toMatchObject({
      status: 'FAILED',
      exitCode: 1,
    });
  });

  it('never shows a stack trace', () => {
    const error = new TypeError('Cannot read properties of undefined\n    at x (file.ts:1:1)');
    expect(conclude(facts({ error })).message).not.toMatch(/\n|file\.ts/);
  });
});

it('OUTPUT holds counts, names and addresses, and no words of a vendor', () => {
  const error = new ConnectionLostError('The connection to Notion was lost.', {
    detail: 'scalekit status EXPIRED',
    cause: new Error('invalid_grant for ada@example.com'),
  });
  const connections = [{ connector: 'notion', mode: 'per-user', state: 'EXPIRED', workspace: 'Acme' }] as const;
  const lost = facts({ error, connections: [...connections] });
  const output = outputOf(lost, conclude(lost));
  expect(Object.keys(output)).toEqual(['status', 'message', 'crawl', 'connections', 'notion']);
  expect(Object.keys(output.notion as object)).toEqual([
    ...['databaseId', 'databaseUrl', 'dataSourceId', 'created', 'updated', 'unchanged', 'removed', 'restored', 'kept'],
    ...['failed', 'requests', 'rateLimitedSeconds', 'seconds'],
  ]);
  expect(JSON.stringify(output)).not.toMatch(/invalid_grant|ada@example|scalekit status|Ada/);
});
