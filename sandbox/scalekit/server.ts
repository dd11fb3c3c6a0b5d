import { randomBytes } from 'node:crypto';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { handOut } from '../handed-out.js';
import { approveLink } from './approve.js';
import { browserSide } from './browser.js';
import { listenOnBoth } from './dual-port.js';
import { ScalekitEnvironment } from './environment.js';
import type { AccountStatus, Grant, StandInAccount, StandInConnection } from './environment.js';
import { ScalekitFaults } from './faults.js';
import { gatekeeper, registerCalls } from './rpc.js';

export interface ScalekitStandInOptions {
  /** Default: a free port. */
  port?: number;
  /** The provider's answer to consent: credentials for a workspace. */
  grant: (workspace: string) => Grant;
  /** The choices on the consent page. */
  workspaces: string[];
  /** Told when a grant is taken back: the account was deleted or disconnected, or its token replaced. */
  revokeGrant?: (accessToken: string) => void;
  /** The environment's verification mode; default `custom`. */
  verification?: 'custom' | 'scalekit-users';
  connections?: StandInConnection[];
  /** How long a link, and the consent session behind it, lasts; default 300. Fractions are fine, 0 is dead at birth. */
  linkTtlSecs?: number;
  /** The most that a page of a list holds, whatever was asked for; default 100. */
  maxPage?: number;
  /** True: links and consents that wait take nothing from each other, nor from an ACTIVE account; default false. */
  lenientLinks?: boolean;
}

export interface ScalekitStandIn {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Keyed `<connection name>/<identifier>`; for looking, not for changing. */
  accounts: ReadonlyMap<string, StandInAccount>;
  /** Every call that arrived, by its RPC name, rejected ones too. */
  calls: string[];
  faults: ScalekitFaults;
  /** Forces a status on an account that exists. */
  setStatus(connector: string, identifier: string, status: AccountStatus): void;
  /** Replaces the access token, as a refresh does, and returns the new one. */
  rotateToken(connector: string, identifier: string): string;
  /** Lets time pass for links and for the consent sessions behind them, without waiting for it. */
  passTime(secs: number): void;
  /** Consents to `link` without a browser (see `approve.ts`). */
  approve(link: string, workspace?: string): Promise<string>;
  close(): Promise<void>;
}

const CONNECTIONS: StandInConnection[] = [
  { name: 'notion', provider: 'NOTION', enabled: true },
  { name: 'youtube', provider: 'YOUTUBE', enabled: true },
  { name: 'gmail', provider: 'GMAIL', enabled: true },
];

/** Starts a Scalekit environment on loopback that the unmodified SDK can use: token endpoint, gRPC and consent pages. */
export async function startScalekit(options: ScalekitStandInOptions): Promise<ScalekitStandIn> {
  const environment = new ScalekitEnvironment({
    grant: options.grant,
    revokeGrant: options.revokeGrant ?? (() => undefined),
    verification: options.verification ?? 'custom',
    connections: options.connections ?? CONNECTIONS.map((connection) => ({ ...connection })),
    linkTtlSecs: options.linkTtlSecs ?? 300,
    lenientLinks: options.lenientLinks ?? false,
  });
  const bearers = new Set<string>();
  const faults = new ScalekitFaults(() => bearers.clear());
  const calls: string[] = [];
  const clientId = `skc_${randomBytes(9).toString('hex')}`;
  const clientSecret = handOut('the client secret', `sks_${randomBytes(20).toString('hex')}`);

  let url = '';
  const rpc = {
    environment,
    faults,
    isBearer: (token: string) => bearers.has(token),
    onCall: (method: string) => void calls.push(method),
    url: () => url,
    maxPage: options.maxPage ?? 100,
  };
  const port = await listenOnBoth(options.port ?? 0, {
    http1: browserSide({
      environment,
      workspaces: options.workspaces,
      clientId,
      clientSecret,
      wait: () => faults.wait(),
      issueBearer: () => {
        const bearer = handOut('a bearer of Scalekit', `skat_${randomBytes(20).toString('hex')}`);
        bearers.add(bearer);
        return bearer;
      },
    }),
    http2: connectNodeAdapter({
      routes: (router) => registerCalls(router, rpc),
      interceptors: [gatekeeper(rpc)],
      connect: false,
      grpcWeb: false,
    }),
  });
  url = port.url;

  const existing = (connector: string, identifier: string): StandInAccount => {
    const account = environment.account(connector, identifier);
    if (account === undefined) throw new Error(`No account ${connector}/${identifier} in the sandbox.`);
    return account;
  };
  return {
    url,
    clientId,
    clientSecret,
    accounts: environment.accounts,
    calls,
    faults,
    setStatus: (connector, identifier, status) => environment.setStatus(existing(connector, identifier), status),
    rotateToken: (connector, identifier) => environment.rotateToken(existing(connector, identifier)),
    passTime: (secs) => environment.passTime(secs),
    approve: approveLink,
    close: () => {
      faults.close();
      return port.close();
    },
  };
}
