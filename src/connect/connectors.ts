import { CONNECTOR_LABELS, type ConnectorName } from '../consent.js';

/** One third-party product that a run may act on, and whose account it uses there. */
export interface Connector {
  name: ConnectorName;
  /** As a person knows it. */
  label: string;
  /** The connection's name in the operator's Scalekit dashboard; generated there, so it is configuration. */
  connectionName: string;
  mode: 'per-user' | 'shared';
  /** The operator's identifier that a shared connector acts as; `null` when each run acts as its own user. */
  identifier: string | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What holds when the environment says nothing. Nothing in a run's input can change a row. */
const DEFAULT_IDENTIFIERS = {
  notion: '',
  youtube: 'shared-research',
  gmail: '',
} as const satisfies Record<ConnectorName, string>;

/**
 * The connectors as the operator set them up: `SCALEKIT_<CONNECTOR>_CONNECTION` names the connection,
 * `<CONNECTOR>_SHARED_IDENTIFIER` makes the connector shared; set but empty makes it per user. Pure.
 */
export function connectorTable(env: Environment): Record<ConnectorName, Connector> {
  const row = (name: ConnectorName): Connector => {
    const prefix = name.toUpperCase();
    const identifier = (env[`${prefix}_SHARED_IDENTIFIER`] ?? DEFAULT_IDENTIFIERS[name]).trim() || null;
    return {
      name,
      label: CONNECTOR_LABELS[name],
      connectionName: env[`SCALEKIT_${prefix}_CONNECTION`]?.trim() || name,
      mode: identifier === null ? 'per-user' : 'shared',
      identifier,
    };
  };
  return { notion: row('notion'), youtube: row('youtube'), gmail: row('gmail') };
}
