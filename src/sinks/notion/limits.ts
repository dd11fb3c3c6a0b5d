/** What one request to Notion may hold. Source: https://developers.notion.com/reference/request-limits */
export const LIMITS = {
  /** Encoded JSON body, bytes. Notion says "500 KB"; the smaller reading is taken. */
  requestBytes: 500_000,
  /** `rich_text[].text.content`, in UTF-16 units (the unit is not specified; this is the strictest). */
  richTextChars: 2000,
  richTextItems: 100,
  urlChars: 2000,
  emailChars: 200,
  phoneChars: 200,
  /** Name of a select option; it may not contain a comma. */
  optionChars: 100,
  multiSelectItems: 100,
  pageSize: 100,
  /** Conditions in one `or` filter: the general cap on arrays. */
  filterOperands: 100,
} as const;

/** Waits in milliseconds; arguments of the sink so that tests can scale them. */
export interface Waits {
  /** Before each look-up of a create whose outcome is unknown (reference §6). */
  lookupMs: readonly number[];
  /** Before each repetition of a request that failed by itself; the request is given up after the last. */
  retryMs: readonly number[];
  /** Pause for everyone when Notion asks to slow down without saying for how long. */
  overloadMs: number;
  /** Least pause for everyone, also where Notion says "0 seconds". */
  minPauseMs: number;
  /** Writes older than this are visible to queries; younger ones may not be. */
  settleMs: number;
  /** A row that was read longer ago is read again before it is written (`fresh-rows.ts`). */
  freshMs: number;
  /** A write that waited longer since its row was looked at is not sent: it looks again (`look.ts`). */
  heldMs: number;
}

export const DEFAULT_WAITS: Waits = {
  lookupMs: [2000, 5000, 10_000],
  retryMs: [1000, 2000, 4000, 8000, 16_000],
  overloadMs: 10_000,
  minPauseMs: 1000,
  settleMs: 60_000,
  freshMs: 2000,
  heldMs: 2000,
};

/** Writers at once. Few, because Notion answers 502 to many writers in one large database. */
export const CONCURRENCY = 8;

/** Outcomes other than creates after which the checkpoint is saved: a killed run that goes on forgets fewer. */
export const SAVE_EVERY = 10;

/** This many items in a row that failed because Notion did not answer end the sync. */
export const OUTAGE_ITEMS = 16;

/** Looks at a row for one write that is held up again and again; then it is left to the next run. */
export const LOOKS = 10;
