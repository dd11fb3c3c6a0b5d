import { OperatorError } from '../errors.js';
import { isLoopback } from '../loopback.js';
import { connectorTable } from './connectors.js';
import type { Connector, Environment } from './connectors.js';
import type { ConnectorName } from '../consent.js';

export interface ScalekitSettings {
  /** The environment's base URL, without a trailing slash. */
  envUrl: string;
  clientId: string;
  /** Secret. */
  clientSecret: string;
  /** Per attempt of one request. */
  timeoutMs: number;
}

/** What the environment says about connections (design §3.1), read once. */
export interface ConnectSettings {
  /** `null` when Scalekit is not configured, or not usably so (`problem` says why). */
  scalekit: ScalekitSettings | null;
  /** Secret. A personal token for local runs; always `null` on the platform. */
  notionToken: string | null;
  notion: { apiUrl: string; timeoutMs: number };
  connectors: Record<ConnectorName, Connector>;
  isAtHome: boolean;
  /** What only the operator can put right. It fails the run after the items are stored, not before. */
  problem: OperatorError | null;
  /** Something was set and is ignored; a sentence. */
  warning: string | null;
}

/** Variables whose values are secrets: taken out of the environment after they were read. */
export const SECRET_VARIABLES = ['SCALEKIT_CLIENT_SECRET', 'NOTION_TOKEN'] as const;

const DEFAULT_NOTION_URL = 'https://api.notion.com';
/** The schema that Scalekit checks `connector` against; it is the name shown in the dashboard. */
const CONNECTION_NAME = /^[a-zA-Z0-9_: -]{1,400}$/;
const MAX_IDENTIFIER = 100;

/** Reads the settings and removes the secrets from `env`, so that no child process and no later code sees them. */
export function takeSettings(env: Record<string, string | undefined>): ConnectSettings {
  const settings = readConnectSettings(env);
  for (const name of SECRET_VARIABLES) delete env[name];
  return settings;
}

/** Reads the settings. Pure, and never throws: what cannot be used is in `problem`, the first one found. */
export function readConnectSettings(env: Environment): ConnectSettings {
  const problems: OperatorError[] = [];
  const attempt = <T>(read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      problems.push(error);
      return fallback;
    }
  };

  const isAtHome = /^(1|true)$/i.test(env.APIFY_IS_AT_HOME ?? '');
  const notionToken = text(env, 'NOTION_TOKEN');
  const connectors = connectorTable(env);
  const settings = {
    scalekit: attempt(() => readScalekit(env), null),
    notion: {
      apiUrl: attempt(() => address(env, 'NOTION_API_URL') ?? DEFAULT_NOTION_URL, DEFAULT_NOTION_URL),
      timeoutMs: attempt(() => milliseconds(env, 'NOTION_TIMEOUT_MS', 60_000), 60_000),
    },
    notionToken: isAtHome ? null : notionToken,
    connectors,
    isAtHome,
    warning:
      isAtHome && notionToken !== null
        ? 'NOTION_TOKEN is ignored on the Apify platform, where each run acts as its own user. Remove the variable from the Actor.'
        : null,
  };
  for (const connector of Object.values(connectors)) attempt(() => checkConnector(connector), undefined);
  return { ...settings, problem: problems[0] ?? null };
}

function readScalekit(env: Environment): ScalekitSettings | null {
  const urlName = text(env, 'SCALEKIT_ENV_URL') === null ? 'SCALEKIT_ENVIRONMENT_URL' : 'SCALEKIT_ENV_URL';
  const envUrl = address(env, urlName);
  const clientId = text(env, 'SCALEKIT_CLIENT_ID');
  const clientSecret = text(env, 'SCALEKIT_CLIENT_SECRET');
  if (envUrl === null && clientId === null && clientSecret === null) return null;
  if (envUrl === null || clientId === null || clientSecret === null) {
    const values = { SCALEKIT_ENV_URL: envUrl, SCALEKIT_CLIENT_ID: clientId, SCALEKIT_CLIENT_SECRET: clientSecret };
    const missing = Object.entries(values).flatMap(([name, value]) => (value === null ? [name] : []));
    throw new OperatorError(
      `Scalekit is configured only in part: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing. ` +
        'All three values are in the Scalekit dashboard under Developers → Settings → API Credentials.',
    );
  }
  return { envUrl, clientId, clientSecret, timeoutMs: milliseconds(env, 'SCALEKIT_TIMEOUT_MS', 8_000) };
}

/** A base URL; cleartext is for stand-ins on this computer only, or the credentials would cross a network readable. */
function address(env: Environment, name: string): string | null {
  const value = text(env, name);
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new OperatorError(`${name} must be a URL that begins with https://, for example https://acme.scalekit.com.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new OperatorError(`${name} must begin with https://: over http:// the credentials could be read on the way.`);
  }
  return url.href.replace(/\/+$/, '');
}

function milliseconds(env: Environment, name: string, fallback: number): number {
  const value = text(env, name);
  if (value === null) return fallback;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 600_000) return number;
  throw new OperatorError(`${name} must be a whole number of milliseconds from 1 to 600000; it is "${value}".`);
}

function checkConnector({ name, connectionName, identifier }: Connector): void {
  const prefix = name.toUpperCase();
  if (!CONNECTION_NAME.test(connectionName)) {
    throw new OperatorError(
      `SCALEKIT_${prefix}_CONNECTION must be a connection name as the Scalekit dashboard shows it under AgentKit → Connections ` +
        '(letters, digits, spaces and _ : -).',
    );
  }
  if (identifier !== null && identifier.length > MAX_IDENTIFIER) {
    throw new OperatorError(`${prefix}_SHARED_IDENTIFIER must have at most ${MAX_IDENTIFIER} characters.`);
  }
}

function text(env: Environment, name: string): string | null {
  return env[name]?.trim() || null;
}
