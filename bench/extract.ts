import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
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

interface Score {
  precision: number;
  recall: number;
  route: string;
}

/**
 * Scores the extractor on a folder laid out like the article-extraction-benchmark: `html/<id>.html(.gz)` and
 * `ground-truth.json` with `{<id>: {articleBody, url?}}`. Prints precision, recall and F1 over word shingles, exact
 * matches, time per page, and the pages that scored worst.
 */
export async function run([folder]: string[]): Promise<void> {
  if (folder === undefined) throw new Error('npm run bench -- extract DIR');
  const truth = JSON.parse(readFileSync(path.join(folder, 'ground-truth.json'), 'utf8')) as Record<
    string,
    { articleBody: string; url?: string }
  >;
  const files = readdirSync(path.join(folder, 'html'));
  const scores: (Score & { id: string })[] = [];
  const started = process.cpuUsage();
  for (const [id, { articleBody, url }] of Object.entries(truth)) {
    const file = files.find((name) => name === `${id}.html` || name === `${id}.html.gz`);
    if (file === undefined) {
      console.log(`${id}: no page in html/`);
      continue;
    }
    const bytes = readFileSync(path.join(folder, 'html', file));
    const html = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const { text, route } = extract(html, url ?? 'https://example.com/');
    scores.push({ id, route, ...score(text, articleBody) });
  }
  const cpuMs = process.cpuUsage(started).user / 1000 / Math.max(scores.length, 1);
  print(scores, cpuMs);
}

function extract(html: string, url: string): { text: string; route: string } {
  const crawl = {
    loadedUrl: url,
    loadedTime: '',
    referrerUrl: null,
    depth: 0,
    httpStatusCode: 200,
    renderedWith: 'http',
  } as const;
  const { page, report } = handleHtml({ url, html, pdf: null, crawl }, PLAIN_PAGES);
  return { text: page?.text ?? '', route: report?.route ?? 'none' };
}

function score(found: string, wanted: string): { precision: number; recall: number } {
  const [a, b] = [shingles(found), shingles(wanted)];
  let common = 0;
  for (const [shingle, count] of a.counts) common += Math.min(count, b.counts.get(shingle) ?? 0);
  return {
    precision: a.total === 0 ? (b.total === 0 ? 1 : 0) : common / a.total,
    recall: b.total === 0 ? 1 : common / b.total,
  };
}

function shingles(text: string): { counts: Map<string, number>; total: number } {
  const words = text.match(/\w+/gu) ?? [];
  const counts = new Map<string, number>();
  const total = words.length === 0 ? 0 : Math.max(words.length - SHINGLE + 1, 1);
  for (let at = 0; at < total; at += 1) {
    const shingle = words.slice(at, at + SHINGLE).join(' ');
    counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return { counts, total };
}

function f1({ precision, recall }: { precision: number; recall: number }): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function print(scores: (Score & { id: string })[], cpuMs: number): void {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const all = { precision: mean(scores.map((s) => s.precision)), recall: mean(scores.map((s) => s.recall)) };
  const row = (name: string, value: string): void => console.log(`${name.padEnd(22)} ${value}`);
  row('pages', String(scores.length));
  row('F1', f1(all).toFixed(3));
  row('precision', all.precision.toFixed(3));
  row('recall', all.recall.toFixed(3));
  row('exact', mean(scores.map((s) => (f1(s) > 0.9999 ? 1 : 0))).toFixed(3));
  row('empty', String(scores.filter((s) => s.precision === 0 && s.recall === 0).length));
  row('CPU per page', `${cpuMs.toFixed(1)} ms`);
  for (const route of new Set(scores.map((s) => s.route))) {
    const own = scores.filter((s) => s.route === route);
    row(`  ${route}`, `${own.length} pages, F1 ${mean(own.map(f1)).toFixed(3)}`);
  }
  const worst = [...scores].sort((a, b) => f1(a) - f1(b)).slice(0, 10);
  for (const s of worst) row(`  ${s.id.slice(0, 20)}`, `F1 ${f1(s).toFixed(3)} (${s.route})`);
}
