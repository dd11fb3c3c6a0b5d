import type { ActorInput } from './input/actor-input.js';
import { InvalidInputError } from './errors.js';
import * as check from './input/checks.js';
import { found, quote } from './input/describe.js';
import { checkAgainstSchema, inputFields } from './input/schema.js';
import type { RecordFieldInput } from './record-field.js';

/** The validated input with every default filled in; the names are the input schema's (design §3.2). */
export interface RunInput {
  /** Absolute http(s) URLs, in the order given. Empty only when `datasetId` is set. */
  startUrls: string[];
  maxCrawlPages: number;
  maxCrawlDepth: number;
  includeUrlGlobs: string[];
  excludeUrlGlobs: string[];
  useSitemaps: boolean;
  respectRobotsTxtFile: boolean;
  keepUrlFragments: boolean;
  ignoreCanonicalUrl: boolean;
  crawlerType: 'playwright:adaptive' | 'playwright:chrome' | 'cheerio';
  waitForSelector: string | null;
  dynamicContentWaitSecs: number;
  keepElementsCssSelector: string | null;
  removeElementsCssSelector: string | null;
  removeCookieWarnings: boolean;
  blockMedia: boolean;
  recordSelector: string | null;
  recordFields: RecordFieldInput[];
  recordKeyFields: string[];
  notionParentPage: string | null;
  notionDatabase: string | null;
  /** Title of the database to find or make; default: the first start URL's host. */
  notionDatabaseTitle: string;
  /** Notion column → path in the item, for example `{ Price: 'record.price' }`. */
  propertyMapping: Record<string, string>;
  syncContent: boolean;
  onRemoved: 'keep' | 'mark' | 'trash';
  onUserEdit: 'keep' | 'overwrite';
  restoreTrashed: boolean;
  dryRun: boolean;
  reconnectNotion: boolean;
  /** `null`: by presence, see design §1 step 4. */
  authorizationWaitSecs: number | null;
  datasetId: string | null;
  /** A named dataset for the items; the run's default storages then hold counts only. */
  datasetName: string | null;
  /** Apify's proxy input object, handed to the SDK as it is. */
  proxyConfiguration: Record<string, unknown> | null;
  maxConcurrency: number | null;
  maxRequestRetries: number;
  requestTimeoutSecs: number;
  /** Secret. Playwright cookie objects. */
  initialCookies: Record<string, unknown>[];
  /** Secret. */
  customHttpHeaders: Record<string, string>;
  debugLog: boolean;
}

/** Unknown fields that one warning names; the rest are counted. */
const NAMED_UNKNOWN_FIELDS = 10;

/**
 * Reads the Actor's input. Types, bounds, choices and defaults come from `.actor/input_schema.json`; `null`, `""` and
 * absent fields take the default.
 * @param raw what the default key-value store holds under INPUT; `null` counts as an empty object
 * @returns the input and sentences for the log about what was ignored
 * Throws `InvalidInputError` with one sentence: the field, what was found (never a secret), what is expected.
 */
export function parseInput(raw: unknown): { input: RunInput; warnings: string[] } {
  const given = raw ?? {};
  if (!check.isObject(given)) {
    throw new InvalidInputError('input', `The input must be a JSON object; it is ${found(given)}.`);
  }
  const present = Object.fromEntries(
    Object.entries(given).filter(([field, value]) => Object.hasOwn(inputFields(), field) && !isEmpty(value)),
  );
  checkAgainstSchema(present);
  const input = shape(present, datasetOfPayload(given.payload));
  checkTogether(input);
  return { input, warnings: warningsFor(given, input) };
}

/** Fields of the input with that type. */
type FieldOf<T> = { [F in keyof ActorInput]-?: NonNullable<ActorInput[F]> extends T ? F : never }[keyof ActorInput];

/** `present` holds what the schema accepted, so the reads below cannot meet another type. */
function shape(present: ActorInput, payloadDatasetId: string | null): RunInput {
  const fields = inputFields();
  const value = <F extends keyof ActorInput>(field: F) =>
    (present[field] ?? fields[field]?.default ?? null) as NonNullable<ActorInput[F]> | null;
  const text = (field: FieldOf<string>) => value(field)?.trim() ?? null;
  // These have a default in the schema, which the tests of it hold.
  const whole = (field: FieldOf<number>) => value(field) as number;
  const flag = (field: FieldOf<boolean>) => value(field) as boolean;
  const list = (field: FieldOf<unknown[]>): unknown[] => value(field) ?? [];
  const object = (field: FieldOf<Record<string, unknown>>) => value(field);
  const selector = (field: FieldOf<string>) => check.selector(field, text(field));

  const startUrls = check.startUrls(list('startUrls'));
  const recordFields = check.recordFields(list('recordFields'));
  // One header with all cookies goes out, also with those that the site sets: they are kept in one place.
  const { cookie, ...customHttpHeaders } = check.headers(object('customHttpHeaders') ?? {});
  return {
    startUrls,
    maxCrawlPages: whole('maxCrawlPages'),
    maxCrawlDepth: whole('maxCrawlDepth'),
    includeUrlGlobs: check.globs('includeUrlGlobs', list('includeUrlGlobs')),
    excludeUrlGlobs: check.globs('excludeUrlGlobs', list('excludeUrlGlobs')),
    useSitemaps: flag('useSitemaps'),
    respectRobotsTxtFile: flag('respectRobotsTxtFile'),
    keepUrlFragments: flag('keepUrlFragments'),
    ignoreCanonicalUrl: flag('ignoreCanonicalUrl'),
    crawlerType: value('crawlerType') as RunInput['crawlerType'],
    waitForSelector: check.selector('waitForSelector', text('waitForSelector'), 'browser'),
    dynamicContentWaitSecs: whole('dynamicContentWaitSecs'),
    keepElementsCssSelector: selector('keepElementsCssSelector'),
    removeElementsCssSelector: selector('removeElementsCssSelector'),
    removeCookieWarnings: flag('removeCookieWarnings'),
    blockMedia: flag('blockMedia'),
    recordSelector: selector('recordSelector'),
    recordFields,
    recordKeyFields: check.recordKeyFields(list('recordKeyFields'), recordFields),
    notionParentPage: check.notionReference('notionParentPage', text('notionParentPage')),
    notionDatabase: check.notionReference('notionDatabase', text('notionDatabase')),
    notionDatabaseTitle: text('notionDatabaseTitle') ?? defaultTitle(startUrls),
    propertyMapping: check.propertyMapping(object('propertyMapping') ?? {}),
    syncContent: flag('syncContent'),
    onRemoved: value('onRemoved') as RunInput['onRemoved'],
    onUserEdit: value('onUserEdit') as RunInput['onUserEdit'],
    restoreTrashed: flag('restoreTrashed'),
    dryRun: flag('dryRun'),
    reconnectNotion: flag('reconnectNotion'),
    authorizationWaitSecs: value('authorizationWaitSecs'),
    datasetId: text('datasetId') ?? payloadDatasetId,
    datasetName: check.datasetName(text('datasetName')),
    proxyConfiguration: check.proxy(object('proxyConfiguration')),
    maxConcurrency: value('maxConcurrency'),
    maxRequestRetries: whole('maxRequestRetries'),
    requestTimeoutSecs: whole('requestTimeoutSecs'),
    initialCookies: [...check.headerCookies(cookie), ...check.cookies(list('initialCookies'))],
    customHttpHeaders,
    debugLog: flag('debugLog'),
  };
}

/** What no field says alone. */
function checkTogether(input: RunInput): void {
  if (input.startUrls.length === 0 && input.datasetId === null) {
    throw new InvalidInputError(
      'startUrls',
      '`startUrls` must hold at least one address, or `datasetId` name a dataset; both are empty.',
    );
  }
  if (input.recordSelector !== null && input.recordFields.length === 0) {
    throw new InvalidInputError(
      'recordFields',
      '`recordFields` must hold at least one field when `recordSelector` is set; it is empty.',
    );
  }
  if (input.recordSelector === null && input.recordFields.length > 0) {
    throw new InvalidInputError(
      'recordSelector',
      '`recordSelector` must say which element is a record when `recordFields` is set; it is empty.',
    );
  }
}

function warningsFor(given: Record<string, unknown>, input: RunInput): string[] {
  const warnings: string[] = [];
  const unknown = Object.keys(given).filter((field) => !Object.hasOwn(inputFields(), field) && field !== 'payload');
  if (unknown.length > 0) {
    const more = unknown.length - NAMED_UNKNOWN_FIELDS;
    const named = unknown.slice(0, NAMED_UNKNOWN_FIELDS).map(quote).join(', ');
    warnings.push(`The input has unknown fields, which are ignored: ${named}${more > 0 ? ` and ${more} more` : ''}.`);
  }
  if (input.datasetId !== null && input.startUrls.length > 0) {
    warnings.push('The items come from the dataset in `datasetId`; `startUrls` is not crawled.');
  }
  return warnings;
}

/** Another Actor's run that starts this one hands over its run as `payload.resource`. */
function datasetOfPayload(payload: unknown): string | null {
  const resource = check.isObject(payload) ? payload.resource : null;
  const id = check.isObject(resource) ? resource.defaultDatasetId : null;
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : null;
}

/** The first start URL's host without `www.`; a dataset's items may come from anywhere. */
function defaultTitle(startUrls: string[]): string {
  const [first] = startUrls;
  return first === undefined ? 'Website to Notion' : new URL(first).host.replace(/^www\./, '');
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}
