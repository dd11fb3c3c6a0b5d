import { RunError } from '../errors.js';

/** The run's token is not allowed to do something; `message` names the permission. */
export class MissingPermissionError extends RunError {}

/** What a scoped token is given rights to, by the path of the API. Names as the Console's token form has them. */
const RESOURCES: [RegExp, string][] = [
  [/\/datasets\b/, 'Datasets'],
  [/\/key-value-stores\b/, 'Key-value stores'],
  [/\/request-queues\b/, 'Request queues'],
  [/\/actor-runs\b/, 'Actor runs'],
  [/\/users\b/, 'Proxy'],
];

const NEXT_STEP =
  'Add it to the token that started this run (and switch on access to default storages), or start the run with a token ' +
  'whose runs have full access.';

/** True when the platform refused a request because the run's token may not do it. */
export function isRefused(error: unknown): boolean {
  return (error as { statusCode?: unknown } | null)?.statusCode === 403;
}

/**
 * A refused request as a sentence that names the permission, `null` for any other error. Pure.
 * @param error what Apify's client threw: it carries the status, the path and the method
 */
export function missingPermission(error: unknown): MissingPermissionError | null {
  if (!isRefused(error)) return null;
  const { path = '', httpMethod = '', type } = error as { path?: string; httpMethod?: string; type?: string };
  const resource = RESOURCES.find(([pattern]) => pattern.test(path))?.[1] ?? 'Account';
  const access = /^(get|head)$/i.test(httpMethod) ? 'Read' : 'Write';
  // The proxy is a switch of the token: its password comes with the account.
  const permission = resource === 'Proxy' ? resource : `${resource}: ${access}`;
  return new MissingPermissionError(`The run's token lacks the permission "${permission}". ${NEXT_STEP}`, {
    detail: [type, httpMethod.toUpperCase(), path].filter(Boolean).join(' '),
    cause: error,
  });
}
