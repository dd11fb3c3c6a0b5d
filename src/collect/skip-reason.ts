/** Why a URL was left out (design §3.4). */
export const SKIP_REASONS = [
  'robotsTxt',
  'nofollow',
  'filters',
  'depth',
  'limit',
  'redirect',
  'duplicate',
  'contentType',
  'tooLarge',
  'protocol',
  'privateAddress',
] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];
