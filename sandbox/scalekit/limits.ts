import { Code, ConnectError } from '@connectrpc/connect';

/**
 * The limits that the package's descriptors carry as validation options. The SDK does not check them; the service does.
 * Only fields that a client of ours can send are listed.
 */
const LIMITS = {
  organizationId: { max: 32 },
  userId: { max: 32 },
  connector: { max: 400, pattern: /^[a-zA-Z0-9_: -]*$/ },
  identifier: { max: 100 },
  id: { max: 32, pattern: /^(ca_|$)/ },
  state: { max: 512 },
  userVerifyUrl: { max: 2048, pattern: /^$|^https?:\/\// },
  provider: { max: 50 },
  pageToken: { max: 100 },
  query: { max: 100 },
} as const satisfies Record<string, { max: number; pattern?: RegExp }>;

/** Throws INVALID_ARGUMENT, naming the field, when a request breaks a limit of the schema. */
export function checkLimits(request: object): void {
  for (const [field, limit] of Object.entries(LIMITS) as [string, { max: number; pattern?: RegExp }][]) {
    const value = (request as Record<string, unknown>)[field];
    if (typeof value !== 'string') continue;
    if (value.length > limit.max) throw invalid(`${field}: value length must be at most ${limit.max} characters`);
    if (limit.pattern && !limit.pattern.test(value)) throw invalid(`${field}: value does not match the pattern`);
  }
}

/** The verify call has limits of its own: both fields are required and the identifier may be longer. */
export function checkVerifyLimits(request: { authRequestId: string; identifier: string }): void {
  const { authRequestId, identifier } = request;
  if (authRequestId.length < 1 || authRequestId.length > 1000) throw invalid('auth_request_id: 1 to 1000 characters');
  if (identifier.length < 1 || identifier.length > 200) throw invalid('identifier: 1 to 200 characters');
}

export function invalid(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
