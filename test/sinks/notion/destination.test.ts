import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DestinationError, NotAnsweringError } from '../../../src/errors.js';
import { startNotion } from '../../../sandbox/notion/server.js';
import type { NotionStandIn } from '../../../sandbox/notion/server.js';
import { itemSource, MemoryStore, page, pages, record, rig, sync } from './harness.js';
import { refusing } from './refusing.js';

let notion: NotionStandIn;
let bot: { accessToken: string; botId: string };
let memory: MemoryStore;

beforeEach(async () => {
  notion = await startNotion({ budget: 100_000 });
  bot = notion.authorize({ workspace: 'Anna’s', user: 'Anna' });
  memory = new MemoryStore();
});
afterEach(() => notion.close());

const run = (items: Parameters<typeof sync>[1], over: Partial<Parameters<typeof sync>[0]> = {}) =>
  sync({ notion, token: bot.accessToken, memory, ...over }, items);
const made = () => [...notion.world.databases.values()];

function shared(properties?: Parameters<NotionStandIn['world']['addDatabaseAsPerson']>[0]['properties']) {
  const own = notion.world.addDatabaseAsPerson({
    workspace: 'Anna’s',
    title: 'Research',
    ...(properties === undefined ? {} : { properties }),
  });
  notion.world.share(own.database.id, bot.botId);
  return own;
}

describe('a given database', () => {
  it.each([
    'database id',
    'data source id',
    'view id',
    'view id without dashes',
    'database url',
    'url without a title',
    'url of a row that is open beside it',
    'id without dashes',
  ])('is found by its %s', async (how) => {
    const { database, dataSource } = shared();
    const compact = database.id.replaceAll('-', '');
    const row = notion.world.addRowAsPerson(dataSource.id, { properties: {} });
    row.in_trash = true;
    const view = dataSource.viewId.replaceAll('-', '');
    const notionDatabase = {
      'view id': dataSource.viewId,
      'view id without dashes': view,
      'url without a title': `https://www.notion.so/anna/${compact}?v=${view}`,
      'url of a row that is open beside it': `https://app.notion.com/${compact}?v=${view}&p=${row.id.replaceAll('-', '')}&pm=s`,
      'database id': database.id,
      'data source id': dataSource.id,
      'database url': `https://www.notion.so/anna/Research-${compact}?v=${'0'.repeat(32)}`,
      'id without dashes': compact,
    }[how];
    const { report } = await run(pages(2), { input: { notionDatabase: notionDatabase ?? null } });
    expect(report.destination).toMatchObject({
      databaseId: database.id,
      dataSourceId: dataSource.id,
      title: 'Research',
    });
    expect(notion.world.liveRows(dataSource.id)).toHaveLength(2);
    expect(made()).toHaveLength(1);
  });

  it('gets the missing columns, and keeps its own title, columns and rows', async () => {
    const { database, dataSource } = shared({
      Headline: { title: {} },
      Description: { number: {} },
      Status: { select: { options: [{ name: 'To read' }] } },
      Notes: { rich_text: {} },
    });
    const mine = notion.world.addRowAsPerson(dataSource.id, {
      properties: { Headline: { title: [{ text: { content: 'Mine' } }] }, Status: { select: { name: 'To read' } } },
    });
    const { report, warnings } = await run([page('a')], { input: { notionDatabase: database.id } });
    expect(report.created).toBe(1);
    const row = notion.world.liveRows(dataSource.id).find(({ id }) => id !== mine.id);
    expect(notion.world.plainValues(row!)).toMatchObject({
      Headline: 'Page a',
      Description: null,
      Status: null,
      'Sync status': 'Active',
      'Sync key': page('a').key,
    });
    expect(warnings.join()).toContain('"Description" has the type "number"');
    expect(notion.world.plainValues(mine)).toMatchObject({ Headline: 'Mine', Status: 'To read' });
    notion.requests.length = 0;
    expect((await run([page('a')], { input: { notionDatabase: database.id } })).report.unchanged).toBe(1);
    expect(notion.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(0);
  });

  it('is refused with the fix when its key column has another type', async () => {
    const { database } = shared({ Name: { title: {} }, 'Sync key': { number: {} } });
    const { sink } = rig({ notion, token: bot.accessToken, input: { notionDatabase: database.id } });
    await expect(sink.check()).rejects.toThrow(/"Sync key" has the type "number", but "rich_text" is needed/);
  });

  it('is refused when it has several data sources, which are named', async () => {
    const { database } = shared();
    const second = notion.world.addDataSourceAsPerson(database.id, 'Second');
    const input = { notionDatabase: database.id };
    await expect(run(pages(1), { input })).rejects.toThrow(new RegExp(`"Second" \\(${second.id}\\)`));
    const view = second.viewId.replaceAll('-', '');
    for (const notionDatabase of [
      second.id,
      second.viewId,
      `https://www.notion.so/Research-${database.id.replaceAll('-', '')}?v=${view}`,
    ]) {
      const { report } = await run(pages(1), { input: { notionDatabase } });
      expect(report.destination?.dataSourceId).toBe(second.id);
    }
  });

  it('is refused with a hint when it is not shared, a page, or no id at all', async () => {
    const { database } = notion.world.addDatabaseAsPerson({ workspace: 'Anna’s', title: 'Hidden' });
    const own = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'A page' });
    notion.world.share(own.id, bot.botId);
    const check = (notionDatabase: string) =>
      rig({ notion, token: bot.accessToken, input: { notionDatabase } }).sink.check();
    await expect(check(database.id)).rejects.toThrow(/Connections/);
    await expect(check(own.id)).rejects.toThrow(/notionParentPage/);
    await expect(check('my database')).rejects.toThrow(/holds no Notion id/);
  });

  it('takes mapped columns of its own, and refuses what cannot be', async () => {
    const { database, dataSource } = shared({ Name: { title: {} }, Topic: { select: { options: [{ name: 'en' }] } } });
    const propertyMapping = { Topic: 'metadata.languageCode', Depth: 'crawl.depth' };
    const { report } = await run([page('a')], { input: { notionDatabase: database.id, propertyMapping } });
    expect(report.created).toBe(1);
    const values = notion.world.plainValues(notion.world.liveRows(dataSource.id)[0]!);
    expect(values).toMatchObject({ Topic: 'en', Depth: 0 });
    expect(values).not.toHaveProperty('Language');
    const unknown = { notionDatabase: database.id, propertyMapping: { Rating: 'whatever.stars' } };
    await expect(run([page('a')], { input: unknown })).rejects.toThrow(/"Rating" does not exist/);
    const system = { notionDatabase: database.id, propertyMapping: { 'Sync key': 'url' } };
    await expect(run([page('a')], { input: system })).rejects.toThrow(DestinationError);
  });
});

describe('a database of our own', () => {
  it('is remembered, also when it and its columns were renamed', async () => {
    const { report } = await run(pages(3));
    const [database] = made();
    database!.title = [];
    const source = notion.world.dataSources.get(report.destination!.dataSourceId)!;
    for (const property of source.properties.values()) property.name = `Meine ${property.name}`;
    const again = await run(pages(3));
    expect(again.report).toMatchObject({ unchanged: 3, destination: { databaseId: database!.id } });
    expect(made()).toHaveLength(1);
  });

  it('passes the check of a further run also when mapped columns were renamed', async () => {
    const recordFields = [{ name: 'Price', type: 'number', selector: 'x', attribute: null, multiple: false }] as never;
    const input = { recordFields, propertyMapping: { Cost: 'record.Price', Depth: 'crawl.depth' } };
    const { report } = await run([record('lamp', { Price: 10 })], { input });
    const source = notion.world.dataSources.get(report.destination!.dataSourceId)!;
    for (const property of source.properties.values()) {
      if (property.name === 'Depth') property.name = 'Tiefe';
      if (property.name === 'Cost') property.name = 'Preis';
    }
    // What type a column has whose path says nothing is known from the column alone.
    const unknown = { input: { ...input, propertyMapping: { ...input.propertyMapping, Depth: 'whatever.depth' } } };
    const { sink } = rig({ notion, token: bot.accessToken, memory, ...unknown });
    expect((await sink.check()).destination).toMatchObject({ databaseId: report.destination!.databaseId });
    expect((await run([record('lamp', { Price: 10 })], { input })).report).toMatchObject({ unchanged: 1 });
  });

  it('is remembered when a person moved it to another place', async () => {
    await run(pages(2));
    const [database] = made();
    const team = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Team' });
    notion.world.share(team.id, bot.botId);
    database!.parent = { type: 'page_id', page_id: team.id };
    expect((await run(pages(2))).report).toMatchObject({ unchanged: 2, created: 0 });
    expect((await run(pages(2), { memory: new MemoryStore() })).report.unchanged).toBe(2);
    expect(made()).toHaveLength(1);
  });

  it('is found by its mark when the memory is gone', async () => {
    await run(pages(2));
    const { report } = await run(pages(2), { memory: new MemoryStore() });
    expect(report.unchanged).toBe(2);
    expect(made()).toHaveLength(1);
  });

  it('is not the one of another Apify user in the same workspace', async () => {
    await run(pages(2));
    const { report } = await run(pages(2), { memory: new MemoryStore(), userId: 'user-b' });
    expect(report.created).toBe(2);
    expect(made()).toHaveLength(2);
  });

  it.each([
    ['was deleted', 'deleted', {}],
    ['was deleted, with no memory of it', 'deleted', { memory: new MemoryStore() }],
    ['was renamed, with no memory of it', 'renamed', { memory: new MemoryStore() }],
    ['and the hash column were deleted', 'deleted too', {}],
  ])('whose key column %s is written to no more, and the column is named', async (_, how, over) => {
    const { report } = await run(pages(5));
    const { properties } = notion.world.dataSources.get(report.destination!.dataSourceId)!;
    const column = (name: string) => [...properties.values()].find((property) => property.name === name)!;
    const [key, hash] = [column('Sync key'), column('Sync hash')];
    if (how === 'renamed') key.name = 'Key';
    else properties.delete(key.id);
    if (how === 'deleted too') properties.delete(hash.id);
    const { sink } = rig({ notion, token: bot.accessToken, memory, ...over });
    await expect(sink.check()).rejects.toThrow(
      /has lost its column "Sync key".+Rename it back to "Sync key", or restore/,
    );
    await expect(run(pages(5), over)).rejects.toThrow(DestinationError);
    expect(notion.world.liveRows(report.destination!.dataSourceId)).toHaveLength(5);
    properties.set(key.id, { ...key, name: 'Sync key' });
    properties.set(hash.id, hash);
    expect((await run(pages(5), over)).report).toMatchObject({ unchanged: 5 });
  });

  it('is known by its columns also where it is given by its link, whatever they are called', async () => {
    const { report } = await run(pages(3));
    const { databaseUrl, databaseId, dataSourceId } = report.destination!;
    const { properties } = notion.world.dataSources.get(dataSourceId)!;
    for (const property of properties.values()) property.name = `Meine ${property.name}`;
    for (const notionDatabase of [databaseUrl, databaseId, dataSourceId]) {
      expect((await run(pages(3), { input: { notionDatabase } })).report).toMatchObject({ unchanged: 3, created: 0 });
    }
    expect(properties.size).toBe(11);
  });

  it('keeps to its own data source beside those that people add to it', async () => {
    const { report } = await run(pages(2));
    const { databaseId, dataSourceId } = report.destination!;
    const other = notion.world.addDataSourceAsPerson(databaseId, 'My table');
    notion.world.databases.get(databaseId)!.dataSourceIds.reverse();
    const again = await run(pages(2), { memory: new MemoryStore() });
    expect(again.report).toMatchObject({ unchanged: 2, destination: { dataSourceId } });
    expect(other.properties.size).toBe(1);
  });

  it.each(['workspace', 'parent page'])(
    'whose own data source is gone asks which of the others is meant, and writes to none (%s)',
    async (where) => {
      const parent = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Team' });
      notion.world.share(parent.id, bot.botId);
      const input = where === 'workspace' ? {} : { notionParentPage: parent.id };
      const { report } = await run(pages(2), { input });
      const { databaseId, dataSourceId } = report.destination!;
      const other = notion.world.addDataSourceAsPerson(databaseId, 'My table');
      notion.world.databases.get(databaseId)!.dataSourceIds.shift();
      notion.world.dataSources.get(dataSourceId)!.in_trash = true;
      await expect(run(pages(2), { input })).rejects.toThrow(new RegExp(`"My table" \\(${other.id}\\)`));
      expect(other.properties.size).toBe(1);
      expect(notion.world.liveRows(other.id)).toHaveLength(0);
      const chosen = await run(pages(2), { input: { notionDatabase: other.id } });
      expect(chosen.report).toMatchObject({ created: 2, destination: { dataSourceId: other.id } });
    },
  );

  it('is made anew when it was trashed', async () => {
    await run(pages(2));
    made()[0]!.in_trash = true;
    const { report } = await run(pages(2));
    expect(report.created).toBe(2);
    expect(made()).toHaveLength(2);
    expect(report.notes.join()).toMatch(/"site\.example" of earlier runs is in the trash.+another one is used/);
    expect((await run(pages(2))).report).toMatchObject({ unchanged: 2, notes: [] });
  });

  it('is made anew when it was trashed, which the report tells also after a check, and a dry run tells and forgets nothing', async () => {
    await run(pages(2));
    made()[0]!.in_trash = true;
    const written = memory.writes;
    const dry = await run(pages(2), { input: { dryRun: true } });
    expect(dry.report).toMatchObject({ created: 2, destination: null });
    expect(dry.report.notes.join()).toMatch(/is in the trash.+another one is used/);
    const { sink } = rig({ notion, token: bot.accessToken, memory });
    expect((await sink.check()).destination).toBeNull();
    expect(memory.writes).toBe(written);
    const report = await sink.sync(itemSource(pages(2)));
    expect(report.notes.join()).toMatch(/is in the trash.+another one is used/);
    expect((await run(pages(2))).report).toMatchObject({ unchanged: 2, notes: [] });
  });

  it('that lies elsewhere than under the parent page is used, and the report says why and where it is', async () => {
    const { report } = await run(pages(1));
    const { databaseUrl } = report.destination!;
    const team = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Team' });
    notion.world.share(team.id, bot.botId);
    const input = { notionParentPage: team.id.replaceAll('-', '') };
    for (const over of [{}, { memory: new MemoryStore() }]) {
      const { notes } = (await run(pages(1), { input, ...over })).report;
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(/notionParentPage was not used: .+Move it in Notion.+another notionDatabaseTitle/);
      expect(notes[0]).toContain(databaseUrl);
    }
    const hidden = { notionParentPage: '0123456789abcdef0123456789abcdef' };
    expect((await run(pages(1), { input: hidden })).report.notes.join()).toMatch(
      /not used: .+Notion does not show the page/,
    );
    const { sink } = rig({ notion, token: bot.accessToken, memory, input: { notionParentPage: 'Team' } });
    await expect(sink.check()).rejects.toThrow(/notionParentPage: "Team" holds no Notion id/);
    // What the note says does help.
    made()[0]!.parent = { type: 'page_id', page_id: team.id };
    expect((await run(pages(1), { input })).report).toMatchObject({ unchanged: 1, notes: [] });
    expect(made()).toHaveLength(1);
  });

  it('at the top of the workspace is private, which the report says with the way to share it', async () => {
    const { report } = await run(pages(1));
    expect(report.notes.join()).toMatch(/private to Anna;.+move it under a page of your team/);
  });

  it.each(['workspace', 'parent page'])(
    'is made once by a fresh run after a kill while search lags (%s)',
    async (where) => {
      const parent = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Team' });
      notion.world.share(parent.id, bot.botId);
      notion.world.staleness = { ms: where === 'workspace' ? 150 : 60_000, queries: 0 };
      const input = where === 'workspace' ? {} : { notionParentPage: parent.id };
      const saved = new MemoryStore();
      const dying = {
        get: (key: string) => saved.get(key),
        set: async (key: string, value: unknown) => {
          // The process dies after the database was made and before that could be written down.
          if (made().length > 0) throw new Error('killed');
          await saved.set(key, value);
        },
      };
      notion.faults.add({ match: { method: 'GET', path: /data_sources/ }, effect: '413' });
      await expect(run(pages(2), { input, memory: dying })).rejects.toThrow(NotAnsweringError);
      notion.faults.clear();
      expect(made()).toHaveLength(1);
      const { report } = await run(pages(2), { input, memory: saved, waits: { lookupMs: [50, 100, 200] } });
      expect(report.created).toBe(2);
      expect(made()).toHaveLength(1);
    },
  );

  it('goes under the parent page, which must be shared', async () => {
    const parent = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Team' });
    const input = { notionParentPage: parent.id };
    await expect(rig({ notion, token: bot.accessToken, input }).sink.check()).rejects.toThrow(/Connections/);
    notion.world.share(parent.id, bot.botId);
    const { sink } = rig({ notion, token: bot.accessToken, input });
    expect((await sink.check()).destination).toBeNull();
    expect(made()).toHaveLength(0);
    await run(pages(1), { input });
    expect(made()[0]!.parent).toMatchObject({ type: 'page_id', page_id: parent.id });
  });

  it('goes under a private page of its own where Notion makes pages at the top of the workspace, but no databases', async () => {
    const proxy = await refusing(notion.url, 'parent.workspace is not supported for databases.', (body) => {
      return body.parent?.workspace === true && body.initial_data_source !== undefined;
    });
    const { report } = await run(pages(2), { notion: proxy });
    expect(report).toMatchObject({ created: 2, failed: 0 });
    const [database] = made();
    const holder = notion.world.pages.get((database!.parent as { page_id: string }).page_id)!;
    expect(holder.parent).toMatchObject({ type: 'workspace' });
    expect(await (await fetch(holder.url)).text()).toContain('site.example');
    // It is as private as a database at the top, and found again like one.
    expect(report.notes.join()).toMatch(/private to Anna;.+move it under a page of your team/);
    const again = await run(pages(2), { notion: proxy, memory: new MemoryStore() });
    await proxy.close();
    expect(again.report).toMatchObject({ unchanged: 2, notes: [] });
    expect(made()).toHaveLength(1);
  });

  it('uses the private page of a run that did not get as far as the database, and leaves no empty ones', async () => {
    const live = () =>
      [...notion.world.pages.values()].filter((one) => one.parent.type === 'workspace' && !one.in_trash);
    const refusesDatabases = (everywhere: boolean) =>
      refusing(notion.url, 'parent is not supported for databases.', (body) => {
        return body.initial_data_source !== undefined && (everywhere || body.parent?.workspace === true);
      });
    const proxy = await refusesDatabases(false);
    // Not saved, and not answered.
    notion.faults.add({ match: { method: 'POST', path: /^\/v1\/databases$/ }, effect: '413' });
    for (let runs = 1; runs <= 2; runs++) {
      await expect(run(pages(1), { notion: proxy })).rejects.toThrow(NotAnsweringError);
      expect(live()).toHaveLength(1);
    }
    notion.faults.clear();
    const [holder] = live();
    expect((await run(pages(1), { notion: proxy })).report).toMatchObject({ created: 1 });
    await proxy.close();
    expect(made().map(({ parent }) => parent)).toEqual([{ type: 'page_id', page_id: holder!.id }]);
    expect(live()).toHaveLength(1);

    const never = await refusesDatabases(true);
    const fresh = { notion: never, memory: new MemoryStore(), userId: 'user-b' };
    await expect(run(pages(1), fresh)).rejects.toThrow(/give that page as notionParentPage/);
    await never.close();
    expect(live()).toHaveLength(1);
  });

  it('asks for a parent page where Notion allows no private one', async () => {
    const internal = notion.authorize({ workspace: 'Internal', kind: 'internal' }).accessToken;
    await expect(run(pages(1), { token: internal })).rejects.toThrow(/notionParentPage/);
  });

  it.each(['503-committed', 'drop-after', '502'] as const)('is made once when the reply is %s', async (effect) => {
    notion.faults.add({ match: { method: 'POST', path: /^\/v1\/databases$/ }, times: 1, effect });
    const { report } = await run(pages(2));
    expect(report.created).toBe(2);
    expect(made()).toHaveLength(1);
  });

  it('is made once by a run that was killed right after it', async () => {
    const checkpoint = new MemoryStore();
    notion.faults.add({ match: { method: 'GET', path: /data_sources/ }, effect: '502' });
    await expect(run(pages(2), { checkpoint })).rejects.toThrow(NotAnsweringError);
    notion.faults.clear();
    const { report } = await run(pages(2), { checkpoint });
    expect(report.created).toBe(2);
    expect(made()).toHaveLength(1);
  });

  it('is used without a memory, which is said', async () => {
    const broken = {
      get: () => Promise.reject(new Error('403')),
      set: () => Promise.reject(new Error('403')),
    };
    const first = await run(pages(2), { memory: broken });
    expect(first.warnings.join()).toContain('memory');
    const second = await run(pages(2), { memory: broken });
    expect(second.report.unchanged).toBe(2);
  });
});

describe('a missing capability', () => {
  it.each([
    ['read content', ['insert_content', 'update_content']],
    ['insert content', ['read_content', 'update_content']],
    ['update content', ['read_content', 'insert_content']],
  ] as const)('is named: %s', async (name, capabilities) => {
    await run(pages(1));
    const weak = notion.authorize({ workspace: 'Anna’s', user: 'Anna', capabilities: [...capabilities] }).accessToken;
    const changed = [page('1', { markdown: 'New.' }), page('2')];
    await expect(run(changed, { token: weak })).rejects.toThrow(
      new RegExp(`does not let this connection ${name} here`),
    );
  });

  it.each(['workspace', 'parent page'])('is named where the database is to be made (%s)', async (where) => {
    const capabilities = ['read_content', 'update_content'] as const;
    const weak = notion.authorize({ workspace: 'Anna’s', user: 'Anna', capabilities: [...capabilities] });
    const parent = notion.world.addPageAsPerson({ workspace: 'Anna’s', title: 'Team' });
    notion.world.share(parent.id, weak.botId);
    const input = where === 'workspace' ? {} : { notionParentPage: parent.id };
    await expect(run(pages(1), { token: weak.accessToken, input })).rejects.toThrow(
      /does not let this connection insert content here.+allow insert content/,
    );
  });
});

describe('check', () => {
  it('reads only, and names workspace, person and destination', async () => {
    await run(pages(1));
    notion.requests.length = 0;
    const { sink } = rig({ notion, token: bot.accessToken, memory });
    expect(await sink.check()).toMatchObject({
      workspace: { botId: bot.botId, name: 'Anna’s', userName: 'Anna' },
      destination: { title: 'site.example' },
    });
    expect(notion.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(sink.partialReport()).toMatchObject({ created: 0, finished: false });
    expect(await sink.sync(itemSource(pages(1)))).toMatchObject({ unchanged: 1 });
  });
});
