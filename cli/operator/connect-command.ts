import { SILENT } from '../../src/log.js';
import { parseArgs } from 'node:util';
import { createConnection, type Connection } from '../../src/connect/connection.js';
import type { Connector } from '../../src/connect/connectors.js';
import type { ConnectSettings } from '../../src/connect/settings.js';
import type { ConnectTiming } from '../../src/connect/timing.js';
import { CONNECTOR_LABELS, type ConnectorName } from '../../src/consent.js';
import { startLiveView } from '../../src/live-view/server.js';
import { Progress } from '../../src/progress.js';
import { orStopped, UsageError, type Command, type CommandContext } from './command.js';
import { operatorScalekit } from './scalekit.js';

const USAGE = `Usage: npm run connect -- youtube

Connects the account that every run shares, from this computer: prints the address of a page, which leads to consent.
The connector is youtube, or notion or gmail where <CONNECTOR>_SHARED_IDENTIFIER is set. Ctrl-C ends it.`;

/** How long the page stays up for the operator. */
const PATIENCE_MS = 15 * 60_000;
/** How long the page stays up after the outcome, for the tab that shows it. */
const GRACE_SECS = 5;

/** @param waits shorter ones for tests */
export function createConnectCommand(waits: { patienceMs: number; timing?: Partial<ConnectTiming> }): Command {
  return {
    usage: USAGE,
    run: async (context) => {
      const { settings, terminal, onSecret } = context;
      const connector = sharedConnector(context);
      operatorScalekit(settings);
      const progress = new Progress({
        runId: null,
        userId: null,
        startUrls: [],
        dryRun: false,
        destination: null,
        sharedAccount: { connectionName: connector.connectionName, identifier: connector.identifier },
      });
      const connection = createConnection({
        connector: connector.name,
        settings: asOwnAccount(settings, connector),
        userId: connector.identifier,
        runId: null,
        reconnect: false,
        hadEarlierSync: async () => false,
        log: SILENT,
        onSecret,
        ...(waits.timing && { timing: waits.timing }),
      });
      const tell = (): void => progress.update('connect', connection.state());
      progress.update('connect', { connector: connector.name, mode: 'per-user' });
      connection.onChange(tell);
      connection.start();
      try {
        await orStopped(connection.ready(), context.signal);
        tell();
        if (connection.state().status === 'ACTIVE') {
          terminal.say(
            `${connector.label} is connected already, as "${connector.identifier}". ` +
              `To connect another account: npm run accounts -- disconnect ${connector.identifier}`,
          );
          return 0;
        }
        const failure = connection.failure();
        if (failure !== null) throw failure;
        return await showPage(context, connector, connection, progress, waits.patienceMs);
      } finally {
        await connection.stop();
      }
    },
  };
}

export const connectCommand = createConnectCommand({ patienceMs: PATIENCE_MS });

type SharedConnector = Connector & { identifier: string };

function sharedConnector({ args, settings }: CommandContext): SharedConnector {
  const { positionals } = parse(args);
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new UsageError('Name one connector.');
  if (!Object.hasOwn(CONNECTOR_LABELS, name)) {
    throw new UsageError(`There is no connector "${name}"; there are notion, youtube and gmail.`);
  }
  const connector = settings.connectors[name as ConnectorName];
  if (connector.identifier === null) {
    throw new UsageError(
      `${connector.label} is not shared: each user connects their own account in their own run. ` +
        `Set ${name.toUpperCase()}_SHARED_IDENTIFIER if every run is to use one account of yours.`,
    );
  }
  return { ...connector, identifier: connector.identifier };
}

function parse(args: string[]): { positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: {} });
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message.split('.')[0]}.` : String(error));
  }
}

/** To the operator the shared account is their own: the same consent as a user's, for the operator's identifier. */
function asOwnAccount(settings: ConnectSettings, connector: SharedConnector): ConnectSettings {
  const own: Connector = { ...connector, mode: 'per-user', identifier: null };
  return { ...settings, isAtHome: false, connectors: { ...settings.connectors, [connector.name]: own } };
}

async function showPage(
  { env, terminal, signal }: CommandContext,
  connector: SharedConnector,
  connection: Connection,
  progress: Progress,
  patienceMs: number,
): Promise<number> {
  const { label, name, connectionName, identifier } = connector;
  const liveView = await startLiveView({
    port: env.ACTOR_WEB_SERVER_PORT ?? null,
    baseUrl: env.ACTOR_WEB_SERVER_URL ?? null,
    progress,
    consent: connection,
    isAtHome: false,
    onFault: (what, error) => terminal.complain(`${what} ${error instanceof Error ? error.message : ''}`.trim()),
  });
  try {
    terminal.say(`Open this page in a browser on this computer and choose Connect ${label}: ${liveView.url}`);
    progress.update('connect', { waitingUntil: Date.now() + patienceMs });
    const patience = AbortSignal.timeout(patienceMs);
    const isConnected = await connection.waitUntilActive(AbortSignal.any([signal, patience]));
    const failure = connection.failure();
    const message = isConnected
      ? `${label} is connected: every run uses connection "${connectionName}" as "${identifier}".`
      : (failure?.message ??
        connection.state().problem ??
        `${label} was not connected, and nothing was changed. Start again when you are ready: npm run connect -- ${name}`);
    // Only "over" counts here; the page itself tells connected from not by the account.
    progress.finish({ status: isConnected ? 'SYNCED' : 'NOT_CONNECTED', message });
    if (isConnected) terminal.say(message);
    else terminal.complain(message);
    await liveView.close({ graceSecs: signal.aborted ? 0 : GRACE_SECS });
    return isConnected ? 0 : 1;
  } finally {
    await liveView.close({ graceSecs: 0 });
  }
}
