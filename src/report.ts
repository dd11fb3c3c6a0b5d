import type { ConnectionStatus, ConnectorName } from './consent.js';
import { messageFor } from './errors.js';
import type { ChangeRow, OutcomeStatus } from './progress.js';
import type { SinkReport, SinkWorkspace } from './sinks/sink.js';
import type { StopCause } from './stopping.js';
import { count, plural } from './numbers.js';

/** The crawl as OUTPUT tells it (design §3.4). */
export interface CrawlOutput {
  pagesLoaded: number;
  itemsStored: number;
  pagesFailed: number;
  skipped: Record<string, number>;
  complete: boolean;
  browserPages: number;
  httpPages: number;
  seconds: number;
  /** Values of records that could not be read as their field's type; COVERAGE has an example of each field. */
  unreadableValues: number;
  failures: { url: string; reason: string; httpStatusCode?: number | null; message: string }[];
}

export interface ConnectionOutput {
  connector: ConnectorName;
  mode: 'per-user' | 'shared';
  state: ConnectionStatus;
  workspace?: string;
}

/** All that the end of a run is decided by. */
export interface RunFacts {
  /** `null` in `datasetId` mode, and when the run ended before the crawl. */
  crawl: CrawlOutput | null;
  /** Why pages gave no items, when the crawl knows; absent or `null` otherwise. */
  nothingFound?: string | null;
  /** Items that could be synced: collected ones, or those of the given dataset; `null` when it was not reached. */
  items: number | null;
  /** True off the platform: there a fresh start empties the default dataset. */
  emptiedOnStart: boolean;
  /** The dataset that holds them, for the sentence that says how to sync them later. */
  datasetId: string;
  connections: ConnectionOutput[];
  workspace: SinkWorkspace | null;
  /** `null` when no sync was tried. */
  sync: SinkReport | null;
  dryRun: boolean;
  /** What a dry run would do, the latest rows without the unchanged ones; `null` in other runs and private ones. */
  planned: ChangeRow[] | null;
  /** True when Notion was never connected, or no way to connect is configured. */
  notConnected: 'never' | 'not-configured' | null;
  /** What cut the run short, if anything did. */
  stopped: StopCause | null;
  error: unknown;
}

export interface Conclusion {
  status: OutcomeStatus;
  message: string;
  exitCode: 0 | 1;
}

/** How the run ends: the first row of design §3.5 that fits. Pure. */
export function conclude(facts: RunFacts): Conclusion {
  if (facts.error !== null && facts.error !== undefined) {
    return failed(withStored(facts, messageFor(facts.error)));
  }
  if (facts.items === 0) return failed(nothingMessage(facts));
  if (facts.notConnected) {
    return { status: 'NOT_CONNECTED', exitCode: 0, message: notConnectedMessage(facts, facts.notConnected) };
  }
  const { sync } = facts;
  if (!sync)
    return { status: 'PARTIAL', exitCode: 0, message: `${stopSentence(facts)} Nothing was written to Notion.` };
  const notes = sync.notes.map((note) => ` ${note}`).join('');
  if (sync.total > 0 && sync.failed - sync.failedRows === sync.total) {
    return failed(
      `None of the ${plural(sync.total, 'page')} could be written to Notion. Each has its reason in notion-results.`,
    );
  }
  if (facts.dryRun)
    return {
      status: 'DRY_RUN',
      exitCode: 0,
      message: `Dry run, nothing was written. Planned: ${syncSentence(facts, sync)}${notes}`,
    };
  const cut = facts.stopped !== null || !sync.finished;
  if (sync.failed > 0 || cut) {
    const why = cut ? `${stopSentence(facts)} ` : '';
    return { status: 'PARTIAL', exitCode: 0, message: `${why}${syncSentence(facts, sync)}${notes}` };
  }
  return { status: 'SYNCED', exitCode: 0, message: `${syncSentence(facts, sync)}${notes}` };
}

/** The record OUTPUT (design §3.4). */
export function outputOf(facts: RunFacts, conclusion: Conclusion): Record<string, unknown> {
  const { sync } = facts;
  return {
    status: conclusion.status,
    message: conclusion.message,
    crawl: facts.crawl,
    connections: facts.connections,
    notion: sync && {
      databaseId: sync.destination?.databaseId ?? null,
      databaseUrl: sync.destination?.databaseUrl ?? null,
      dataSourceId: sync.destination?.dataSourceId ?? null,
      created: sync.created,
      updated: sync.updated,
      unchanged: sync.unchanged,
      removed: sync.removed,
      restored: sync.restored,
      kept: sync.kept,
      failed: sync.failed,
      requests: sync.requests,
      rateLimitedSeconds: sync.rateLimitedSeconds,
      seconds: sync.seconds,
      ...(facts.planned && { planned: facts.planned }),
    },
  };
}

function failed(message: string): Conclusion {
  return { status: 'FAILED', exitCode: 1, message };
}

/** A failure after the crawl lost nothing; say so, and what had been written. */
function withStored(facts: RunFacts, message: string): string {
  if (!facts.items) return message;
  const written = facts.sync ? facts.sync.created + facts.sync.updated + facts.sync.restored : 0;
  const soFar = written > 0 ? ` ${plural(written, 'page')} had been written before.` : '';
  return `${message} ${plural(facts.items, 'page')} ${facts.items === 1 ? 'is' : 'are'} stored in the dataset.${soFar}`;
}

function nothingMessage(facts: RunFacts): string {
  const { crawl } = facts;
  if (facts.stopped !== null) return `${stopSentence(facts)} No page had given an item by then.`;
  if (!crawl) return 'The dataset holds no items, so there is nothing to sync. Check `datasetId`.';
  if (crawl.pagesLoaded > 0) {
    if (facts.nothingFound) return facts.nothingFound;
    return `${plural(crawl.pagesLoaded, 'page')} loaded, but none gave an item. Check \`recordSelector\` and the start URLs.`;
  }
  const first = crawl.failures[0];
  const reason = first ? ` ${first.url}: ${first.message}` : skippedSentence(crawl.skipped);
  return `No page could be read.${reason}`;
}

/** Why pages were left out, in words; the names are those of OUTPUT's `crawl.skipped`. */
const SKIPPED_BECAUSE: Record<string, string> = {
  robotsTxt: 'robots.txt does not allow it or could not be read',
  nofollow: 'the site asks not to follow the link',
  filters: 'it is outside the start URLs or excluded',
  depth: 'it is deeper than `maxCrawlDepth`',
  limit: '`maxCrawlPages` was reached',
  redirect: 'it leads to another site',
  duplicate: 'it is the same page again',
  contentType: 'it is neither HTML nor PDF',
  tooLarge: 'it is larger than 20 MB',
  protocol: 'its address does not begin with http:// or https://',
  privateAddress: 'its address is private',
};

function skippedSentence(skipped: Record<string, number>): string {
  const reasons = Object.entries(skipped).filter(([, n]) => n > 0);
  const listed = reasons.map(
    ([reason, n]) => `${plural(n, 'page')} left out because ${SKIPPED_BECAUSE[reason] ?? reason}`,
  );
  return ` ${listed.map((text) => `${text}. `).join('')}Check the start URLs.`;
}

function notConnectedMessage(facts: RunFacts, why: 'never' | 'not-configured'): string {
  const cut = facts.stopped === null ? '' : `${stopSentence(facts)} `;
  const stored = `${cut}${plural(facts.items ?? 0, 'page')} ${facts.items === 1 ? 'is' : 'are'} stored, none was sent to Notion.`;
  const keep = facts.emptiedOnStart ? ' and CRAWLEE_PURGE_ON_START=0 in the environment' : '';
  const later = `Then a run with \`datasetId\` "${facts.datasetId}"${keep} syncs these items without crawling again.`;
  if (why === 'not-configured') {
    return `${stored} No Notion connection is configured: set the SCALEKIT_ variables, or NOTION_TOKEN for local runs. ${later}`;
  }
  return `${stored} Notion is not connected yet: start this Actor once from the Console and choose Connect Notion. ${later}`;
}

function stopSentence({ stopped }: RunFacts): string {
  if (stopped === 'aborted') return 'Stopped on request.';
  if (stopped === 'timeout') return "Stopped before the run's timeout.";
  if (stopped === 'limit') return 'Stopped at the spending limit of this run; start it again to go on.';
  return 'Stopped early.';
}

function syncSentence(facts: RunFacts, sync: SinkReport): string {
  const parts = (
    [
      ['created', sync.created],
      ['updated', sync.updated],
      ['restored', sync.restored],
      ['removed', sync.removed],
      ['kept', sync.kept],
      ['failed', sync.failed],
    ] as const
  ).filter(([, n]) => n > 0);
  const place = sync.destination ? ` in "${sync.destination.title}"` : '';
  const whose = facts.workspace ? ` (${facts.workspace.name})` : '';
  const unread = facts.crawl?.pagesFailed ?? 0;
  const alsoFailed = unread === 0 ? '' : ` ${plural(unread, 'page')} could not be read.`;
  if (parts.length === 0)
    return `Nothing to do: ${plural(sync.unchanged, 'page')} up to date${place}${whose}.${alsoFailed}`;
  const [[firstWord, firstCount], ...rest] = parts as [(typeof parts)[number], ...typeof parts];
  const listed = [`${plural(firstCount, 'page')} ${firstWord}`, ...rest.map(([word, n]) => `${count(n)} ${word}`)];
  if (sync.unchanged > 0) listed.push(`${count(sync.unchanged)} unchanged`);
  return `${listed.join(', ')}${place}${whose}.${alsoFailed}`;
}
