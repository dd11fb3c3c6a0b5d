import { randomBytes, randomUUID } from 'node:crypto';
import { handOut } from '../handed-out.js';

export type AccountStatus = 'ACTIVE' | 'EXPIRED' | 'PENDING_AUTH' | 'PENDING_VERIFICATION' | 'DISCONNECTED';

export interface Grant {
  accessToken: string;
  refreshToken?: string;
}

export interface StandInConnection {
  /** What code passes as `connectionName`; the wire calls it `connector`. */
  name: string;
  /** Upper case, for example `NOTION`. */
  provider: string;
  enabled: boolean;
}

export interface StandInAccount {
  id: string;
  connector: string;
  provider: string;
  identifier: string;
  status: AccountStatus;
  accessToken: string;
  refreshToken: string;
  /** The workspace chosen at consent; `null` before the first one. */
  workspace: string | null;
  updatedAt: Date;
  /** Consent was given; the tokens are held back until the verify call names the same identifier. */
  pending: PendingGrant | null;
}

interface PendingGrant {
  authRequestId: string;
  grant: Grant;
  workspace: string;
}

/** A link that was minted; following it opens the consent session of the same id, once. */
interface ConsentLink {
  account: StandInAccount;
  state: string;
  userVerifyUrl: string;
  expiresAt: number;
  followed: boolean;
  session: string | null;
}

/** Where the browser goes after Allow or Cancel: an address, or a page of the stand-in's own. */
export type ConsentEnd =
  | { kind: 'redirect'; url: string }
  | { kind: 'connected' }
  | { kind: 'failed-to-exchange' }
  | { kind: 'cancelled' }
  | { kind: 'too-late' };

export interface EnvironmentOptions {
  grant: (workspace: string) => Grant;
  revokeGrant: (accessToken: string) => void;
  verification: 'custom' | 'scalekit-users';
  connections: StandInConnection[];
  linkTtlSecs: number;
  /** The reading that is easier on the client: links and consents that wait take nothing from each other, nor from ACTIVE. */
  lenientLinks: boolean;
}

/**
 * The memory of one Scalekit environment: connections, connected accounts, links, pending authorizations. Where the
 * vendor leaves a point open it takes the reading that is harder on the client: a new link voids the one before it, a
 * link works once, and minting one for an active account takes that account out of service until the new consent.
 */
export class ScalekitEnvironment {
  /** Keyed `<connection name>/<identifier>`. */
  readonly accounts = new Map<string, StandInAccount>();
  readonly connections: StandInConnection[];
  readonly #links = new Map<string, ConsentLink>();
  /** Consents that wait for their verification, by the id of the authorization. */
  readonly #pending = new Map<string, PendingGrant & { account: StandInAccount }>();
  readonly #options: EnvironmentOptions;
  /** How far links are ahead of the clock. */
  #passedMs = 0;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.connections = options.connections;
  }

  connection(name: string): StandInConnection | undefined {
    return this.connections.find((connection) => connection.name === name);
  }

  account(connector: string, identifier: string): StandInAccount | undefined {
    return this.accounts.get(`${connector}/${identifier}`);
  }

  accountById(id: string): StandInAccount | undefined {
    return [...this.accounts.values()].find((account) => account.id === id);
  }

  create(connection: StandInConnection, identifier: string): StandInAccount {
    const account: StandInAccount = {
      id: `ca_${randomBytes(9).toString('hex')}`,
      connector: connection.name,
      provider: connection.provider,
      identifier,
      status: 'PENDING_AUTH',
      accessToken: '',
      refreshToken: '',
      workspace: null,
      updatedAt: new Date(),
      pending: null,
    };
    this.accounts.set(`${connection.name}/${identifier}`, account);
    return account;
  }

  /** Removes the account and takes its grant back at the provider. */
  remove(account: StandInAccount): void {
    this.accounts.delete(`${account.connector}/${account.identifier}`);
    this.#voidLinks(account);
    this.#dropPending(account);
    if (account.accessToken !== '') this.#options.revokeGrant(account.accessToken);
  }

  /** Forces a status, as an operator or a failed refresh would. Disconnecting takes the grant back. */
  setStatus(account: StandInAccount, status: AccountStatus): void {
    if (status === 'DISCONNECTED' && account.accessToken !== '') {
      this.#options.revokeGrant(account.accessToken);
      account.accessToken = '';
      account.refreshToken = '';
    }
    touch(account, status);
  }

  /** Replaces the access token by a fresh one for the same workspace, as a refresh does, and returns it. */
  rotateToken(account: StandInAccount): string {
    if (account.workspace === null) throw new Error(`${account.identifier} has no grant to rotate`);
    this.#options.revokeGrant(account.accessToken);
    this.#install(account, this.#grant(account.workspace), account.workspace);
    return account.accessToken;
  }

  /** Makes every link, and every consent session behind one, older by this much. */
  passTime(secs: number): void {
    this.#passedMs += secs * 1000;
  }

  /** @returns the link's id and when it stops working */
  mintLink(account: StandInAccount, state: string, userVerifyUrl: string): { id: string; expiresAt: Date } {
    if (!this.#options.lenientLinks) {
      this.#voidLinks(account);
      if (account.status === 'ACTIVE') touch(account, 'PENDING_AUTH');
    }
    const id = handOut('a link to consent', randomUUID());
    handOut('a state', state);
    handOut("a state's signature", state.split('.').at(-1) ?? '');
    const lastsMs = this.#options.linkTtlSecs * 1000;
    const expiresAt = this.#now() + lastsMs;
    this.#links.set(id, { account, state, userVerifyUrl, expiresAt, followed: false, session: null });
    return { id, expiresAt: new Date(Date.now() + lastsMs) };
  }

  /** Opens a consent session for a link that is fresh and was not followed before; else `null`. */
  follow(linkId: string): string | null {
    const link = this.#links.get(linkId);
    if (link === undefined || link.followed || this.#now() >= link.expiresAt) return null;
    link.followed = true;
    link.session = handOut('a consent session', randomUUID());
    return link.session;
  }

  /** The account that a consent session is about, or `null` when the session is over. */
  sessionAccount(session: string): StandInAccount | null {
    return this.#session(session)?.account ?? null;
  }

  /** The person allowed access to `workspace`, or cancelled (`null`). Ends the session. */
  decide(session: string, workspace: string | null): ConsentEnd {
    const link = this.#session(session);
    if (link === null) return { kind: 'too-late' };
    link.session = null;
    if (workspace === null) {
      if (link.userVerifyUrl === '') return { kind: 'cancelled' };
      return { kind: 'redirect', url: withQuery(link.userVerifyUrl, { error: 'access_denied', state: link.state }) };
    }
    const grant = this.#grant(workspace);
    if (this.#options.verification === 'scalekit-users') {
      this.#install(link.account, grant, workspace);
      return { kind: 'connected' };
    }
    const authRequestId = handOut('an authorization id', randomBytes(24).toString('base64url'));
    const { account } = link;
    if (!this.#options.lenientLinks) this.#dropPending(account);
    account.pending = { authRequestId, grant, workspace };
    this.#pending.set(authRequestId, { account, ...account.pending });
    if (!this.#options.lenientLinks || account.status !== 'ACTIVE') touch(account, 'PENDING_VERIFICATION');
    if (link.userVerifyUrl === '') return { kind: 'failed-to-exchange' };
    const query = { auth_request_id: authRequestId, state: link.state };
    return { kind: 'redirect', url: withQuery(link.userVerifyUrl, query) };
  }

  /** Promotes held-back tokens. An id works once; another identifier leaves it pending. */
  verify(authRequestId: string, identifier: string): 'active' | 'unknown' | 'mismatch' {
    const pending = this.#pending.get(authRequestId);
    if (pending === undefined) return 'unknown';
    if (pending.account.identifier !== identifier) return 'mismatch';
    this.#pending.delete(authRequestId);
    this.#install(pending.account, pending.grant, pending.workspace);
    return 'active';
  }

  #session(session: string): ConsentLink | null {
    const link = [...this.#links.values()].find((one) => one.session === session);
    return link === undefined || this.#now() >= link.expiresAt ? null : link;
  }

  #now(): number {
    return Date.now() + this.#passedMs;
  }

  #grant(workspace: string): Grant {
    const grant = this.#options.grant(workspace);
    handOut('an access token', grant.accessToken);
    handOut('a refresh token', grant.refreshToken ?? '');
    return grant;
  }

  #voidLinks(account: StandInAccount): void {
    for (const [id, link] of this.#links) if (link.account === account) this.#links.delete(id);
  }

  #dropPending(account: StandInAccount): void {
    for (const [id, pending] of this.#pending) if (pending.account === account) this.#pending.delete(id);
  }

  #install(account: StandInAccount, grant: Grant, workspace: string): void {
    if (!this.#options.lenientLinks) this.#dropPending(account);
    account.accessToken = grant.accessToken;
    account.refreshToken = grant.refreshToken ?? '';
    account.workspace = workspace;
    account.pending = null;
    touch(account, 'ACTIVE');
  }
}

function touch(account: StandInAccount, status: AccountStatus): void {
  account.status = status;
  account.updatedAt = new Date();
}

/** `state` is absent from the redirect when none was sent, never empty. */
function withQuery(address: string, query: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value);
  return url.href;
}
