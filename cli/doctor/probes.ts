import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_WAITS } from '../../src/sinks/notion/limits.js';
import { MAX_PART_BLOCKS } from '../../src/sinks/notion/markdown/split.js';
import { KEY_COLUMN, type Attempt, type Bench } from './bench.js';
import { blocksOf, type ReadBlock } from './blocks.js';

/** One vendor fact that the code relies on and no document states for certain. */
export interface Probe {
  fact: string;
  /** What the code takes for granted. */
  assumed: string;
  run(bench: Bench): Promise<Observation>;
}

export interface Observation {
  holds: boolean;
  observed: string;
}

const LOOKUP_MS = DEFAULT_WAITS.lookupMs.reduce((sum, ms) => sum + ms, 0);
const GIVE_UP_MS = 60_000;
/** As many as the sink sends at once. */
const MANY_BLOCKS = MAX_PART_BLOCKS;
const LONG_LINE = 3_000;
const BODY_BYTES = 480_000;

/** Writes `markdown` and lets `judge` look at the blocks that came of it. */
const body =
  (markdown: string, judge: (blocks: ReadBlock[]) => Observation) =>
  async (bench: Bench): Promise<Observation> => {
    const row = await bench.row(markdown);
    return row.ok ? judge(await blocksOf(bench, row.value)) : refused(row);
  };

/** A refusal as an observation that was not expected. */
export const refused = (answer: Exclude<Attempt<unknown>, { ok: true }>): Observation => ({
  holds: false,
  observed: `refused: ${answer.refusal}`,
});

const LINE_STARTS = ['- a dash', '# a hash', '+ a plus', '1. a number'];
const ENTITIES = 'AT&amp;T and &#35;';

/** The facts, in the order in which they are tried. */
export const PROBES: Probe[] = [
  {
    fact: 'A database at workspace level',
    assumed: 'made, private to who connected',
    run: async (bench) => {
      const made = await bench.attempt((auth) =>
        bench.client.databases.create({
          auth,
          parent: { type: 'workspace', workspace: true },
          title: [{ type: 'text', text: { content: 'Website to Notion: doctor (may be deleted)' } }],
          initial_data_source: { properties: { Name: { title: {} } } },
        }),
      );
      if (!made.ok) return refused(made);
      bench.made(made.value.id);
      return { holds: true, observed: 'made, private to who connected' };
    },
  },
  {
    fact: 'A new row in a query for its key',
    assumed: `found within ${LOOKUP_MS / 1000} s`,
    run: queryLag,
  },
  {
    fact: `A body of ${MANY_BLOCKS} paragraphs`,
    assumed: `all ${MANY_BLOCKS} written`,
    run: body(lines(MANY_BLOCKS), (blocks) => ({
      holds: blocks.length === MANY_BLOCKS,
      observed: blocks.length === MANY_BLOCKS ? `all ${MANY_BLOCKS} written` : `${blocks.length} written`,
    })),
  },
  {
    fact: `A line of ${LONG_LINE} characters`,
    assumed: 'written whole',
    run: body('x'.repeat(LONG_LINE), (blocks) => {
      const length = blocks.map(({ text }) => text).join('').length;
      return { holds: length === LONG_LINE, observed: length === LONG_LINE ? 'written whole' : `${length} of them` };
    }),
  },
  {
    fact: 'A request of 480 KB',
    assumed: 'taken',
    run: body(lines(BODY_BYTES / 2_000, 1_990), () => ({ holds: true, observed: 'taken' })),
  },
  {
    fact: 'An image address without an ending',
    assumed: 'an image',
    run: body('![picture](https://example.com/picture?id=1)', ([block]) => ({
      holds: block?.type === 'image',
      observed: block?.type === 'image' ? 'an image' : `a ${block?.type ?? 'lost block'}`,
    })),
  },
  {
    fact: 'An image address that is none',
    assumed: 'refused: 400 validation_error, names the URL',
    run: async (bench) => {
      const row = await bench.row('![picture](https://..example/a.png)');
      if (row.ok) return { holds: false, observed: 'taken' };
      const named = /invalid (image )?url/i.test(row.message);
      return {
        holds: row.refusal === '400 validation_error' && named,
        observed: `refused: ${row.refusal}, ${named ? 'names the URL' : 'names no URL'}`,
      };
    },
  },
  { fact: 'Blocks after replace_content', assumed: 'edited by this connection', run: authorship },
  { fact: '`truncated` of a long page', assumed: 'false', run: truncation },
  {
    fact: 'A backslash before - # + 1. at a line’s start',
    assumed: 'text as written',
    run: body(LINE_STARTS.map((line) => line.replace(/^(\d+)?/, (digits) => `${digits}\\`)).join('\n'), (blocks) =>
      sameText(blocks, LINE_STARTS),
    ),
  },
  {
    fact: 'Entities in text',
    assumed: 'text as written',
    run: body(ENTITIES, (blocks) => sameText(blocks, [ENTITIES])),
  },
  {
    fact: 'A <table>',
    assumed: 'a table of 2 rows',
    run: body(
      '<table header-row="true">\n\t<tr>\n\t\t<td>a</td>\n\t\t<td>b</td>\n\t</tr>\n\t<tr>\n\t\t<td>1</td>\n\t\t<td>2</td>\n\t</tr>\n</table>',
      ([block]) => {
        const rows = block?.children.filter(({ type }) => type === 'table_row').length ?? 0;
        const isTable = block?.type === 'table';
        return {
          holds: isTable && rows === 2,
          observed: isTable ? `a table of ${rows} rows` : `a ${block?.type ?? 'lost block'}`,
        };
      },
    ),
  },
  { fact: 'A write to a column that does not exist', assumed: 'refused: 400 validation_error', run: unknownColumn },
];

async function queryLag(bench: Bench): Promise<Observation> {
  const key = `doctor-${Date.now()}`;
  const row = await bench.row('x', key);
  if (!row.ok) return refused(row);
  const since = Date.now();
  while (Date.now() - since < GIVE_UP_MS) {
    const found = await bench.attempt((auth) =>
      bench.client.dataSources.query({
        auth,
        data_source_id: bench.dataSourceId,
        filter: { property: KEY_COLUMN, rich_text: { equals: key } },
      }),
    );
    if (!found.ok) return refused(found);
    const ms = Date.now() - since;
    const holds = ms <= LOOKUP_MS;
    const within = holds ? `found within ${LOOKUP_MS / 1000} s` : 'found';
    if (found.value.results.length > 0) return { holds, observed: `${within} (${(ms / 1000).toFixed(1)} s)` };
    await sleep(500);
  }
  return { holds: false, observed: `not found in ${GIVE_UP_MS / 1000} s` };
}

async function authorship(bench: Bench): Promise<Observation> {
  const row = await bench.row('before');
  if (!row.ok) return refused(row);
  const replaced = await bench.attempt((auth) =>
    bench.client.pages.updateMarkdown({
      auth,
      page_id: row.value,
      type: 'replace_content',
      replace_content: { new_str: 'after\n- one\n\t- two' },
    }),
  );
  if (!replaced.ok) return refused(replaced);
  const others = (await blocksOf(bench, row.value)).filter(({ editedBy }) => editedBy !== bench.botId).length;
  return {
    holds: others === 0,
    observed: others === 0 ? 'edited by this connection' : `${others} edited by somebody else`,
  };
}

async function truncation(bench: Bench): Promise<Observation> {
  const row = await bench.row(lines(MANY_BLOCKS));
  if (!row.ok) return refused(row);
  const read = await bench.attempt((auth) => bench.client.pages.retrieveMarkdown({ auth, page_id: row.value }));
  if (!read.ok) return refused(read);
  return { holds: !read.value.truncated, observed: String(read.value.truncated) };
}

async function unknownColumn(bench: Bench): Promise<Observation> {
  const written = await bench.attempt((auth) =>
    bench.client.pages.create({
      auth,
      parent: { type: 'data_source_id', data_source_id: bench.dataSourceId },
      properties: { 'No such column': { rich_text: [{ text: { content: 'x' } }] } },
    }),
  );
  if (written.ok) return { holds: false, observed: 'taken, the value is lost' };
  return { holds: written.refusal === '400 validation_error', observed: `refused: ${written.refusal}` };
}

function sameText(blocks: ReadBlock[], expected: string[]): Observation {
  const holds =
    blocks.every(({ type }) => type === 'paragraph') &&
    blocks.map(({ text }) => text).join('\n') === expected.join('\n');
  const seen = blocks.map((block) => `${block.type} "${block.text}"`).join(', ');
  return { holds, observed: holds ? 'text as written' : seen };
}

/** `count` paragraphs, each filled up to `width` characters. */
function lines(count: number, width = 0): string {
  return Array.from({ length: count }, (_, index) => `Paragraph ${index + 1} `.padEnd(width, 'x').trimEnd()).join('\n');
}
