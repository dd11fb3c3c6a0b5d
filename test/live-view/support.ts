import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConsentFinish, ConsentFlow, ConsentStart } from '../../src/consent.js';
import { startLiveView, type LiveView, type LiveViewOptions } from '../../src/live-view/server.js';
import { Progress, type ChangeRow, type PreviewItem, type RunSnapshot } from '../../src/progress.js';

type Patches = { [S in 'run' | 'collect' | 'connect' | 'sync']?: Partial<RunSnapshot[S]> } & {
  preview?: PreviewItem[];
  changes?: ChangeRow[];
  outcome?: RunSnapshot['outcome'];
};

export const RUN: RunSnapshot['run'] = {
  runId: '4f2aKq81ZpLm',
  userId: 'hG7wTt20yQe5',
  startUrls: ['https://docs.example.com/'],
  dryRun: false,
  destination: 'docs.example.com',
};

/** A run that collects and has not been connected yet, with `patches` on top. */
export function progressWith(patches: Patches = {}): Progress {
  const progress = new Progress({ ...RUN, ...patches.run });
  progress.update('connect', {
    mode: 'per-user',
    status: 'PENDING_AUTH',
    need: 'first',
    offersConsent: true,
    ...patches.connect,
  });
  progress.update('collect', {
    state: 'running',
    pagesLoaded: 42,
    itemsStored: 42,
    pagesSkipped: 3,
    pagesExpected: 60,
    ...patches.collect,
  });
  if (patches.sync) progress.update('sync', patches.sync);
  for (const item of patches.preview ?? []) progress.addPreview(item);
  for (const row of patches.changes ?? []) progress.addChange(row);
  if (patches.outcome) progress.finish(patches.outcome);
  return progress;
}

export const CONNECTED: Partial<RunSnapshot['connect']> = {
  status: 'ACTIVE',
  need: 'nothing',
  offersConsent: false,
  workspace: { name: 'Research · Acme', userName: 'Jane Doe' },
};

export const COLLECTED: Partial<RunSnapshot['collect']> = {
  state: 'done',
  pagesLoaded: 42,
  itemsStored: 42,
  pagesExpected: 42,
};

/**
 * A consent flow with the real one's manners and no Scalekit: one state, bound to one cookie, good for one use.
 * `answer` replaces what `begin` or `finish` would say.
 */
export class SmallConsent implements ConsentFlow {
  readonly calls: string[] = [];
  begins: ConsentStart | Error | null = null;
  finishes: ConsentFinish | Error | null = null;
  onVerified: () => void = () => undefined;
  /** As the connection does, `stage` tells the viewers. */
  onAttempt: (attempt: RunSnapshot['connect']['lastAttempt']) => void = () => undefined;
  #state: string | null = null;
  #made = 0;

  /** @param authorizeUrl where links lead; `state` and `callback` are added to its query */
  constructor(readonly authorizeUrl: string) {}

  async begin(connector: string, callbackUrl: string): Promise<ConsentStart> {
    this.calls.push(`begin ${connector} ${callbackUrl}`);
    if (this.begins instanceof Error) throw this.begins;
    if (this.begins !== null) return this.begins;
    this.#made += 1;
    this.#state = `state-${this.#made}`;
    const link = new URL(this.authorizeUrl);
    link.searchParams.set('state', this.#state);
    link.searchParams.set('callback', callbackUrl);
    this.onAttempt('started');
    return { kind: 'redirect', link: link.href, cookie: `cookie-${this.#made}`, maxAgeSecs: 600 };
  }

  async finish(connector: string, query: URLSearchParams, cookie: string | undefined): Promise<ConsentFinish> {
    this.calls.push(`finish ${connector} ${query.toString()} ${cookie ?? 'no cookie'}`);
    if (this.finishes instanceof Error) throw this.finishes;
    if (this.finishes !== null) return this.finishes;
    const state = query.get('state');
    if (state === null) return { kind: 'bogus' };
    if (state !== this.#state || cookie !== state.replace('state', 'cookie')) return { kind: 'other-browser' };
    this.onAttempt(query.has('error') ? 'cancelled' : 'verified');
    if (query.has('error')) return { kind: 'cancelled' };
    this.#state = null;
    this.onVerified();
    return { kind: 'verified' };
  }
}

export interface Stage {
  view: LiveView;
  progress: Progress;
  consent: SmallConsent;
}

/** What the live views reported to whoever started them, since the last `stopAll`. */
export const faults: string[] = [];

const running: (() => Promise<void>)[] = [];

/** A live view on a free port; `stopAll` ends it. */
export async function stage(progress = progressWith(), options: Partial<LiveViewOptions> = {}): Promise<Stage> {
  const consent = new SmallConsent('http://127.0.0.1:9/authorize');
  consent.onAttempt = (lastAttempt) => progress.update('connect', { lastAttempt });
  const view = await startLiveView({
    port: 0,
    baseUrl: null,
    isAtHome: false,
    progress,
    consent,
    onFault: (what, error) => faults.push(`${what} ${String(error)}`),
    ...options,
    waits: { coalesceMs: 20, ...options.waits },
  });
  running.push(() => view.close({ graceSecs: 0 }));
  return { view, progress, consent };
}

/**
 * An authorization server as a browser sees it: a hop on one origin redirects to a second origin that asks Allow or
 * Cancel, and both lead back to the callback.
 */
export async function authorizationServer(): Promise<string> {
  const provider = await listen(
    createServer((req, res) => {
      const query = new URL(req.url ?? '/', 'http://x').searchParams;
      const back = (extra: string) =>
        `${query.get('callback')}?state=${query.get('state')}&${extra}`.replace(/&/g, '&amp;');
      res.setHeader('content-type', 'text/html');
      res.end(`<!doctype html><title>Provider</title><h1>Allow access?</h1>
        <a href="${back('auth_request_id=abc')}">Allow</a> <a href="${back('error=access_denied')}">Cancel</a>`);
    }),
  );
  return listen(
    createServer((req, res) => {
      res.writeHead(302, { location: `${provider}/consent${new URL(req.url ?? '/', 'http://x').search}` }).end();
    }),
  );
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that was free a moment ago, for views whose public address says nothing about it. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ends everything that this file started. */
export async function stopAll(): Promise<void> {
  for (const stop of running.splice(0)) await stop();
  faults.length = 0;
}

export const PREVIEW: PreviewItem[] = [
  {
    title: 'Getting started',
    url: 'https://docs.example.com/start',
    markdown: [
      'Install the package, then call `open()` with the path of your file. See the [reference](https://docs.example.com/ref).',
      '## Install',
      '```sh\nnpm install example\n```',
      '## Options',
      '| Option | Default | Meaning |\n| --- | ---: | --- |\n| depth | 20 | How far links are followed |\n| retries | 3 | Before a page counts as failed |',
      '- Works offline\n- Needs no account\n- [x] Tested',
      '![A diagram of the parts](https://docs.example.com/parts.png)',
    ].join('\n\n'),
  },
  { title: 'Configuration', url: 'https://docs.example.com/config', markdown: '# Files\n\nOne file holds it all.' },
  {
    title: 'Troubleshooting',
    url: 'https://docs.example.com/help?topic=all',
    markdown: 'Look at the log first.\n\n> Then ask.',
  },
];

export const CHANGES: ChangeRow[] = [
  {
    title: 'Getting started',
    url: 'https://docs.example.com/start',
    action: 'created',
    reason: null,
    notionUrl: 'https://www.notion.so/Getting-started-1',
  },
  {
    title: 'Configuration',
    url: 'https://docs.example.com/config',
    action: 'updated',
    reason: null,
    notionUrl: 'https://www.notion.so/Configuration-2',
  },
  {
    title: 'Pricing',
    url: 'https://docs.example.com/pricing',
    action: 'failed',
    reason: 'Notion refuses one of its columns: Price must be a number.',
    notionUrl: null,
  },
  {
    title: 'Team notes',
    url: 'https://docs.example.com/team',
    action: 'kept',
    reason: 'You edited it in Notion.',
    notionUrl: 'https://www.notion.so/Team-notes-3',
  },
];
