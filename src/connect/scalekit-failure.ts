import { OperatorError } from '../errors.js';

/**
 * What a failed call to Scalekit means for the caller:
 * `transient`: may work later; `not-found`: no such account, connection or pending authorization; `mismatch`: the
 * authorization belongs to another identifier; `conflict`: somebody else did it at the same time; `rejected`: the
 * request itself is malformed. What only the operator can put right is an `OperatorError` instead.
 */
export type FailureKind = 'transient' | 'not-found' | 'mismatch' | 'conflict' | 'rejected';

export class ScalekitFailure extends Error {
  readonly kind: FailureKind;
  /** Small print for support. */
  readonly detail: string;

  constructor(kind: FailureKind, message: string, detail: string) {
    super(message);
    this.name = 'ScalekitFailure';
    this.kind = kind;
    this.detail = detail;
  }
}

/** gRPC status codes, https://grpc.io/docs/guides/status-codes/. */
const GRPC = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  UNAUTHENTICATED: 16,
} as const;

const REFUSED = 'Scalekit refuses the request.';

/**
 * Sorts whatever the SDK throws. Server errors carry `grpcStatus` (the HTTP status of the same object is unreliable);
 * a failed login escapes as a raw AxiosError. Pure; the result never quotes the server, whose words are not for users.
 * @param operation names the call in the small print, for example `verify`
 * @param host of the Scalekit environment
 */
export function sortFailure(error: unknown, operation: string, host: string): ScalekitFailure | OperatorError {
  if (error instanceof ScalekitFailure || error instanceof OperatorError) return error;
  const login = loginStatus(error);
  if (login !== null) return sortLogin(login, host);
  const code = grpcStatus(error);
  if (networkCode(error) === 'ERR_HTTP2_ERROR') return notScalekit(host, 'scalekit connect: no HTTP/2');
  const detail = `scalekit ${operation}: ${code === null ? networkCode(error) : `grpc ${code}`}`;
  switch (code) {
    case GRPC.UNAUTHENTICATED:
      return refusedCredentials(host, detail);
    case GRPC.NOT_FOUND:
      return new ScalekitFailure('not-found', 'Scalekit does not know this account.', detail);
    case GRPC.ALREADY_EXISTS:
    case GRPC.ABORTED:
      return new ScalekitFailure('conflict', 'The account was changed at the same moment. Try again.', detail);
    case GRPC.INVALID_ARGUMENT:
    case GRPC.OUT_OF_RANGE:
      return new ScalekitFailure('rejected', REFUSED, detail);
    case GRPC.PERMISSION_DENIED:
      if (operation === 'verify')
        return new ScalekitFailure('mismatch', 'The authorization belongs to another account.', detail);
      return new OperatorError(
        `The Scalekit credentials for ${host} may not ${operation === 'connections' ? 'list connections' : 'manage connected accounts'}. ` +
          'The operator must make new ones in the Scalekit dashboard under Developers → Settings → API Credentials.',
        { detail },
      );
    case GRPC.FAILED_PRECONDITION:
      // Anybody can make up the id that is verified: what Scalekit thinks of it says nothing about the connection.
      if (operation === 'verify') return new ScalekitFailure('rejected', REFUSED, detail);
      return new OperatorError(
        'Scalekit cannot use this connection yet. The operator must finish and enable it in the Scalekit dashboard under AgentKit → Connections.',
        { detail },
      );
    case GRPC.UNIMPLEMENTED:
      return notScalekit(host, detail);
    case GRPC.RESOURCE_EXHAUSTED:
      return new ScalekitFailure('transient', 'Scalekit asks us to slow down. Try again in a minute.', detail);
    default:
      return new ScalekitFailure('transient', 'Scalekit does not answer at the moment. Try again in a minute.', detail);
  }
}

function sortLogin(status: number, host: string): ScalekitFailure | OperatorError {
  const detail = `scalekit login: http ${status}`;
  if (status === 404 || status === 405) return notScalekit(host, detail);
  if (status === 429 || status >= 500) {
    return new ScalekitFailure('transient', 'Scalekit does not answer at the moment. Try again in a minute.', detail);
  }
  return refusedCredentials(host, detail);
}

function refusedCredentials(host: string, detail: string): OperatorError {
  return new OperatorError(
    `Scalekit refuses the credentials for ${host}. The operator must compare SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET ` +
      'with the Scalekit dashboard of the same environment, under Developers → Settings → API Credentials.',
    { detail },
  );
}

function notScalekit(host: string, detail: string): OperatorError {
  return new OperatorError(
    `No Scalekit environment answers at ${host}. The operator must set SCALEKIT_ENV_URL to the address that the Scalekit ` +
      'dashboard shows under Developers → Settings → API Credentials.',
    { detail },
  );
}

/** The HTTP status of a failed token request, or `null` when the error is something else. */
function loginStatus(error: unknown): number | null {
  if (!isRecord(error) || error.isAxiosError !== true || !isRecord(error.response)) return null;
  return typeof error.response.status === 'number' ? error.response.status : null;
}

function grpcStatus(error: unknown): number | null {
  return isRecord(error) && typeof error.grpcStatus === 'number' ? error.grpcStatus : null;
}

/** `ECONNREFUSED` and the like; never the message, which may quote a request. */
function networkCode(error: unknown): string {
  if (isRecord(error) && typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code)) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
