import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.js';
import { createStorage, runActor } from './actor.js';
import { documentation, serveFolder } from './doc-package.js';
import { readWorkspace } from './workspace.js';

const PAGES = 50;

/** What a reader of the page finds in its content, counted by hand-picked containers of this one generator (Sphinx). */
async function contentsOf(url: string): Promise<{ headings: string[]; tables: number; code: number }> {
  const { document } = parseHTML(await (await fetch(url)).text());
  const body = document.querySelector('#bd .yui-g') ?? document.body;
  for (const link of body.querySelectorAll('a.headerlink')) link.remove();
  const headings = [...body.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((one) => squeeze(one.textContent ?? ''));
  const tables = [...body.querySelectorAll('table')].filter(isDataTable);
  // The first one is the page's title, which the sink leaves out of the body.
  return { headings: headings.slice(1), tables: tables.length, code: body.querySelectorAll('pre').length };
}

/** A table of lists lays a page out in columns, and a highlighted listing may be a table too; neither holds data. */
function isDataTable(table: Element): boolean {
  return table.closest('.highlight, .highlighttable') === null && table.querySelector('ul, ol') === null;
}

function squeeze(text: string): string {
  return text
    .replace(/\[(.*?)\]\([^)]*\)/g, '$1')
    .replace(/[\\`*_¶]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('a real documentation site', () => {
  it(`has ${PAGES} pages in the workspace with their headings, tables and code`, async (context) => {
    const folder = await documentation('python-django-doc', 'usr/share/doc/python-django-doc/html');
    if (folder === null) return context.skip('no apt here to get the documentation package with');
    const [site, sandbox, storage] = await Promise.all([serveFolder(folder), startSandbox(), createStorage()]);
    const { accessToken } = sandbox.notion.authorize({ workspace: 'Docs' });
    const run = await runActor({
      storageDir: storage.dir,
      input: { startUrls: [`${site.url}index.html`], maxCrawlPages: PAGES, notionDatabaseTitle: 'Django' },
      env: { NOTION_TOKEN: accessToken, NOTION_API_URL: sandbox.notion.url },
    });
    expect(run.output.status, run.log).toBe('SYNCED');
    const [database] = await readWorkspace(sandbox.notion, 'Docs');
    expect(database?.rows).toHaveLength(PAGES);

    const found = { headings: 0, tables: 0, code: 0 };
    const wanted = { headings: 0, tables: 0, code: 0 };
    const missing: string[] = [];
    for (const { columns, markdown } of database?.rows ?? []) {
      const page = await contentsOf(columns.URL ?? '');
      const inNotion = new Set([...markdown.matchAll(/^\t*#{1,4} (.*)$/gm)].map((match) => squeeze(match[1] ?? '')));
      for (const heading of page.headings) {
        wanted.headings += 1;
        if (inNotion.has(heading)) found.headings += 1;
        else missing.push(`${columns.URL}: ${heading}`);
      }
      wanted.tables += page.tables;
      const tables = [...markdown.matchAll(/^\t*<table\b/gm)].length;
      found.tables += tables;
      if (tables < page.tables) missing.push(`${columns.URL}: ${page.tables - tables} tables`);
      wanted.code += page.code;
      found.code += [...markdown.matchAll(/^\t*```+\S/gm), ...markdown.matchAll(/^\t*```+$/gm)].length / 2;
    }
    await Promise.all([site.close(), sandbox.close(), storage.remove()]);
    await context.annotate(JSON.stringify({ wanted, found, missing: missing.slice(0, 20) }));
    expect(wanted.headings).toBeGreaterThan(200);
    expect(wanted.code).toBeGreaterThan(50);
    expect(found.headings / wanted.headings).toBeGreaterThanOrEqual(0.99);
    expect(found.tables).toBeGreaterThanOrEqual(wanted.tables);
  }, 300_000);
});
