import type { Connector } from './connectors.js';

/** What stands for the user off the platform, where nobody says who runs it. */
const LOCAL_USER = 'local';

/**
 * The Scalekit identifier that a run acts as: the operator's for a shared connector, else the raw Apify user id
 * (design §4). Pure.
 * @param userId the run's user, `local` when unknown
 * @returns `null` when the platform does not say whose run this is: acting as a common stand-in there would give every
 *   such user the same account
 */
export function accountIdentifier(connector: Connector, userId: string, isAtHome: boolean): string | null {
  if (connector.identifier !== null) return connector.identifier;
  return isAtHome && userId === LOCAL_USER ? null : userId;
}
