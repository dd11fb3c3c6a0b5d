import { setTimeout as sleep } from 'node:timers/promises';
import type { ScalekitClient } from '@scalekit-sdk/node';
import type { ConnectionStatus } from '../consent.js';
import { OperatorError } from '../errors.js';
import { isLoopback } from '../loopback.js';
import { probeHttp2 } from './http2-probe.js';
import { ScalekitFailure, sortFailure } from './scalekit-failure.js';
import type { ScalekitSettings } from './settings.js';

export type AccountStatus = Exclude<ConnectionStatus, 'UNAVAILABLE'>;

/**
 * Scalekit's status numbers; the index is the number on the wire. The SDK keeps its enum in a deep file that is not
 * part of its interface, so the names stand here and a test holds them to the package.
 */
export const ACCOUNT_STATUSES = [
  'UNSPECIFIED',
  'ACTIVE',
  'EXPIRED',
  'PENDING_AUTH',
  'PENDING_VERIFICATION',
  'DISCONNECTED',
] as const satisfies readonly AccountStatus[];

/** Which connected account: Scalekit keys them by connection and identifier. */
export interface AccountRef {
  connectionName: string;
  identifier: string;
}

export interface AccountReading {
  /** False before the first consent of this identifier was ever started. */
  exists: boolean;
  status: AccountStatus;
  /** When Scalekit last changed the account, epoch ms. */
  updatedAt: number | null;
}

/** One line of the environment's list of accounts. */
export interface ScalekitAccount {
  identifier: string;
  status: AccountStatus;
  updatedAt: number | null;
}

export interface ScalekitConnection {
  name: string;
  provider: string;
  enabled: boolean;
}

/**
 * The few things that we ask of Scalekit. Every call ends within 2.5 times the request timeout (a list: every page of it),
 * and throws `ScalekitFailure` (sorted by what to do next) or `OperatorError`.
 */
export interface ScalekitGateway {
  /** Reads the status without credentials; fit for polling. */
  read(account: AccountRef): Promise<AccountReading>;
  /** Reads the access token. `not-found` when there is no account. */
  readToken(account: AccountRef): Promise<{ reading: AccountReading; accessToken: string }>;
  /** Makes the account if there is none. Somebody else making it at the same moment is fine. */
  ensureAccount(account: AccountRef): Promise<void>;
  /**
   * Mints a link to consent. It is a credential: hand it to one browser, keep it nowhere.
   * @returns the link, and when it stops working in epoch ms, where Scalekit says so
   */
  mintLink(
    account: AccountRef,
    options: { state: string; userVerifyUrl: string },
  ): Promise<{ link: string; expiresAt: number | null }>;
  /** Says that the browser which brought `authRequestId` belongs to `identifier`. Works once. */
  verify(authRequestId: string, identifier: string): Promise<void>;
  /** The environment's connections, as the dashboard lists them. */
  connections(): Promise<ScalekitConnection[]>;
  /** Every account of one connection; for the operator's commands. */
  accounts(connectionName: string): Promise<ScalekitAccount[]>;
  /** Deletes the account with its credentials; one that is gone already is fine. For the operator's commands. */
  deleteAccount(account: AccountRef): Promise<void>;
}

type Actions = ScalekitClient['actions'];

const PAGE_SIZE = { accounts: 100, connections: 30 } as const;

/** Opens a gateway to one Scalekit environment. Makes no request yet. */
export function openScalekit(settings: ScalekitSettings): ScalekitGateway {
  const { envUrl, timeoutMs } = settings;
  const { host } = new URL(envUrl);
  let client: Promise<ScalekitClient> | null = null;
  /** The SDK takes as long to load as a seventh of the start of a run: it is, when there is something to ask. */
  const loadActions = async (): Promise<Actions> => {
    client ??= import('@scalekit-sdk/node').then(
      (sdk) => new sdk.ScalekitClient(envUrl, settings.clientId, settings.clientSecret, { timeoutMs }),
    );
    return (await client).actions;
  };

  let probed: Promise<void> | null = null;
  /** Once, before the first call; again after it failed. */
  const probe = (): Promise<void> =>
    (probed ??= probeHttp2(envUrl, timeoutMs).catch((error: unknown) => {
      probed = null;
      throw error;
    }));

  let firstCall: Promise<unknown> | null = null;
  /** The SDK logs in when a call is refused, once per call: only the first one may find itself without a bearer. */
  const inTurn = async <T>(call: () => Promise<T>): Promise<T> => {
    if (firstCall !== null) {
      await firstCall;
      return call();
    }
    const running = call();
    firstCall = running.catch(() => undefined);
    return running;
  };

  const ask = async <T>(operation: string, call: (actions: Actions) => Promise<T>): Promise<T> => {
    // The SDK's deadline is per attempt and it retries by itself; this bounds the whole.
    const late = new AbortController();
    const timeout = sleep(timeoutMs * 2.5, undefined, { signal: late.signal }).then(() => {
      const message = 'Scalekit does not answer at the moment. Try again in a minute.';
      throw new ScalekitFailure('transient', message, `scalekit ${operation}: timeout`);
    });
    try {
      return await Promise.race([probe().then(() => inTurn(async () => call(await loadActions()))), timeout]);
    } catch (error) {
      throw sortFailure(error, operation, host);
    } finally {
      timeout.catch(() => undefined);
      late.abort();
    }
  };

  /** Everything that Scalekit lists, page by page; each page is a call of its own, with its own deadline. */
  async function* listed<T>(
    operation: string,
    page: (actions: Actions, pageToken: string) => Promise<{ items: T[]; next: string }>,
  ) {
    for (let pageToken = ''; ;) {
      const token = pageToken;
      const { items, next } = await ask(operation, (actions) => page(actions, token));
      yield* items;
      if (next === '') return;
      pageToken = next;
    }
  }
  const accountsLike = (operation: string, filter: { connectionName: string; identifier?: string }) =>
    listed(operation, async (actions, pageToken) => {
      const page = await actions.listConnectedAccounts({ ...filter, pageSize: PAGE_SIZE.accounts, pageToken });
      return { items: page.connectedAccounts, next: page.nextPageToken };
    });

  return {
    read: async (account) => {
      // The filters may be loose, so names are compared here.
      for await (const one of accountsLike('status', account)) {
        if (one.connector === account.connectionName && one.identifier === account.identifier) return readingOf(one);
      }
      return { exists: false, status: 'UNSPECIFIED', updatedAt: null };
    },

    readToken: (account) =>
      ask('token', async (actions) => {
        const { connectedAccount } = await actions.getConnectedAccount(account);
        const details = connectedAccount?.authorizationDetails?.details;
        const accessToken = details?.case === 'oauthToken' ? details.value.accessToken : '';
        const none: AccountReading = { exists: false, status: 'UNSPECIFIED', updatedAt: null };
        return { reading: connectedAccount ? readingOf(connectedAccount) : none, accessToken };
      }),

    ensureAccount: (account) =>
      ask('create', async (actions) => void (await actions.getOrCreateConnectedAccount(account))).catch(
        async (error: unknown) => {
          if (!(error instanceof ScalekitFailure && error.kind === 'conflict')) throw error;
          // It exists by now, or something else stands in the way: the SDK looks before it makes one.
          await ask('create', async (actions) => void (await actions.getOrCreateConnectedAccount(account)));
        },
      ),

    mintLink: (account, { state, userVerifyUrl }) =>
      ask('link', async (actions) => {
        const { link, expiry } = await actions.getAuthorizationLink({ ...account, state, userVerifyUrl });
        if (!isSafeLink(link)) throw new OperatorError(`Scalekit at ${host} returned a link that is not https.`);
        return { link, expiresAt: expiry ? epochMs(expiry) : null };
      }),

    verify: (authRequestId, identifier) =>
      ask('verify', async (actions) => void (await actions.verifyConnectedAccountUser({ authRequestId, identifier }))),

    accounts: async (connectionName) => {
      const all: ScalekitAccount[] = [];
      for await (const one of accountsLike('accounts', { connectionName })) {
        const { status, updatedAt } = readingOf(one);
        if (one.connector === connectionName) all.push({ identifier: one.identifier, status, updatedAt });
      }
      return all;
    },

    deleteAccount: (account) =>
      ask('delete', async (actions) => void (await actions.deleteConnectedAccount(account))).catch((error: unknown) => {
        if (!(error instanceof ScalekitFailure && error.kind === 'not-found')) throw error;
      }),

    connections: async () => {
      const all: ScalekitConnection[] = [];
      const pages = listed('connections', async (actions, pageToken) => {
        const page = await actions.listConnections({ pageSize: PAGE_SIZE.connections, pageToken });
        return { items: page.connections, next: page.nextPageToken };
      });
      for await (const { connectionName, provider, enabled } of pages)
        all.push({ name: connectionName, provider, enabled });
      return all;
    },
  };
}

/** A point in time as protobuf has it. */
interface Timestamp {
  seconds: bigint;
  nanos: number;
}

function epochMs({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1e6);
}

function readingOf(account: { status: number; updatedAt?: Timestamp }): AccountReading {
  const { status, updatedAt } = account;
  return {
    exists: true,
    status: ACCOUNT_STATUSES[status] ?? 'UNSPECIFIED',
    updatedAt: updatedAt ? epochMs(updatedAt) : null,
  };
}

/** True for a link that a browser may be sent to: https, or a stand-in on this computer. */
export function isSafeLink(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, hostname } = new URL(link);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
