import { Code, ConnectError } from '@connectrpc/connect';
import type { ConnectRouter, Interceptor } from '@connectrpc/connect';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConnectedAccountService,
  ConnectorStatus,
  ConnectorType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import {
  ConnectionService,
  ConnectionStatus,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import type { ScalekitEnvironment, StandInAccount, StandInConnection } from './environment.js';
import type { ScalekitFaults } from './faults.js';
import { checkLimits, checkVerifyLimits, invalid } from './limits.js';

export interface RpcOptions {
  environment: ScalekitEnvironment;
  faults: ScalekitFaults;
  isBearer: (token: string) => boolean;
  /** Receives the name of every call that arrives, answered or not. */
  onCall: (method: string) => void;
  /** The address of this stand-in, without a trailing slash; known once it listens. */
  url: () => string;
  /** The most that a page holds, whatever was asked for. */
  maxPage: number;
}

interface AccountRequest {
  connector?: string | undefined;
  identifier?: string | undefined;
  id?: string | undefined;
}

/** Registers the calls of Scalekit that the Actor uses; all others answer UNIMPLEMENTED. */
export function registerCalls(router: ConnectRouter, options: RpcOptions): void {
  const { environment, faults } = options;

  router.service(ConnectedAccountService, {
    listConnectedAccounts(request) {
      checkLimits(request);
      if (request.pageSize < 0 || request.pageSize > 100) throw invalid('page_size: 0 to 100');
      if (request.connector && request.connectionNames.length > 0)
        throw invalid('connection_names cannot be combined with connector');
      // Whether the identifier filter is exact is undocumented: a loose one makes clients compare for themselves.
      const wanted = (request.identifier ?? '').toLowerCase();
      const found = [...environment.accounts.values()].filter(
        (account) =>
          (!request.connector || account.connector === request.connector) &&
          (request.connectionNames.length === 0 || request.connectionNames.includes(account.connector)) &&
          (request.provider === '' || account.provider === request.provider) &&
          account.identifier.toLowerCase().includes(wanted),
      );
      const page = pageOf(found, request.pageToken, Math.min(request.pageSize || 10, options.maxPage));
      return {
        connectedAccounts: page.items.map(publicFields),
        totalSize: found.length,
        nextPageToken: page.next,
        prevPageToken: '',
      };
    },

    getConnectedAccountAuth(request) {
      checkLimits(request);
      const account = findAccount(environment, request);
      // An expired account still shows its stale token, so that clients have to look at the status.
      const { accessToken, refreshToken } = account.status.startsWith('PENDING')
        ? { accessToken: '', refreshToken: '' }
        : account;
      return {
        connectedAccount: {
          ...publicFields(account),
          authorizationDetails: { details: { case: 'oauthToken', value: { accessToken, refreshToken } } },
        },
      };
    },

    createConnectedAccount(request) {
      checkLimits(request);
      const connection = usableConnection(environment, request.connector);
      if (!request.identifier) throw invalid('identifier: value is required');
      if (environment.account(connection.name, request.identifier))
        throw new ConnectError('connected account already exists', Code.AlreadyExists);
      return { connectedAccount: publicFields(environment.create(connection, request.identifier)) };
    },

    deleteConnectedAccount(request) {
      checkLimits(request);
      environment.remove(findAccount(environment, request));
      return {};
    },

    getMagicLinkForConnectedAccount(request) {
      checkLimits(request);
      if (!request.id) usableConnection(environment, request.connector);
      const account = findAccount(environment, request);
      const link = environment.mintLink(account, request.state ?? '', request.userVerifyUrl ?? '');
      return { link: `${options.url()}/magicLink/${link.id}`, expiry: timestampFromDate(link.expiresAt) };
    },

    verifyConnectedAccountUser(request) {
      checkVerifyLimits(request);
      const outcome = environment.verify(request.authRequestId, request.identifier);
      if (outcome === 'unknown') throw new ConnectError('auth request not found', Code.NotFound);
      if (outcome === 'mismatch') throw new ConnectError('user verification failed', Code.PermissionDenied);
      const lost = faults.takeLostVerifyReply();
      if (lost !== null) throw new ConnectError('upstream connect error', lost);
      return { postUserVerifyRedirectUrl: `${options.url()}/connected` };
    },
  });

  router.service(ConnectionService, {
    listAppConnections(request) {
      if (request.pageSize < 0 || request.pageSize > 30) throw invalid('page_size: 0 to 30');
      const found = environment.connections.filter(
        ({ provider }) => !request.provider || provider === request.provider,
      );
      const page = pageOf(found, request.pageToken, Math.min(request.pageSize || 10, options.maxPage));
      return {
        connections: page.items.map((connection) => ({
          id: connectionId(connection.name),
          type: ConnectionType.OAUTH,
          status: connection.enabled ? ConnectionStatus.COMPLETED : ConnectionStatus.DRAFT,
          enabled: connection.enabled,
          providerKey: connection.provider,
          keyId: connection.name,
        })),
        totalSize: found.length,
        nextPageToken: page.next,
        prevPageToken: '',
      };
    },
  });
}

/** Before any call: count it, wait, fail as told, and let nobody in without a bearer that we handed out. */
export function gatekeeper(options: RpcOptions): Interceptor {
  return (next) => async (request) => {
    options.onCall(request.method.name);
    await options.faults.wait();
    const refusal = options.faults.refusalOf(request.method.name);
    if (refusal !== null) throw new ConnectError('internal error', refusal);
    const fault = options.faults.next();
    if (fault === 'unavailable') throw new ConnectError('no healthy upstream', Code.Unavailable);
    if (fault === 'rate-limited') throw rateLimited();
    const bearer = /^Bearer (.+)$/.exec(request.header.get('authorization') ?? '')?.[1];
    if (bearer === undefined || !options.isBearer(bearer))
      throw new ConnectError('invalid or expired token', Code.Unauthenticated);
    return next(request);
  };
}

function rateLimited(): ConnectError {
  return new ConnectError('rate limit exceeded', Code.ResourceExhausted, undefined, [
    { desc: ErrorInfoSchema, value: { errorCode: 'RATE_LIMITED' } },
  ]);
}

function usableConnection(environment: ScalekitEnvironment, name: string | undefined): StandInConnection {
  const connection = environment.connection(name ?? '');
  if (connection === undefined) throw new ConnectError('connection not found', Code.NotFound);
  if (!connection.enabled) throw new ConnectError('connection is not enabled', Code.FailedPrecondition);
  return connection;
}

function findAccount(environment: ScalekitEnvironment, request: AccountRequest): StandInAccount {
  const account = request.id
    ? environment.accountById(request.id)
    : environment.account(request.connector ?? '', request.identifier ?? '');
  if (account === undefined) throw new ConnectError('connected account not found', Code.NotFound);
  return account;
}

/** What every answer says about an account; credentials are added by the one call that returns them. */
function publicFields(account: StandInAccount) {
  return {
    id: account.id,
    identifier: account.identifier,
    connector: account.connector,
    connectionId: connectionId(account.connector),
    provider: account.provider,
    status: ConnectorStatus[account.status],
    authorizationType: ConnectorType.OAUTH,
    updatedAt: timestampFromDate(account.updatedAt),
  };
}

function connectionId(name: string): string {
  return `conn_${Buffer.from(name).toString('hex').slice(0, 24)}`;
}

function pageOf<T>(all: readonly T[], token: string, size: number): { items: T[]; next: string } {
  const start = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalid('page_token: not one of ours');
  const end = start + size;
  return {
    items: all.slice(start, end),
    next: end < all.length ? Buffer.from(String(end)).toString('base64url') : '',
  };
}
