import { OperatorError } from '../errors.js';
import type { Connection } from './contract.js';
import type { Connector } from './connectors.js';
import { NOT_CONFIGURED_SENTENCE } from './words.js';

/**
 * The connection of a run that does not ask Scalekit: a token from the environment, nothing at all, or settings that
 * cannot be used. Its state never changes; listeners hear of it once, at the start.
 */
export function openStaticConnection(
  connector: Connector,
  token: string | null,
  problem: OperatorError | null,
): Connection {
  const mode = problem !== null ? connector.mode : token !== null ? 'token' : 'none';
  const usable = mode === 'token';
  const listeners = new Set<() => void>();
  return {
    connector: connector.name,
    mode,
    tokens: {
      get: async () => {
        if (problem !== null) throw problem;
        if (token === null) throw new OperatorError(NOT_CONFIGURED_SENTENCE);
        return token;
      },
      renew: async () => null,
    },
    start: () => listeners.forEach((listener) => listener()),
    stop: async () => undefined,
    state: () => ({
      status: problem !== null ? 'UNAVAILABLE' : usable ? 'ACTIVE' : 'UNSPECIFIED',
      need: 'nothing',
      offersConsent: false,
      lastAttempt: 'none',
      linkUntil: null,
      problem: problem?.message ?? (usable ? null : NOT_CONFIGURED_SENTENCE),
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ready: async () => undefined,
    waitUntilActive: async () => usable,
    keep: () => undefined,
    reportLost: () => undefined,
    failure: () => problem,
    begin: async () => (problem === null ? { kind: 'not-offered' } : { kind: 'unavailable', message: problem.message }),
    finish: async () => ({ kind: 'bogus' }),
  };
}
