import { createConnection } from '../../src/connect/connection.js';
import type { Connection, ConnectionOptions } from '../../src/connect/connection.js';
import { readConnectSettings } from '../../src/connect/settings.js';
import type { ConsentFinish } from '../../src/consent.js';
import { startLiveView, type LiveView } from '../../src/live-view/server.js';
import { Progress } from '../../src/progress.js';
import { startScalekit } from '../../sandbox/scalekit/server.js';
import type { ScalekitStandIn, ScalekitStandInOptions } from '../../sandbox/scalekit/server.js';

export const CALLBACK = 'http://127.0.0.1:9/callback/notion';

/** Scaled down from seconds, so that a test sees many polls; generous where a slow machine must not matter. */
const TIMING = { pollMs: 20, pollMaxMs: 60, graceMs: 300, tokenBudgetMs: 500 };

const open: (() => Promise<void>)[] = [];

/** Everything that a connection said to the log and to the redactor. */
export interface Spoken {
  lines: string[];
  secrets: string[];
}

export interface World {
  scalekit: ScalekitStandIn;
  env: Record<string, string>;
  spoken: Spoken;
  /** Opens and starts a run's connection; stopped by `closeWorlds`. */
  connect: (options?: Partial<ConnectionOptions> & { env?: Record<string, string> }) => Connection;
  /** Takes a user's account through consent, as an earlier run did. */
  connectBefore: (userId: string, workspace?: string) => Promise<void>;
}

/** A Scalekit environment and the runs that use it. */
export async function world(options: Partial<ScalekitStandInOptions> = {}): Promise<World> {
  let grants = 0;
  const scalekit = await startScalekit({
    workspaces: ['Acme', 'Other'],
    grant: (workspace) => ({ accessToken: `secret-${workspace}-${(grants += 1)}`, refreshToken: `refresh-${grants}` }),
    ...options,
  });
  open.push(() => scalekit.close());
  const env = {
    SCALEKIT_ENV_URL: scalekit.url,
    SCALEKIT_CLIENT_ID: scalekit.clientId,
    SCALEKIT_CLIENT_SECRET: scalekit.clientSecret,
    SCALEKIT_TIMEOUT_MS: '4000',
  };
  const spoken: Spoken = { lines: [], secrets: [] };
  const connect: World['connect'] = ({ env: extra, timing, ...rest } = {}) => {
    const say = (message: string, data?: object): void => void spoken.lines.push(`${message} ${JSON.stringify(data)}`);
    const connection = createConnection({
      connector: 'notion',
      settings: readConnectSettings({ ...env, ...extra }),
      userId: 'user-1',
      runId: 'run-1',
      reconnect: false,
      hadEarlierSync: async () => false,
      log: { debug: say, info: say, warning: say },
      onSecret: (secret) => spoken.secrets.push(secret),
      timing: { ...TIMING, ...timing },
      ...rest,
    });
    connection.start();
    open.push(() => connection.stop());
    return connection;
  };
  const connectBefore: World['connectBefore'] = async (userId, workspace) => {
    const connection = connect({ userId, runId: `earlier-${userId}` });
    const outcome = await consent(scalekit, connection, { workspace });
    if (outcome.kind !== 'verified') throw new Error(`could not connect: ${outcome.kind}`);
    await connection.stop();
  };
  return { scalekit, env, spoken, connect, connectBefore };
}

/** The page of a run whose connection this is, as `run.ts` joins the two; ended by `closeWorlds`. */
export async function liveViewOf(connection: Connection): Promise<{ view: LiveView; progress: Progress }> {
  const progress = new Progress({ runId: 'run-1', userId: 'user-1', startUrls: [], dryRun: false, destination: null });
  const forward = (): void => progress.update('connect', connection.state());
  connection.onChange(forward);
  progress.update('connect', { mode: connection.mode });
  forward();
  const onFault = (): void => undefined;
  const view = await startLiveView({ port: 0, baseUrl: null, isAtHome: false, progress, consent: connection, onFault });
  open.push(() => view.close({ graceSecs: 0 }));
  return { view, progress };
}

/** Stops what `world` started. */
export async function closeWorlds(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** Begins consent, or fails with what came instead. */
export async function begin(connection: Connection): Promise<{ link: string; cookie: string }> {
  const started = await connection.begin('notion', CALLBACK);
  if (started.kind !== 'redirect') throw new Error(`consent did not begin: ${started.kind}`);
  return started;
}

/** The whole way through consent in one browser. */
export async function consent(
  scalekit: ScalekitStandIn,
  connection: Connection,
  options: { workspace?: string | undefined } = {},
): Promise<ConsentFinish> {
  const { link, cookie } = await begin(connection);
  const returned = new URL(await scalekit.approve(link, options.workspace));
  return connection.finish('notion', returned.searchParams, cookie);
}

/** Waits for what polling will bring; the time limit only ends a test that would hang. */
export function waitFor(
  connection: Connection,
  done: (state: ReturnType<Connection['state']>) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`never happened; the state is ${JSON.stringify(connection.state())}`)),
      20_000,
    );
    const check = (): void => {
      if (!done(connection.state())) return;
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const unsubscribe = connection.onChange(check);
    check();
  });
}

/** A signal that ends a wait which must not succeed. */
export const soon = (ms = 200): AbortSignal => AbortSignal.timeout(ms);
