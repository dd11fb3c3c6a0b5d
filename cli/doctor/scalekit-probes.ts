import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountRef, ScalekitGateway } from '../../src/connect/scalekit.js';
import { ScalekitFailure } from '../../src/connect/scalekit-failure.js';
import { whoAmI } from './bench.js';
import type { Observation, Probe } from './probes.js';

/** What the probes of Scalekit work with. */
export interface ScalekitProbeOptions {
  gateway: ScalekitGateway;
  /** The account whose token is read; it is never changed. */
  account: AccountRef;
  /** An account that nobody has: made by a probe, deleted by the last one and once more at the end. */
  scratch: AccountRef;
  onSecret: (secret: string) => void;
}

const LISTED_MS = 15_000;
/** Long enough for a person to follow the link that a click has minted. */
const LINK_MS = 60_000;
const NOBODY_CAN_REACH = 'https://example.com/callback/notion';

/**
 * What the code takes for granted of Scalekit. The account of the user is only read; consent is tried on one that
 * nobody has, because a link may take an account out of service.
 */
export function scalekitProbes(options: ScalekitProbeOptions): Probe[] {
  const { gateway, account, scratch, onSecret } = options;
  const unknown = { ...scratch, connectionName: 'doctor-no-such-connection' };
  return [
    {
      fact: 'The list, filtered by connection and identifier',
      assumed: 'has the account, in the state that a read of the token gives',
      run: async () => {
        const listed = await gateway.read(account);
        const { reading } = await gateway.readToken(account);
        if (!listed.exists) return { holds: false, observed: 'has it not' };
        const agree = listed.status === reading.status;
        return {
          holds: agree,
          observed: agree
            ? 'has the account, in the state that a read of the token gives'
            : `has it as ${listed.status}, the token's read says ${reading.status}`,
        };
      },
    },
    {
      fact: 'Identifiers that differ in letters’ case',
      assumed: 'different accounts, or none',
      run: async () => {
        const other = { ...account, identifier: swapCase(account.identifier) };
        if (other.identifier === account.identifier) return { holds: true, observed: 'different accounts, or none' };
        // Our own comparison would hide a list that mixes them up; a read by identifier does not.
        const found = await gateway.readToken(other).catch((error: unknown) => nullIf('not-found', error));
        onSecret(found?.accessToken ?? '');
        const own = await gateway.readToken(account);
        const mixed = found !== null && found.accessToken !== '' && found.accessToken === own.accessToken;
        return { holds: !mixed, observed: mixed ? 'one and the same' : 'different accounts, or none' };
      },
    },
    {
      fact: '`updatedAt`, over two reads of the token',
      assumed: 'set, and not moved by reading',
      run: async () => {
        const before = await gateway.read(account);
        await gateway.readToken(account);
        await gateway.readToken(account);
        const after = await gateway.read(account);
        if (before.updatedAt === null) return { holds: false, observed: 'not set' };
        const moved = (after.updatedAt ?? 0) - before.updatedAt;
        return { holds: moved === 0, observed: moved === 0 ? 'set, and not moved by reading' : `moved by ${moved} ms` };
      },
    },
    tokenProbe(options),
    {
      fact: 'The list of a connection that does not exist',
      assumed: 'empty, no error',
      run: async () => {
        const { exists } = await gateway.read(unknown);
        return { holds: !exists, observed: exists ? 'not empty' : 'empty, no error' };
      },
    },
    {
      fact: 'A link for a connection that does not exist',
      assumed: 'refused: not-found',
      run: () => refusal('not-found', gateway.mintLink(unknown, { state: 'x', userVerifyUrl: NOBODY_CAN_REACH })),
    },
    {
      fact: 'A new account',
      assumed: `PENDING_AUTH, in the list within ${LISTED_MS / 1000} s`,
      run: async () => {
        await gateway.ensureAccount(scratch);
        const since = Date.now();
        for (;;) {
          const { exists, status } = await gateway.read(scratch);
          const ms = Date.now() - since;
          if (exists) {
            const seconds = (ms / 1000).toFixed(1);
            return { holds: status === 'PENDING_AUTH' && ms <= LISTED_MS, observed: `${status}, after ${seconds} s` };
          }
          if (ms > LISTED_MS) return { holds: false, observed: `not in the list after ${LISTED_MS / 1000} s` };
          await sleep(500);
        }
      },
    },
    {
      fact: 'A link to consent',
      assumed: `https, good for ${LINK_MS / 1000} s at least; the account stays PENDING_AUTH`,
      run: async () => {
        const { link, expiresAt } = await gateway.mintLink(scratch, { state: 'x', userVerifyUrl: NOBODY_CAN_REACH });
        onSecret(link);
        const { status } = await gateway.read(scratch);
        const ms = expiresAt === null ? null : expiresAt - Date.now();
        const lasts = ms === null ? 'with no expiry' : `good for ${Math.round(ms / 1000)} s`;
        return {
          holds: (ms === null || ms >= LINK_MS - 5_000) && status === 'PENDING_AUTH',
          observed: `${new URL(link).protocol.slice(0, -1)}, ${lasts}; the account is ${status}`,
        };
      },
    },
    {
      fact: 'A verification that nobody began',
      assumed: 'refused: not-found',
      run: () => refusal('not-found', gateway.verify('doctor-never-made', scratch.identifier)),
    },
    {
      fact: 'A deleted account',
      assumed: 'gone from the list at once, and nothing to read',
      run: async () => {
        await gateway.deleteAccount(scratch);
        const { exists } = await gateway.read(scratch);
        if (exists) return { holds: false, observed: 'still in the list' };
        const seen = await refusal('not-found', gateway.readToken(scratch));
        return seen.holds ? { holds: true, observed: 'gone from the list at once, and nothing to read' } : seen;
      },
    },
  ];
}

/** As after a 401 in the midst of a sync: a token is refused, and what is read after that must work. */
function tokenProbe({ gateway, account, onSecret }: ScalekitProbeOptions): Probe {
  return {
    fact: 'The token, read again after a refusal',
    assumed: 'a wrong one is refused: 401 unauthorized; the right one works before and after',
    run: async (bench) => {
      const read = async (): Promise<string> => {
        const { accessToken } = await gateway.readToken(account);
        onSecret(accessToken);
        return accessToken;
      };
      const works = async (token: string): Promise<string> => {
        const me = await bench.attempt(() => whoAmI(bench.client, token));
        return me.ok ? 'works' : me.refusal;
      };
      const first = await read();
      const before = await works(first);
      const wrong = await works(`${first.slice(0, -4)}${first.endsWith('0000') ? '1111' : '0000'}`);
      const second = await read();
      const after = await works(second);
      return {
        holds: before === 'works' && wrong === '401 unauthorized' && after === 'works',
        observed: `before: ${before}; a wrong one: ${wrong}; after: ${after} (${first === second ? 'the same' : 'a new'} one)`,
      };
    },
  };
}

/** Looks at how `call` is refused; that it is not is an observation, too. */
async function refusal(kind: ScalekitFailure['kind'], call: Promise<unknown>): Promise<Observation> {
  try {
    await call;
    return { holds: false, observed: 'taken' };
  } catch (error) {
    if (!(error instanceof ScalekitFailure)) throw error;
    return { holds: error.kind === kind, observed: `refused: ${error.kind}` };
  }
}

function nullIf(kind: ScalekitFailure['kind'], error: unknown): null {
  if (error instanceof ScalekitFailure && error.kind === kind) return null;
  throw error;
}

function swapCase(text: string): string {
  return [...text].map((one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase())).join('');
}
