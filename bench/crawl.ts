import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ChildResult } from './crawl-child.js';
import { clientRenderedSite, documentationSite, type BenchSite } from './crawl-sites.js';

const start = promisify(execFile);

const IN_BROWSER = ['actor', 'playwright', 'playwright-6', 'adaptive'];

/** As many pictures as an article has. */
const PICTURES = 8;

/**
 * The built Actor (`npm run build`) beside stock crawlers, each crawl in a process of its own, alternating: pages per second, ratios, memory, and
 * whether each page's content was read; it fails when a crawler misses some. CPU and memory are those of the Node.js process,
 * without the browser's. Arguments: pages of the documentation (400; the other sites have an eighth), rounds (3).
 */
export async function run([pages = '400', rounds = '3']: string[]): Promise<void> {
  const count = Number(pages);
  const plans: { site: BenchSite; crawlers: string[] }[] = [
    { site: await documentationSite(count), crawlers: ['actor', 'actor-http', 'playwright', 'cheerio', 'adaptive'] },
    { site: await clientRenderedSite(Math.ceil(count / 8)), crawlers: IN_BROWSER },
    { site: await clientRenderedSite(Math.ceil(count / 8), PICTURES), crawlers: IN_BROWSER },
  ];
  for (const { site, crawlers } of plans) {
    const results = new Map<string, ChildResult[]>(crawlers.map((name) => [name, []]));
    for (let round = 0; round < Number(rounds); round += 1) {
      for (const name of crawlers) results.get(name)?.push(await crawl(name, site));
    }
    print(site, results);
    await site.close();
  }
}

async function crawl(name: string, site: BenchSite): Promise<ChildResult> {
  const child = fileURLToPath(new URL('./crawl-child.ts', import.meta.url));
  const args = ['--import', 'tsx', child, name, site.start, String(site.marks.size)];
  const { stdout } = await start(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ChildResult;
}

function print(site: BenchSite, results: Map<string, ChildResult[]>): void {
  console.log(`\n${site.name}: ${site.marks.size} pages`);
  console.log('crawler      pages/s  Actor is   CPU s  memory MB  pages whole');
  const speed = (runs: ChildResult[]): number => median(runs.map(({ pages, seconds }) => pages / seconds));
  const own = speed(results.get('actor') ?? []);
  for (const [name, runs] of results) {
    const whole = runs.map(({ texts }) => [...site.marks].filter(([path, mark]) => texts[path]?.includes(mark)).length);
    if (Math.min(...whole) < site.marks.size) process.exitCode = 1;
    console.log(
      [
        name.padEnd(12),
        speed(runs).toFixed(2).padStart(7),
        `${(own / speed(runs)).toFixed(2)} ×`.padStart(9),
        median(runs.map(({ cpuSeconds }) => cpuSeconds))
          .toFixed(1)
          .padStart(7),
        median(runs.map(({ memoryMb }) => memoryMb))
          .toFixed(0)
          .padStart(10),
        `${Math.min(...whole)} of ${site.marks.size}`.padStart(12),
      ].join(' '),
    );
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
