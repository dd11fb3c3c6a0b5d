import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { keptParts, PART_KINDS, type PartKind, type Parts } from './kept.js';
import type { PageItem } from '../src/collect/item.js';
import { handleHtml, type PageOptions } from '../src/collect/handle-page.js';

/** Words of this many in a row are compared, as the public article-extraction-benchmark does. */
const SHINGLE = 4;

export const PLAIN_PAGES: PageOptions = {
  keepUrlFragments: false,
  ignoreCanonicalUrl: false,
  keepElementsCssSelector: null,
  removeElementsCssSelector: null,
  removeCookieWarnings: true,
  recordSelector: null,
  recordFields: [],
  recordKeyFields: [],
  waitForSelector: null,
  debugLog: true,
};

/** Shares of shingles as `evaluate.py` of that benchmark counts them; the one that does not exist is not averaged. */
interface Score {
  precision: number | null;
  recall: number | null;
  isExact: boolean;
}

interface ScoredPage {
  id: string;
  route: string;
  /** The item's text without a first heading that repeats the title: the benchmark's truth has no headline. */
  body: Score;
  /** The item's text as it is. */
  whole: Score;
  /** Of a documentation site: what made it, and which of its parts are in the item. */
  documentation: { generator: string; parts: Record<PartKind, { kept: number; lost: string[] }> } | null;
}

/** `generator` and the parts stand where `docs-truth` wrote them. */
interface Truth extends Partial<Parts> {
  articleBody: string;
  url?: string;
  generator?: string;
}

/**
 * Scores the extractor on a folder laid out like the article-extraction-benchmark: `html/<id>.html(.gz)` and
 * `ground-truth.json` with `{<id>: {articleBody, url?}}`. Prints precision, recall and F1 over word shingles, exact
 * matches, CPU time per page, and the pages that scored worst; and each half by itself: what was developed while looking
 * at the even ones is checked on the odd ones.
 */
export async function run([folder]: string[]): Promise<void> {
  if (folder === undefined) throw new Error('npm run bench -- extract DIR');
  const truth = JSON.parse(readFileSync(path.join(folder, 'ground-truth.json'), 'utf8')) as Record<string, Truth>;
  const files = new Set(readdirSync(path.join(folder, 'html')));
  const pages: ScoredPage[] = [];
  let cpuMicroseconds = 0;
  for (const [id, { articleBody, url, generator, ...parts }] of Object.entries(truth)) {
    const file = [`${id}.html`, `${id}.html.gz`].find((name) => files.has(name));
    if (file === undefined) {
      console.log(`${id}: no page in html/`);
      continue;
    }
    const bytes = readFileSync(path.join(folder, 'html', file));
    const html = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const started = process.cpuUsage();
    const { page, route } = extractPage(html, url ?? 'https://example.com/');
    cpuMicroseconds += process.cpuUsage(started).user;
    const whole = page?.text ?? '';
    const wanted = { headings: [], tables: [], code: [], ...parts };
    pages.push({
      id,
      route,
      body: score(withoutTitle(page), articleBody),
      whole: score(whole, articleBody),
      documentation: generator === undefined ? null : { generator, parts: keptParts(page?.markdown ?? '', wanted) },
    });
  }
  print(pages, cpuMicroseconds / 1000 / Math.max(pages.length, 1));
}

/** The item of a page, and how its content was found. */
export function extractPage(html: string, url: string): { page: PageItem | null; route: string; generator: string } {
  const crawl = {
    loadedUrl: url,
    loadedTime: '',
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http',
  } as const;
  const { page, report } = handleHtml({ url, html, pdf: null, crawl }, PLAIN_PAGES);
  return { page, route: report?.route ?? 'none', generator: report?.generator ?? '' };
}

/** As the Notion sink leaves the heading out (`sinks/notion/markdown/serialize.ts`). */
function withoutTitle(page: PageItem | null): string {
  if (page === null) return '';
  const [first = '', ...rest] = page.text.split('\n');
  const isTitle =
    page.markdown.startsWith('#') && words(first).join(' ') === words(page.metadata.title ?? '').join(' ');
  return isTitle ? rest.join('\n') : page.text;
}

/** Precision, recall and exactness of a text, by word shingles. */
export function score(found: string, wanted: string): Score {
  const [a, b] = [shingles(found), shingles(wanted)];
  let common = 0;
  for (const [shingle, count] of a.counts) common += Math.min(count, b.counts.get(shingle) ?? 0);
  return {
    precision: a.total === 0 ? null : common / a.total,
    recall: b.total === 0 ? null : common / b.total,
    isExact: words(found).join(' ') === words(wanted).join(' '),
  };
}

/** Python's `\w+`. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function shingles(text: string): { counts: Map<string, number>; total: number } {
  const all = words(text);
  const counts = new Map<string, number>();
  const total = all.length === 0 ? 0 : Math.max(all.length - SHINGLE + 1, 1);
  for (let at = 0; at < total; at += 1) {
    const shingle = all.slice(at, at + SHINGLE).join(' ');
    counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return { counts, total };
}

/** Means over the pages that have a value, and the F1 of those means. */
export function summary(scores: Score[]): { f1: number; precision: number; recall: number; exact: number } {
  const precision = mean(scores.map((own) => own.precision).filter((value) => value !== null));
  const recall = mean(scores.map((own) => own.recall).filter((value) => value !== null));
  return { f1: f1(precision, recall), precision, recall, exact: mean(scores.map(({ isExact }) => (isExact ? 1 : 0))) };
}

function f1(precision: number | null, recall: number | null): number {
  const [p, r] = [precision ?? 0, recall ?? 0];
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

function print(pages: ScoredPage[], cpuMs: number): void {
  const row = (name: string, value: string): void => console.log(`${name.padEnd(22)} ${value}`);
  const scores = (name: string, own: Score[]): void => {
    const { f1, precision, recall, exact } = summary(own);
    const numbers = [`F1 ${f1.toFixed(3)}`, `precision ${precision.toFixed(3)}`, `recall ${recall.toFixed(3)}`];
    row(name, [...numbers, `exact ${exact.toFixed(3)}`].join('  '));
  };
  row('pages', String(pages.length));
  scores(
    'body',
    pages.map(({ body }) => body),
  );
  scores(
    '  even pages',
    pages.filter((_, at) => at % 2 === 0).map(({ body }) => body),
  );
  scores(
    '  odd pages',
    pages.filter((_, at) => at % 2 === 1).map(({ body }) => body),
  );
  scores(
    'with title',
    pages.map(({ whole }) => whole),
  );
  row('empty', String(pages.filter(({ body }) => body.precision === null).length));
  row('CPU per page', `${cpuMs.toFixed(1)} ms`);
  for (const route of new Set(pages.map((own) => own.route))) {
    const own = pages.filter((page) => page.route === route);
    scores(
      `  ${route}, ${own.length}`,
      own.map(({ body }) => body),
    );
  }
  printDocumentation(pages, row);
  const worst = pages.map(({ id, route, body }) => ({ id, route, f1: f1(body.precision, body.recall) }));
  for (const own of worst.sort((a, b) => a.f1 - b.f1).slice(0, 10)) {
    row(`  ${own.id.slice(0, 20)}`, `F1 ${own.f1.toFixed(3)} (${own.route})`);
  }
}

/** By generator: F1 of the whole text, and how many of the headings, tables and code blocks are kept as such. */
function printDocumentation(pages: ScoredPage[], row: (name: string, value: string) => void): void {
  const known = pages.flatMap(({ id, route, whole, documentation }) =>
    documentation === null ? [] : [{ id, route, whole, ...documentation }],
  );
  if (known.length === 0) return;
  for (const generator of ['all', ...new Set(known.map((page) => page.generator))]) {
    const own = generator === 'all' ? known : known.filter((page) => page.generator === generator);
    const { f1, precision, recall } = summary(own.map(({ whole }) => whole));
    const kept = PART_KINDS.map((kind) => {
      const count = own.reduce((sum, { parts }) => sum + parts[kind].kept, 0);
      const all = own.reduce((sum, { parts }) => sum + parts[kind].kept + parts[kind].lost.length, 0);
      return `${kind} ${count}/${all}`;
    });
    const scores = `F1 ${f1.toFixed(3)} (${precision.toFixed(3)}, ${recall.toFixed(3)})`;
    row(`  ${generator}`, [`${own.length} pages`, scores, ...kept].join('  '));
  }
  for (const { id, parts } of known) {
    for (const kind of PART_KINDS) {
      for (const lost of parts[kind].lost.slice(0, 2)) row(`  lost from ${kind}`, `${id}: ${lost.slice(0, 70)}`);
    }
  }
}
