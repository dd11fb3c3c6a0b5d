/** The Actor's input as its caller writes it. Made from .actor/input_schema.json by `npm run generate`; do not edit. */
export interface ActorInput {
  /** Where to begin. The crawl stays on the same host and below the path of each address: https://example.com/docs collects /docs and everything under it. Needed unless a dataset is given at the end of this form. */
  startUrls?: (string | { url: string })[];
  /** The crawl ends after this many pages were read without an error; start URLs count. */
  maxCrawlPages?: number;
  /** URL or ID of the Notion page under which a new database is made. Give the connection access to this page. Empty: the database is made as a private page of your workspace, and you can move it anywhere afterwards. */
  notionParentPage?: string | null;
  /** URL or ID of a database to write into. Missing columns are added; your own columns and rows are left alone. */
  notionDatabase?: string | null;
  /** Title of the database that the Actor makes and finds again. Empty: the host of the first start URL. */
  notionDatabaseTitle?: string | null;
  /** Which value of an item goes into which Notion column: {"Column": "path.in.item"}. A mapped value leaves its usual column; missing columns are created when their type is clear. */
  propertyMapping?: Record<string, unknown> | null;
  /** How many links away from a start URL the crawl may go. 0 reads the start URLs only. */
  maxCrawlDepth?: number;
  /** Only pages that match one of these patterns are collected. They replace the rule that pages lie below the start URL's path; the host stays the same. ** matches any number of path parts. */
  includeUrlGlobs?: (string | { glob: string })[];
  /** Pages that match one of these patterns are left out, whatever else matches. */
  excludeUrlGlobs?: (string | { glob: string })[];
  /** Also collect pages that the site's sitemaps name, inside the same scope. */
  useSitemaps?: boolean;
  /** Leave out what the site's robots.txt asks crawlers to leave out. */
  respectRobotsTxtFile?: boolean;
  /** Treat /#/about and /#/team as two pages. Needed only for sites that navigate by fragment. */
  keepUrlFragments?: boolean;
  /** Identify a page by the address it was loaded from, even when it names another one as its canonical address. */
  ignoreCanonicalUrl?: boolean;
  /** Adaptive reads over plain HTTP where that shows the whole page and opens a browser where it does not. Browser opens every page in Chrome. HTTP only never starts a browser: fastest and cheapest, for sites that do not need JavaScript. */
  crawlerType?: 'playwright:adaptive' | 'playwright:chrome' | 'cheerio';
  /** CSS selector of an element that must be there before a page counts as loaded. Browser pages only. */
  waitForSelector?: string | null;
  /** At most this long is waited until a page's content stops changing. Browser pages only; pages that are ready earlier do not wait. */
  dynamicContentWaitSecs?: number;
  /** CSS selector of what to keep from each page. Empty: the main content is found by itself. */
  keepElementsCssSelector?: string | null;
  /** CSS selector of what to leave out, for example comments or related links. Navigation and footers are left out anyway. */
  removeElementsCssSelector?: string | null;
  /** Close cookie and consent dialogs before the page is read. */
  removeCookieWarnings?: boolean;
  /** Do not download images, video and fonts in the browser. Links to images are kept; pages load faster. */
  blockMedia?: boolean;
  /** CSS selector of one record, for example a product card. Each match becomes a row of its own in place of the page. The next pages of a list are followed as long as they bring new records, also outside the path of the start URL. */
  recordSelector?: string | null;
  /** What to read from each record: a name, a CSS selector inside the record (:scope is the record itself), and if needed an attribute, a type (text, number, url, date, boolean, email, image) and whether there are several values. */
  recordFields?: {
    name: string;
    selector: string;
    attribute?: string | null;
    type?: 'text' | 'number' | 'url' | 'date' | 'boolean' | 'email' | 'image';
    multiple?: boolean;
  }[];
  /** Names of the fields that identify a record for ever, for example an article number. Empty: the record's own link. */
  recordKeyFields?: string[];
  /** Write the content of each page into its Notion page. When off, only the columns are filled. */
  syncContent?: boolean;
  /** What happens to a row whose page no longer exists on the website. Only after a complete crawl, and only to rows that this source wrote. */
  onRemoved?: 'keep' | 'mark' | 'trash';
  /** What happens to content that somebody changed in Notion. Your own columns, comments and nested pages are kept either way. */
  onUserEdit?: 'keep' | 'overwrite';
  /** Bring back rows that somebody moved to the trash in Notion while their page is still on the website. */
  restoreTrashed?: boolean;
  /** Show what would be written and write nothing to Notion. */
  dryRun?: boolean;
  /** Ask for a new connection in the Live view, for example to use another workspace. Switch it off again afterwards. */
  reconnectNotion?: boolean;
  /** How long the run waits for you to connect Notion once the crawl has ended. 0 does not wait. Empty: 90 seconds, or 300 once you have opened the Live view; runs on a schedule, over the API, from another Actor or an AI agent do not wait. */
  authorizationWaitSecs?: number | null;
  /** Requests to the website go through these proxies. Most public sites need none. */
  proxyConfiguration?: Record<string, unknown> | null;
  /** At most this many pages are read at once. Empty: as many as memory allows, and at most 10 of one site. */
  maxConcurrency?: number | null;
  /** How often a page that could not be read is tried again. */
  maxRequestRetries?: number;
  /** A page that takes longer counts as failed and is tried again. */
  requestTimeoutSecs?: number;
  /** Cookies to send, as a browser exports them: [{"name": "…", "value": "…"}]. Stored encrypted and sent to the hosts of the start URLs only. */
  initialCookies?: Record<string, unknown>[] | null;
  /** Headers to send: {"Accept-Language": "en"}. Stored encrypted and sent to the hosts of the start URLs only. */
  customHttpHeaders?: Record<string, unknown> | null;
  /** Write the items of this dataset to Notion and crawl nothing: a dataset of an earlier run of this Actor, or any dataset whose items have a URL and a markdown field. */
  datasetId?: string | null;
  /** Store the items in a dataset of this name, which the run makes in your account. Default storages can be read by anyone who knows their ID; with a name they hold counts only. Each run adds its items to those of earlier ones. Letters, digits and hyphens. */
  datasetName?: string | null;
  /** Log every decision about every page. */
  debugLog?: boolean;
}
