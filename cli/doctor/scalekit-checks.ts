import type { Connector } from '../../src/connect/connectors.js';
import type { ScalekitAccount, ScalekitConnection, ScalekitGateway } from '../../src/connect/scalekit.js';
import { ScalekitFailure } from '../../src/connect/scalekit-failure.js';
import type { ConnectSettings } from '../../src/connect/settings.js';
import { disabledConnectionSentence, sharedSentence, unknownConnectionSentence } from '../../src/connect/words.js';
import { OperatorError } from '../../src/errors.js';
import { operatorScalekit } from '../operator/scalekit.js';
import type { Check } from './check.js';

/** Everything that Scalekit can be asked about the operator's configuration. Never throws what Scalekit answers. */
export async function scalekitChecks(settings: ConnectSettings): Promise<Check[]> {
  let gateway: ScalekitGateway;
  try {
    gateway = operatorScalekit(settings);
  } catch (error) {
    return [{ name: 'Scalekit address', mark: 'fix', found: sentence(error) }];
  }
  const checks: Check[] = [{ name: 'Scalekit address', mark: 'ok', found: settings.scalekit?.envUrl ?? '' }];
  let connections: ScalekitConnection[];
  try {
    connections = await gateway.connections();
    checks.push({ name: 'Scalekit credentials', mark: 'ok', found: 'accepted' });
  } catch (error) {
    return [...checks, { name: 'Scalekit credentials', mark: 'fix', found: sentence(error) }];
  }
  const accounts = new Map<string, ScalekitAccount[]>();
  for (const connector of Object.values(settings.connectors)) {
    const usable = connections.find(({ name }) => name === connector.connectionName)?.enabled === true;
    try {
      if (usable) accounts.set(connector.name, await gateway.accounts(connector.connectionName));
    } catch (error) {
      checks.push({ name: `${connector.label} connection`, mark: 'fix', found: sentence(error) });
      continue;
    }
    checks.push(connectionCheck(connector, connections, accounts.get(connector.name) ?? []));
  }
  return [...checks, verificationCheck([...accounts.values()].flat())];
}

/** Runs need Notion; what the other connectors serve is optional, so their absence is told, not blamed. Pure. */
export function connectionCheck(
  connector: Connector,
  connections: readonly ScalekitConnection[],
  accounts: readonly ScalekitAccount[],
): Check {
  const name = `${connector.label} connection`;
  const missing = connector.name === 'notion' ? 'fix' : 'open';
  const found = connections.find((one) => one.name === connector.connectionName);
  if (!found) {
    const names = connections.map((one) => one.name);
    return { name, mark: missing, found: unknownConnectionSentence(connector, names) };
  }
  if (!found.enabled) return { name, mark: missing, found: disabledConnectionSentence(connector) };
  const active = accounts.filter(({ status }) => status === 'ACTIVE');
  if (connector.identifier === null) {
    return { name, mark: 'ok', found: `"${found.name}", each user their own, ${active.length} connected` };
  }
  if (active.some(({ identifier }) => identifier === connector.identifier)) {
    return { name, mark: 'ok', found: `"${found.name}", shared as "${connector.identifier}", connected` };
  }
  return { name, mark: missing, found: sharedSentence(connector) };
}

/** Scalekit has no call that reads the mode, but accounts show what it has led to. Pure. */
export function verificationCheck(accounts: readonly ScalekitAccount[]): Check {
  const name = 'User verification';
  const stuck = accounts.filter(({ status }) => status === 'PENDING_VERIFICATION').length;
  const active = accounts.filter(({ status }) => status === 'ACTIVE').length;
  if (active > 0) return { name, mark: 'ok', found: `a mode is chosen: ${active} of ${accounts.length} are connected` };
  if (stuck > 0) {
    return {
      name,
      mark: 'fix',
      found:
        `${stuck} gave consent and none got through. Choose a mode in the Scalekit dashboard under AgentKit → User ` +
        'Verification: custom, or "Scalekit users only" for development.',
    };
  }
  return {
    name,
    mark: 'open',
    found: 'cannot be told before somebody connects. It must be custom for production (AgentKit → User Verification).',
  };
}

function sentence(error: unknown): string {
  if (error instanceof OperatorError || error instanceof ScalekitFailure) return error.message;
  throw error;
}
