import { describe, expect, it } from 'vitest';
import { serveLoopback } from '../../../sandbox/loopback.js';
import { DestinationError } from '../../../src/errors.js';
import { closedAfterEach, notionForEachTest, rowsOf, syncWith } from './each-test.js';
import { itemSource, page, pages, record, rig } from './harness.js';
import { refusing } from './refusing.js';

const at = notionForEachTest();
const run = syncWith(at);

const refuse = closedAfterEach(refusing);
const serve = closedAfterEach(serveLoopback);

const rowOf = (name: string) => rowsOf(at, name)[0]!;
const body = (name: string) => at.notion.world.markdownOf(rowOf(name).id);
const changed = (count: number) => pages(count).map((item) => ({ ...item, markdown: 'New words.' }));

describe('an update that Notion refuses with words that may be the page’s own', () => {
  it.each(['Our archived posts', 'What is in the trash', 'What a child page is'])(
    'fails, and leaves the row as it was: "%s"',
    async (words) => {
      await run(pages(2));
      const message = `body failed validation: "${words}" is not valid.`;
      const proxy = await refuse(
        at.notion.url,
        message,
        (one) => one.replace_content?.new_str.includes('BAD') === true,
      );
      const items = [page('1', { markdown: 'BAD words.' }), page('2')];
      const { report, results } = await run(items, { notion: proxy });
      expect(report).toMatchObject({ failed: 1, kept: 0, unchanged: 1 });
      expect(results.find(({ action }) => action === 'failed')).toMatchObject({ reason: 'invalid' });
      expect(results.find(({ action }) => action === 'failed')?.error).toContain(words);
      expect(at.notion.world.plainValues(rowOf('1'))['Status']).toBe('Active');
      expect((await run([page('1', { markdown: 'Good words.' }), page('2')])).report.updated).toBe(1);
      expect(body('1')).toBe('Good words.');
    },
  );

  it('is told by what Notion shows: nested pages stay, and a row in the trash is left there', async () => {
    await run(pages(3));
    at.notion.world.editAsPerson(rowOf('1').id, { nestedPage: 'Mine' });
    let isTrashed = false;
    const proxy = await refuse(at.notion.url, 'Invalid URL for link.', ({ replace_content: content }) => {
      if (content === undefined) return false;
      if (content.new_str.includes('two')) {
        if (!isTrashed) at.notion.world.editAsPerson(rowOf('2').id, { trashed: true });
        isTrashed = true;
        return true;
      }
      return !content.new_str.includes('<page ');
    });
    const items = [page('1', { markdown: 'New one.' }), page('2', { markdown: 'New two.' }), page('3')];
    const { results } = await run(items, { notion: proxy, input: { onUserEdit: 'overwrite' } });
    const outcome = (name: string) => results.find(({ key }) => key === page(name).key);
    expect(outcome('1')).toMatchObject({ action: 'updated' });
    expect(body('1')).toMatch(/^New one\.\n<page url="[^"]+">Mine<\/page>$/);
    expect(outcome('2')).toMatchObject({ action: 'kept', reason: 'trashed' });
    expect(rowOf('2').in_trash).toBe(true);
  });
});

it.each([
  'Invalid image url.',
  'Invalid URL for link.',
  'body failed validation: body.cover.external.url should be a valid URL',
  'Cover could not be loaded',
])('a cover is given up, and nothing else, when it is refused with "%s"', async (message) => {
  const proxy = await refuse(at.notion.url, message, ({ cover }) => cover !== undefined);
  const { metadata } = page('1');
  const markdown = 'See [this](https://site.example/x).';
  const items = [page('1', { markdown, metadata: { ...metadata, image: 'https://a.example/i.png' } })];
  const { report, results } = await run(items, { notion: proxy });
  expect(report).toMatchObject({ created: 1, failed: 0 });
  expect(results[0]).toMatchObject({ reason: 'without-cover' });
  expect(body('1')).toBe(markdown);
});

describe('of what Notion refuses with an address in it', () => {
  const PHOTO = [['name', 'text'] as const, ['Photo', 'image'] as const].map(([name, type]) => {
    return { name, type, selector: 'x', attribute: null, multiple: false };
  });
  const lamp = (photo: string) => record('lamp', { name: 'Lamp', Photo: photo });
  const lampRow = () => [...at.notion.world.pages.values()][0]!;
  const posts = () => at.notion.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/pages'));

  it('an address in a column for images is written as Notion takes it', async () => {
    const input = { recordFields: PHOTO };
    const { report } = await run([lamp('https://site.example/bücher 1.png')], { input });
    expect(report).toMatchObject({ created: 1, failed: 0 });
    expect(at.notion.world.plainValues(lampRow())['Photo']).toBe('https://site.example/b%C3%BCcher%201.png');
  });

  it.each(['Invalid image url.', 'Invalid file url.'])(
    'a column for images is emptied, the row is written, and the report says so (%s)',
    async (message) => {
      const proxy = await refuse(at.notion.url, message, ({ properties = {} }) => {
        return JSON.stringify(properties).includes('bad.png');
      });
      const over = { notion: proxy, input: { recordFields: PHOTO } };
      const { report, results } = await run([lamp('https://site.example/bad.png')], over);
      expect(report).toMatchObject({ created: 1, failed: 0 });
      expect(results).toMatchObject([{ action: 'created', reason: 'without-files' }]);
      expect(report.notes.join()).toContain('1 item lacks images or files in its columns');
      expect(at.notion.world.plainValues(lampRow())).toMatchObject({ Name: 'Lamp', Photo: '' });
      await run([lamp('https://site.example/good.png')], over);
      expect(at.notion.world.plainValues(lampRow())).toMatchObject({ Photo: 'https://site.example/good.png' });
      const worse = await run([lamp('https://site.example/2/bad.png')], over);
      expect(worse.results).toMatchObject([{ action: 'updated', reason: 'without-files' }]);
      expect(at.notion.world.plainValues(lampRow())).toMatchObject({ Photo: '' });
    },
  );

  it('an image of the body is given up, and a good cover stays', async () => {
    const proxy = await refuse(at.notion.url, 'Invalid image url.', ({ markdown = '' }) =>
      markdown.includes('![A cat]'),
    );
    const { metadata } = page('1');
    const markdown = 'Before\n\n![A cat](https://site.example/cat.png)';
    const items = [page('1', { markdown, metadata: { ...metadata, image: 'https://site.example/cover.png' } })];
    const { results } = await run(items, { notion: proxy });
    expect(results).toMatchObject([{ action: 'created', reason: 'images-as-links' }]);
    expect(rowOf('1').cover).toMatchObject({ external: { url: 'https://site.example/cover.png' } });
  });

  it('nothing is given up that is not there, so that no request is sent twice', async () => {
    let refused = 0;
    const proxy = await refuse(at.notion.url, 'Invalid image url.', ({ markdown = '' }) => {
      const refuses = markdown.includes('![A cat]');
      refused += refuses ? 1 : 0;
      return refuses;
    });
    await run([page('1', { markdown: '![A cat](https://site.example/cat.png)' })], { notion: proxy });
    expect(refused).toBe(1);
    expect(posts()).toHaveLength(1);
  });

  it('a cover and an image of the body are both given up, and both are told', async () => {
    const proxy = await refuse(at.notion.url, 'Invalid image url.', ({ cover, markdown = '' }) => {
      return cover !== undefined || markdown.includes('![A cat]');
    });
    const { metadata } = page('1');
    const markdown = 'See ![A cat](https://site.example/cat.png)';
    const items = [page('1', { markdown, metadata: { ...metadata, image: 'https://site.example/cover.png' } })];
    const { results } = await run(items, { notion: proxy });
    expect(results).toMatchObject([{ action: 'created', reason: 'without-cover, images-as-links' }]);
  });
});

describe('a row that the connection may not change', () => {
  /** Notion, where the owner of one page lets nobody change it. */
  async function owned(pageId: string): Promise<{ url: string }> {
    const proxy = await serve((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        if (request.method === 'PATCH' && request.url?.includes(pageId) === true) {
          response.writeHead(403, { 'content-type': 'application/json' });
          const message = 'Insufficient permissions for this endpoint.';
          response.end(JSON.stringify({ object: 'error', status: 403, code: 'restricted_resource', message }));
          return;
        }
        const headers = Object.fromEntries(
          ['authorization', 'notion-version', 'content-type'].flatMap((name) => {
            const value = request.headers[name];
            return typeof value === 'string' ? [[name, value]] : [];
          }),
        );
        const reply = await fetch(`${at.notion.url}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers,
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
        });
        response.writeHead(reply.status, { 'content-type': 'application/json' });
        response.end(await reply.text());
      })();
    });
    return proxy;
  }

  it('is told, and the others are written', async () => {
    await run(pages(20));
    const notion = await owned(rowOf('3').id);
    const { report, results } = await run(changed(20), { notion });
    expect(report).toMatchObject({ updated: 19, failed: 1, finished: true });
    const failed = results.find(({ action }) => action === 'failed');
    expect(failed).toMatchObject({ key: page('3').key, reason: 'restricted' });
    expect(failed?.error).toMatch(/its owner restricts it.+Connections/);
  });

  it('ends the sync where the connection may change none, and the capability is named', async () => {
    await run(pages(20));
    const capabilities = ['read_content', 'insert_content'] as const;
    const token = at.notion.authorize({ workspace: 'Anna’s', user: 'Anna', capabilities: [...capabilities] });
    const made = rig({ ...at, token: token.accessToken });
    const syncing = made.sink.sync(itemSource(changed(20)));
    await expect(syncing).rejects.toThrow(DestinationError);
    await expect(syncing).rejects.toThrow(/update content.+“Update content”/);
    expect(made.results).toEqual([]);
  });
});
