import type { ConnectorName } from '../consent.js';
import type { StageLog } from '../log.js';
import type { Connection } from './contract.js';
import { OperatorError } from '../errors.js';
import { accountIdentifier } from './identity.js';
import { openScalekitConnection } from './scalekit-connection.js';
import type { ConnectSettings } from './settings.js';
import { openStaticConnection } from './static-connection.js';
import { NO_USER_SENTENCE } from './words.js';
import { CONNECT_TIMING } from './timing.js';
import type { ConnectTiming } from './timing.js';

export type { Connection, ConnectionState } from './contract.js';

export interface ConnectionOptions {
  connector: ConnectorName;
  settings: ConnectSettings;
  /** Whom the run acts for; `local` when nobody says. */
  userId: string;
  runId: string | null;
  /** The input asks for a new consent although the account may be ACTIVE. */
  reconnect: boolean;
  /** True when an earlier run of this user wrote through this connector. */
  hadEarlierSync: () => Promise<boolean>;
  log: StageLog;
  /** Told of every secret that turns up (tokens, links), so that the logger can keep it out. */
  onSecret?: (secret: string) => void;
  timing?: Partial<ConnectTiming>;
  now?: () => number;
}

/** Chooses the way to connect (Scalekit, else NOTION_TOKEN, else none) and prepares it; makes no request yet. */
export function createConnection(options: ConnectionOptions): Connection {
  const { settings, log } = options;
  const connector = settings.connectors[options.connector];
  if (settings.warning !== null) log.warning(settings.warning);
  if (settings.problem !== null || settings.scalekit === null) {
    const token = options.connector === 'notion' ? settings.notionToken : null;
    return openStaticConnection(connector, token, settings.problem);
  }
  const identifier = accountIdentifier(connector, options.userId, settings.isAtHome);
  if (identifier === null) return openStaticConnection(connector, null, new OperatorError(NO_USER_SENTENCE));
  return openScalekitConnection({
    connector,
    scalekit: settings.scalekit,
    identifier,
    runId: options.runId,
    reconnect: options.reconnect,
    hadEarlierSync: options.hadEarlierSync,
    log,
    onSecret: options.onSecret ?? (() => undefined),
    timing: { ...CONNECT_TIMING, ...options.timing },
    now: options.now ?? Date.now,
  });
}
