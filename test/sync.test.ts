import { afterEach, expect, it, vi } from 'vitest';
import { ConnectionLostError } from '../src/errors.js';
import { forgetfulStore } from '../src/memory.js';
import type { OpenRun } from '../src/open-run.js';
import type { RunFacts } from '../src/report.js';
import type { ItemSource } from '../src/sinks/sink.js';
import { sync } from '../src/sync.js';
import { closeWorlds, consent, liveViewOf, waitFor, world } from './connect/support.js';

afterEach(async () => {
  vi.restoreAllMocks();
  await closeWorlds();
});

const ITEMS = { count: 1 } as unknown as ItemSource;

it('a connection that is lost late in a long sync gets the whole wait again, and goes on when somebody reconnects', async () => {
  const { scalekit, connect, connectBefore } = await world();
  await connectBefore('user-1');
  const connection = connect();
  const { view, progress } = await liveViewOf(connection);
  const clock = Date.now;
  let aheadMs = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => clock() + aheadMs);
  const tokens: string[] = [];
  const sink = {
    check: async () => ({ workspace: { botId: 'bot', name: 'Acme', userName: null }, destination: null }),
    sync: async () => {
      tokens.push(await connection.tokens.get());
      if (tokens.length > 1) return { finished: true, destination: null };
      // Longer than any run waits for a person.
      aheadMs += 3_600_000;
      throw new ConnectionLostError('Notion refuses the token.');
    },
    partialReport: () => null,
  };
  const run = {
    platform: { env: { origin: 'WEB' }, log: { warning: () => undefined } },
    input: { authorizationWaitSecs: null, dryRun: false, reconnectNotion: false },
    stopping: { waiting: new AbortController().signal, cause: () => null },
    ...{ connection, liveView: view, progress, sink, memory: forgetfulStore(), userId: 'user-1' },
  } as unknown as OpenRun;
  const facts = { workspace: null, sync: null, stopped: null } as unknown as RunFacts;

  const synced = sync(run, ITEMS, facts);
  const reconnected = waitFor(connection, ({ need }) => need === 'lost').then(() => consent(scalekit, connection));
  await Promise.all([synced, reconnected]);
  expect(facts.sync).toMatchObject({ finished: true });
  expect(new Set(tokens).size).toBe(2);
});
