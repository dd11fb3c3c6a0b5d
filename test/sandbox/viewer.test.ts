import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createViewer } from '../../sandbox/notion/viewer/viewer.js';
import { NotionWorld } from '../../sandbox/notion/world.js';
import { exampleWorld, HOSTILE, serveViewer } from './support/viewer-world.js';

const example = exampleWorld();
let browser: Browser;
let viewer: Awaited<ReturnType<typeof serveViewer>>;
let axeSource: string;

beforeAll(async () => {
  viewer = await serveViewer(example.world);
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await chromium.launch({
    executablePath: process.env['CRAWLEE_DEFAULT_BROWSER_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
});
afterAll(async () => {
  await browser.close();
  await viewer.close();
});

/** Opens `path`; everything that goes wrong in the page is collected. Pictures of other hosts are answered here. */
async function open(path: string, options: { dark?: boolean; width?: number } = {}) {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1200, height: 800 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    bypassCSP: false,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route('https://images.example/**', (route) =>
    route.fulfill({
      contentType: 'image/svg+xml',
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    }),
  );
  await page.goto(viewer.url + path, { waitUntil: 'load' });
  return { page, problems, close: () => context.close() };
}

/** What axe finds that is serious or critical. */
async function serious(page: Page): Promise<string[]> {
  return page.evaluate(`${axeSource}; axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`);
}

const at = (path: string, query = '') => createViewer(example.world)(path, new URLSearchParams(query));

describe('the workspace viewer', () => {
  it('shows the rows of a database with name, address, status and time of change', async () => {
    const { page, problems, close } = await open(`/w/${example.workspaceId}`);
    const head = await page.locator('thead th').allTextContents();
    expect(head).toEqual(['Name', 'URL', 'Status', 'Changed']);
    const row = page.getByRole('row', { name: 'Calibrating images' });
    expect(await row.innerText()).toMatch(
      /fernhill\.example\/handbook\/calibrating-images.*Active.*22 Nov 2026, 09:15 UTC/s,
    );
    expect(await page.getByRole('row').count()).toBe(5);
    expect(await page.getByText('Sandbox on this computer').isVisible()).toBe(true);
    await page.getByRole('link', { name: '4 more columns' }).click();
    expect(await page.locator('thead th').allTextContents()).toContain('Description');
    await page.getByRole('link', { name: '1 in the trash' }).click();
    await page.getByRole('link', { name: 'The lost plate' }).click();
    expect(await page.getByText('This page is in the trash.').isVisible()).toBe(true);
    expect(problems).toEqual([]);
    await close();
  });

  it('shows a page: properties and every kind of block', async () => {
    const { page, problems, close } = await open(`/p/${example.rich.id.replaceAll('-', '')}`);
    const body = page.locator('.body');
    expect(await page.locator('dl').innerText()).toMatch(/Published\s+11 Feb 2026/);
    expect(await body.locator('h3').allTextContents()).toEqual(['Before you start', 'The script']);
    expect(await body.locator('ul ul ul li').innerText()).toBe('a dim one');
    expect(await body.locator('ol > li').count()).toBe(2);
    expect(await body.getByRole('checkbox', { name: 'Lens cap off' }).isChecked()).toBe(true);
    expect(await body.locator('.code figcaption').allTextContents()).toEqual(['python', 'equation']);
    expect(await body.locator('pre').first().textContent()).toContain('\n    """Median of many frames');
    expect(await body.locator('table th[scope=col]').allTextContents()).toEqual(['Frame', 'Exposure', 'Removes']);
    expect(await body.locator('table th[scope=row]').allTextContents()).toEqual(['bias', 'flat']);
    expect(await body.getByRole('note').innerText()).toMatch(
      /Never point the telescope at the Sun\.\s+Not even by day\./,
    );
    expect(await body.locator('blockquote').innerText()).toBe('You only need a coat.\nAnd patience.');
    await body.getByText('When it goes wrong').click();
    expect(await body.getByText('Take a new flat.').isVisible()).toBe(true);
    expect(await body.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(9);
    expect(await body.locator('.column').allInnerTexts()).toEqual(['Left', 'Right']);
    expect(await body.getByRole('link', { name: 'A map of the hill' }).getAttribute('href')).toBe(
      'https://example.com/map.pdf',
    );
    expect(problems).toEqual([]);
    await close();
  });

  it('treats crawled text as text, and follows no address but http, https and mailto', async () => {
    const { page, problems, close } = await open(`/p/${example.hostile.id}`);
    expect(await page.locator('h1').innerText()).toBe(HOSTILE);
    expect(await page.getByText(HOSTILE, { exact: true }).count()).toBe(5);
    expect(await page.locator('script, img, iframe').count()).toBe(0);
    const targets = await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).protocol));
    expect([...new Set(targets)].sort()).toEqual(['http:', 'https:']);
    expect(problems).toEqual([]);
    await close();
  });

  it('sends a policy under which nothing but pictures and its own style loads', () => {
    expect(at('/')?.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(at(`/p/${example.rich.id}`)?.headers['x-content-type-options']).toBe('nosniff');
  });

  it('has nothing serious for axe to find, light, dark and on a phone, and never scrolls sideways', async () => {
    const paths = ['/', `/w/${example.workspaceId}`, `/p/${example.database.id}?columns=all`, `/p/${example.rich.id}`];
    for (const options of [{}, { dark: true }, { width: 360 }]) {
      for (const path of paths) {
        const { page, close } = await open(path, options);
        expect(await serious(page), path).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, path).toBe(0);
        await close();
      }
    }
  });

  it('finds a database and its data source by id with or without dashes, and says so when there is nothing', () => {
    for (const id of [example.database.id, example.database.id.replaceAll('-', ''), example.dataSource.id]) {
      expect(at(`/p/${id}`)?.body).toContain('Calibrating images');
    }
    expect(at('/p/00000000-0000-4000-8000-000000000000')?.status).toBe(404);
    expect(at('/p/nonsense')?.body).toContain('There is no such page');
    expect(at('/anything-else')).toBeNull();
  });

  it('lists workspaces apart from each other, and says what to do while there is none', () => {
    expect(createViewer(new NotionWorld())('/', new URLSearchParams())?.body).toContain('Nobody has connected');
    const other = example.world.authorize({ workspace: 'Second' });
    expect(at('/')?.body).toMatch(/1 database,\s+4 rows/);
    const second = at(`/w/${other.workspaceId}`)?.body ?? '';
    expect(second).toContain('This workspace is empty.');
    expect(second).not.toContain('fernhill.example');
  });

  it('pages through many rows', () => {
    const world = new NotionWorld();
    const { dataSource, database } = world.addDatabaseAsPerson({ workspace: 'Big', title: 'Many' });
    for (let index = 1; index <= 205; index++) {
      world.addRowAsPerson(dataSource.id, {
        properties: { Name: { title: [{ text: { content: `Row ${index}.` } }] } },
      });
    }
    const third = createViewer(world)(`/p/${database.id}`, new URLSearchParams('page=3'))?.body ?? '';
    expect(third).toContain('Row 201.');
    expect(third).not.toContain('Row 200.');
    expect(third).toContain('Page 3 of 3');
  });
});
