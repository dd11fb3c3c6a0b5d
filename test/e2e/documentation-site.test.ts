import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { plainText, type BlockDraft } from '../../sandbox/notion/block.js';
import { parseEnhancedMarkdown } from '../../sandbox/notion/markdown/parse.js';
import { startSandbox } from '../../sandbox/sandbox.js';
import { createStorage, runActor } from './actor.js';
import { documentation, serveFolder } from './doc-package.js';
import { readWorkspace } from './workspace.js';

const PAGES = 50;
/** The contents page leads to all; the others make sure that tables are among the first pages. */
const STARTS = ['index.html', 'ref/contrib/gis/db-api.html', 'faq/install.html', 'ref/contrib/gis/geoquerysets.html'];

/** What a reader of the page finds in its content, counted by hand-picked containers of this one generator (Sphinx). */
async function contentsOf(
  url: string,
): Promise<{ headings: string[]; tables: number; footnotes: string[]; code: number }> {
  const { document } = parseHTML(await (await fetch(url)).text());
  const body = document.querySelector('#bd .yui-g') ?? document.body;
  for (const link of body.querySelectorAll('a.headerlink')) link.remove();
  const headings = [...body.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => squeeze(one.textContent ?? ''));
  const tables = [...body.querySelectorAll('table')].filter(isDataTable);
  // This release of the generator makes a table of each footnote: its number, and its words.
  const notes = [...body.querySelectorAll('table.footnote td:last-child')].map((one) => letters(one.textContent ?? ''));
  const code = body.querySelectorAll('pre').length;
  // The first one is the page's title, which the sink leaves out of the body.
  return { headings: headings.slice(1), tables: tables.length, footnotes: notes, code };
}

/** A table of lists lays a page out in columns; a highlighted listing or a footnote may be a table too: none holds data. */
function isDataTable(table: Element): boolean {
  return table.closest('.highlight, .highlighttable, .footnote') === null && table.querySelector('ul, ol') === null;
}

function allLetters(text: string): string {
  return text.replace(/\P{L}/gu, '');
}

/** The first words, without what marks and links put between them. */
function letters(text: string): string {
  return allLetters(text).slice(0, 30);
}

function squeeze(text: string): string {
  return text
    .replace(/[\\`*_¶]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same, counted in the blocks that the workspace shows. */
function contentsInNotion(markdown: string): { headings: Set<string>; tables: number; code: number } {
  const found = { headings: new Set<string>(), tables: 0, code: 0 };
  const walk = (blocks: readonly BlockDraft[]): void => {
    for (const block of blocks) {
      if (/^heading_/.test(block.type)) found.headings.add(squeeze(headingText(block)));
      if (block.type === 'table') found.tables += 1;
      if (block.type === 'code') found.code += 1;
      walk(block.children);
    }
  };
  walk(parseEnhancedMarkdown(markdown));
  return found;
}

function headingText(block: BlockDraft): string {
  return 'rich_text' in block.value ? plainText(block.value.rich_text) : '';
}

describe('a real documentation site', () => {
  it(`has ${PAGES} pages in the workspace with their headings, tables and code`, async (context) => {
    const folder = await documentation('python-django-doc', 'usr/share/doc/python-django-doc/html');
    if (folder === null) return context.skip('no apt here to get the documentation package with');
    const [site, sandbox, storage] = await Promise.all([serveFolder(folder), startSandbox(), createStorage()]);
    const { accessToken } = sandbox.notion.authorize({ workspace: 'Docs' });
    const start = () =>
      runActor({
        storageDir: storage.dir,
        input: {
          startUrls: STARTS.map((page) => site.url + page),
          maxCrawlPages: PAGES,
          notionDatabaseTitle: 'Django',
        },
        env: { NOTION_TOKEN: accessToken, NOTION_API_URL: sandbox.notion.url },
      });
    const first = await start();
    expect(first.output.status, first.log).toBe('SYNCED');
    const [database] = await readWorkspace(sandbox.notion, 'Docs');
    expect(database?.rows).toHaveLength(PAGES);

    const wanted = { headings: 0, tables: 0, footnotes: 0, code: 0 };
    const missing: string[] = [];
    for (const { columns, markdown } of database?.rows ?? []) {
      const page = await contentsOf(columns.URL ?? '');
      const inNotion = contentsInNotion(markdown);
      for (const heading of page.headings) {
        if (!inNotion.headings.has(heading)) missing.push(`${columns.URL}: ${heading}`);
      }
      expect(inNotion.tables, `tables of ${columns.URL}`).toBeGreaterThanOrEqual(page.tables);
      const words = allLetters(markdown.replace(/\]\([^)]*\)/g, ']'));
      missing.push(...page.footnotes.filter((note) => !words.includes(note)).map((note) => `${columns.URL}: ${note}`));
      expect(inNotion.code, `code blocks of ${columns.URL}`).toBe(page.code);
      wanted.headings += page.headings.length;
      wanted.tables += page.tables;
      wanted.footnotes += page.footnotes.length;
      wanted.code += page.code;
    }
    await context.annotate(JSON.stringify({ wanted, missing }));
    expect(wanted.headings).toBeGreaterThan(500);
    expect(wanted.tables).toBeGreaterThan(10);
    expect(wanted.footnotes).toBeGreaterThanOrEqual(5);
    expect(wanted.code).toBeGreaterThan(500);
    expect(missing).toEqual([]);

    // A very slow page gives up its turn, so other pages may be the first ones; those of the first run stay untouched.
    const second = await start();
    expect(second.output.status, second.log).toBe('SYNCED');
    const known = new Set(first.items.map(({ key }) => key));
    const unchanged = second.results.filter(({ action }) => action === 'unchanged');
    const others = second.results.filter(({ action }) => action !== 'unchanged');
    expect(unchanged.length).toBeGreaterThan(0);
    expect(unchanged.length).toBe(second.items.filter(({ key }) => known.has(key)).length);
    expect(others.filter(({ action, key }) => action !== 'created' || known.has(key))).toEqual([]);
    await Promise.all([site.close(), sandbox.close(), storage.remove()]);
  }, 600_000);
});
