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
