import type { PageObjectResponse } from '@notionhq/client';
import { LIMITS } from '../../src/sinks/notion/limits.js';
import { KEY_COLUMN, type Attempt, type Bench } from './bench.js';
import { blocksOf } from './blocks.js';
import { refused, type Observation, type Probe } from './probes.js';

/** Facts about rows, columns and databases that the sink relies on. */
export const ROW_PROBES: Probe[] = [
  {
    fact: `A filter with ${LIMITS.filterOperands} conditions`,
    assumed: 'taken',
    run: async (bench) => {
      const or = Array.from({ length: LIMITS.filterOperands }, (_, index) => equals(`none-${index}`));
      return taken(await bench.attempt((auth) => query(bench, auth, { or })));
    },
  },
  {
    fact: `${LIMITS.richTextChars / 2} emoji in one text of a column`,
    assumed: 'taken',
    run: async (bench) => taken(await bench.row('x', '😀'.repeat(LIMITS.richTextChars / 2))),
  },
  {
    fact: 'A column addressed by its id',
    assumed: 'taken',
    run: async (bench) => {
      const source = await bench.attempt((auth) =>
        bench.client.dataSources.retrieve({ auth, data_source_id: bench.dataSourceId }),
      );
      if (!source.ok) return refused(source);
      const id = source.value.properties[KEY_COLUMN]?.id ?? '';
      const row = await bench.row('x');
      if (!row.ok) return refused(row);
      const properties = { [id]: { rich_text: [{ text: { content: 'by id' } }] } };
      return taken(await bench.attempt((auth) => bench.client.pages.update({ auth, page_id: row.value, properties })));
    },
  },
  {
    // Tells a row that its owner restricts from a connection that may change nothing.
    fact: 'A change of no column',
    assumed: 'taken',
    run: async (bench) => {
      const { client, dataSourceId: data_source_id } = bench;
      return taken(await bench.attempt((auth) => client.dataSources.update({ auth, data_source_id, properties: {} })));
    },
  },
  { fact: 'The last editor of a row, after a write of ours', assumed: 'this connection', run: lastEditor },
  { fact: 'A row in the trash, and taken out of it', assumed: 'not in queries, then whole again', run: trashed },
  {
    fact: 'A nested page, when the text around it is replaced',
    assumed: 'refused: 400 validation_error, and still there',
    run: nested,
  },
  {
    fact: 'A link address that is none',
    assumed: 'refused: 400 validation_error, or text without a link',
    run: async (bench) => {
      const row = await bench.row('[a word](https://..example/)');
      if (!row.ok) {
        const said = `refused: ${row.refusal}`;
        return { holds: row.refusal === '400 validation_error' && /invalid url/i.test(row.message), observed: said };
      }
      const text = (await blocksOf(bench, row.value)).map((block) => block.text).join('');
      return {
        holds: text === 'a word',
        observed: text === 'a word' ? 'taken, the text stays' : `taken, as "${text}"`,
      };
    },
  },
  {
    fact: 'The description of a database, and its place below its page',
    assumed: 'as written; there at once',
    run: placeAndMarker,
  },
];

const equals = (key: string) => ({ property: KEY_COLUMN, rich_text: { equals: key } });

function query(bench: Bench, auth: string, filter: { or: ReturnType<typeof equals>[] } | ReturnType<typeof equals>) {
  return bench.client.dataSources.query({ auth, data_source_id: bench.dataSourceId, filter });
}

function taken(answer: Attempt<unknown>): Observation {
  return answer.ok ? { holds: true, observed: 'taken' } : refused(answer);
}

async function lastEditor(bench: Bench): Promise<Observation> {
  const row = await bench.row('x');
  if (!row.ok) return refused(row);
  const properties = { [KEY_COLUMN]: { rich_text: [{ text: { content: 'changed' } }] } };
  const changed = await bench.attempt((auth) => bench.client.pages.update({ auth, page_id: row.value, properties }));
  if (!changed.ok) return refused(changed);
  const isOurs = (changed.value as PageObjectResponse).last_edited_by.id === bench.botId;
  return { holds: isOurs, observed: isOurs ? 'this connection' : 'somebody else' };
}

async function trashed(bench: Bench): Promise<Observation> {
  const key = `doctor-trash-${Date.now()}`;
  const row = await bench.row('body', key);
  if (!row.ok) return refused(row);
  // As the sync does it: a column is written in the same request.
  const properties = { [KEY_COLUMN]: { rich_text: [{ text: { content: key } }] } };
  const move = (in_trash: boolean) =>
    bench.attempt((auth) => bench.client.pages.update({ auth, page_id: row.value, properties, in_trash }));
  const gone = await move(true);
  if (!gone.ok) return refused(gone);
  const listed = await bench.attempt((auth) => query(bench, auth, equals(key)));
  if (!listed.ok) return refused(listed);
  const back = await move(false);
  if (!back.ok) return refused(back);
  const text = (await blocksOf(bench, row.value)).map((block) => block.text).join('');
  const kept = JSON.stringify((back.value as PageObjectResponse).properties[KEY_COLUMN]).includes(key);
  const seen = [
    listed.value.results.length === 0 ? 'not in queries' : 'still in queries',
    text === 'body' && kept ? 'then whole again' : 'not whole afterwards',
  ];
  return { holds: seen.join() === 'not in queries,then whole again', observed: seen.join(', ') };
}

async function nested(bench: Bench): Promise<Observation> {
  const row = await bench.row('around');
  if (!row.ok) return refused(row);
  const inner = await bench.attempt((auth) =>
    bench.client.pages.create({
      auth,
      parent: { type: 'page_id', page_id: row.value },
      properties: { title: { title: [{ text: { content: 'Nested' } }] } },
    }),
  );
  if (!inner.ok) return refused(inner);
  const replaced = await bench.attempt((auth) =>
    bench.client.pages.updateMarkdown({
      auth,
      page_id: row.value,
      type: 'replace_content',
      replace_content: { new_str: 'after' },
    }),
  );
  const isThere = (await blocksOf(bench, row.value)).some(({ type }) => type === 'child_page');
  const answer = replaced.ok ? 'taken' : `refused: ${replaced.refusal}`;
  return {
    holds: !replaced.ok && replaced.refusal === '400 validation_error' && isThere,
    observed: `${answer}, and ${isThere ? 'still there' : 'gone'}`,
  };
}

async function placeAndMarker(bench: Bench): Promise<Observation> {
  const marker = 'wtn-0123456789abcdef';
  const changed = await bench.attempt((auth) =>
    bench.client.databases.update({
      auth,
      database_id: bench.databaseId,
      description: [{ type: 'text', text: { content: marker } }],
    }),
  );
  if (!changed.ok) return refused(changed);
  const read = await bench.attempt((auth) => bench.client.databases.retrieve({ auth, database_id: bench.databaseId }));
  if (!read.ok) return refused(read);
  const said = 'description' in read.value ? read.value.description.map((part) => part.plain_text).join('') : '';
  const below = (await blocksOf(bench, bench.pageId, false)).some(
    ({ type, id }) => type === 'child_database' && id === bench.databaseId,
  );
  const seen = [said === marker ? 'as written' : `as "${said}"`, below ? 'there at once' : 'not there'];
  return { holds: said === marker && below, observed: seen.join('; ') };
}
