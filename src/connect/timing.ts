/** Every wait of this stage, in milliseconds; an argument, so that tests scale it. */
export interface ConnectTiming {
  /** Middle of the pause between two polls while somebody is in the middle of consent (reference: every 3–5 s). */
  pollMs: number;
  /** The pause grows to this while nothing happens or Scalekit does not answer. */
  pollMaxMs: number;
  /** How long `waitUntilActive` bears with a Scalekit that does not answer. */
  graceMs: number;
  /** How long a read of the token is tried again while Scalekit does not answer. */
  tokenBudgetMs: number;
  /** How long a token is used before it is read again. */
  tokenCacheMs: number;
  /** How long `ready` waits for the memory of earlier runs. */
  recallMs: number;
  /** How long a consent may take from click to return. */
  stateTtlMs: number;
}

/** With these a run whose Scalekit is unreachable fails within 60 s of its crawl (design §3.5). */
export const CONNECT_TIMING: ConnectTiming = {
  pollMs: 4_000,
  pollMaxMs: 30_000,
  graceMs: 20_000,
  tokenBudgetMs: 40_000,
  tokenCacheMs: 60_000,
  recallMs: 5_000,
  stateTtlMs: 600_000,
};
