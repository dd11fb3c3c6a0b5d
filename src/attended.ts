/** Origins that suggest a person at the Console. */
const ATTENDED_ORIGINS = new Set(['WEB', 'DEVELOPMENT']);

export interface Attendance {
  /** `APIFY_META_ORIGIN` of the run. */
  origin: string;
  /** The input's `authorizationWaitSecs`; `null` when unset. */
  authorizationWaitSecs: number | null;
}

/** True when a person may be there to connect: one who started the run in the Console, or one whom the input waits for. */
export function isAttended({ origin, authorizationWaitSecs }: Attendance): boolean {
  return ATTENDED_ORIGINS.has(origin) || (authorizationWaitSecs ?? 0) > 0;
}
