import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../errors.js';
import { AccountState } from './account-state.js';

import type { Connector } from './connectors.js';
import { ScalekitConsent } from './consent-flow.js';
import { ConsentStates } from './consent-state.js';
import type { StageLog } from '../log.js';
import type { Connection } from './contract.js';

import { Poller } from './poller.js';
import { ScalekitFailure } from './scalekit-failure.js';
import { openScalekit } from './scalekit.js';
import type { AccountReading } from './scalekit.js';
import type { ScalekitSettings } from './settings.js';
import type { ConnectTiming } from './timing.js';
import { ScalekitTokens } from './tokens.js';
import { disabledConnectionSentence, sharedSentence, unknownConnectionSentence, unreachableSentence } from './words.js';

export interface ScalekitConnectionOptions {
  connector: Connector;
  scalekit: ScalekitSettings;
  /** Which account of the connection. */
  identifier: string;
  runId: string | null;
  reconnect: boolean;
  hadEarlierSync: () => Promise<boolean>;
  log: StageLog;
  onSecret: (secret: string) => void;
  timing: ConnectTiming;
  now: () => number;
}

/** Joins status, polling, consent and tokens of one connected account. */
export function openScalekitConnection(options: ScalekitConnectionOptions): Connection {
  const { connector, scalekit, log, timing, now, onSecret } = options;
  const account = { connectionName: connector.connectionName, identifier: options.identifier };
  const gateway = openScalekit(scalekit);
  const { host } = new URL(scalekit.envUrl);
  const state = new AccountState(connector, options.reconnect);

  /** A list that knows no such account may also mean that there is no such connection. */
  const checkConnection = async (): Promise<void> => {
    const all = await gateway.connections();
    const found = all.find(({ name }) => name === connector.connectionName);
    if (!found)
      throw new OperatorError(
        unknownConnectionSentence(
          connector,
          all.map(({ name }) => name),
        ),
      );
    if (!found.enabled) throw new OperatorError(disabledConnectionSentence(connector));
  };
  let connectionChecked = false;

  const read = async (): Promise<AccountReading> => {
    const { epoch } = state;
    const reading = await gateway.read(account);
    // What a click met (a connection that is disabled) a list of accounts does not show: it is looked at again, too.
    if (state.operatorError !== null || (!reading.exists && !connectionChecked)) {
      await checkConnection();
      connectionChecked = true;
    }
    state.seen(reading, epoch);
    return reading;
  };

  let warned = '';
  /** Asks once and reports to `state`; never throws. */
  const poll = async (): Promise<void> => {
    try {
      await read();
    } catch (error) {
      const detail = error instanceof OperatorError || error instanceof ScalekitFailure ? error.detail : null;
      if (error instanceof OperatorError) {
        state.blocked(error);
        // It is asked again and again, and said once.
        if (error.message !== warned) log.warning(error.message, { detail });
        warned = error.message;
      } else {
        state.unanswered();
        log.debug(`The ${connector.label} connection could not be read; it is asked again.`, { detail });
      }
    }
  };
  const poller = new Poller({
    poll,
    wanted: () => {
      if (state.satisfied) return false;
      return connector.mode === 'per-user' || !state.settled || state.unavailable;
    },
    unhurried: () => state.operatorError !== null,
    pollMs: timing.pollMs,
    pollMaxMs: timing.pollMaxMs,
  });

  const tokens = new ScalekitTokens({
    gateway,
    account,
    connector,
    state,
    host,
    tokenBudgetMs: timing.tokenBudgetMs,
    tokenCacheMs: timing.tokenCacheMs,
    now,
    onSecret,
  });

  const consent = new ScalekitConsent({
    connector,
    gateway,
    account,
    states: new ConsentStates({
      clientSecret: scalekit.clientSecret,
      connector: connector.name,
      userId: account.identifier,
      runId: options.runId,
      ttlMs: timing.stateTtlMs,
      now,
    }),
    state,
    read,
    ready: () => ready(),
    checkConnection,
    onStarted: () => poller.poke(),
    onVerified: () => tokens.forget(),
    onSecret,
  });

  /** Resolves when `done()` holds, after a change or at once; `false` when `signal` comes first. */
  const until = (done: () => boolean, signal?: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const settle = (value: boolean): void => {
        unsubscribe();
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      };
      const onAbort = (): void => settle(done());
      const unsubscribe = state.onChange(() => {
        if (done()) settle(true);
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      if (done()) settle(true);
      else if (signal?.aborted) settle(false);
    });

  const answeredWithin = async (ms: number): Promise<boolean> => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), ms);
    try {
      return await until(() => !state.unavailable, giveUp.signal);
    } finally {
      clearTimeout(timer);
    }
  };

  let recalled: Promise<void> = Promise.resolve();
  /** Whether an earlier run wrote here decides between a first connection and a lost one. A bounded wait: it may hang. */
  const recall = async (): Promise<void> => {
    const inTime = new AbortController();
    const late = sleep(timing.recallMs, undefined, { signal: inTime.signal }).then(() => {
      throw new Error(`no answer within ${timing.recallMs / 1000} s`);
    });
    try {
      const had = options.hadEarlierSync().then((known) => known && state.rememberEarlierSync());
      await Promise.race([had, late]);
    } catch (error) {
      const message = `Earlier runs could not be recalled, so a lost ${connector.label} connection may pass for a first one.`;
      log.warning(message, { reason: error instanceof Error ? error.message : 'unknown' });
    } finally {
      late.catch(() => undefined);
      inTime.abort();
    }
  };

  const ready = async (): Promise<void> => {
    await recalled;
    await until(() => state.settled);
  };

  const waitForAnswer = async (signal: AbortSignal, since: number): Promise<void> => {
    let silentSince = since;
    const over = (): boolean => state.satisfied || state.operatorError !== null;
    const waitForPerson = async (): Promise<void> => {
      if (connector.mode === 'shared' || over()) return;
      poller.poke();
      await until(() => over() || state.unavailable, signal);
      silentSince = now();
    };
    if (!state.unavailable) await waitForPerson();
    // An outage may pass: bear with it for a while, then wait for the person again.
    while (state.unavailable && !over()) {
      poller.poke();
      const answered = await answeredWithin(Math.max(0, silentSince + timing.graceMs - now()));
      if (!answered || signal.aborted) break;
      await waitForPerson();
    }
  };

  /** An error that only the operator can put right ends a wait when a second look still meets it. */
  const isPutRight = async (): Promise<boolean> => {
    if (state.operatorError === null) return false;
    await poll();
    return state.operatorError === null;
  };

  const waitUntilActive = async (signal: AbortSignal): Promise<boolean> => {
    const since = now();
    await ready();
    do await waitForAnswer(signal, since);
    while (await isPutRight());
    return state.satisfied;
  };

  const failure = (): OperatorError | null => {
    if (state.operatorError !== null) return state.operatorError;
    if (state.unavailable) return new OperatorError(unreachableSentence(host));
    if (connector.mode === 'shared' && state.settled && !state.satisfied)
      return new OperatorError(sharedSentence(connector));
    return null;
  };

  return {
    connector: connector.name,
    mode: connector.mode,
    tokens,
    start: () => {
      poller.start();
      recalled = recall();
    },
    stop: async () => {
      state.close();
      poller.stop();
    },
    state: () => state.get(),
    onChange: (listener) => state.onChange(listener),
    ready,
    waitUntilActive,
    keep: () => state.keep(),
    reportLost: () => {
      tokens.forget();
      state.refused();
      poller.poke();
    },
    failure,
    begin: (name, callbackUrl) => consent.begin(name, callbackUrl),
    finish: (name, query, cookie) => consent.finish(name, query, cookie),
  };
}
