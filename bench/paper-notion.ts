import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { serveLoopback } from '../sandbox/loopback.js';
import { formatHash, hashItem } from '../src/sinks/notion/hash.js';
import { markerOf } from '../src/sinks/notion/marker.js';
import { benchItem } from './sink-context.js';

const DATABASE = '00000000-0000-4000-8000-000000000001';
const SOURCE = '00000000-0000-4000-8000-000000000002';
const BOT = { object: 'user', id: '00000000-0000-4000-8000-000000000003' };
const COLUMNS: Record<string, string> = {
  Name: 'title', URL: 'url', Description: 'rich_text', Author: 'rich_text', Language: 'rich_text', Published: 'date',
  Changed: 'date', Status: 'select', Source: 'rich_text', 'Sync key': 'rich_text', 'Sync hash': 'rich_text',
}; // prettier-ignore

/** Answers as Notion would in the plainest case and keeps nothing, whatever the number of rows. */
export function startPaper(rows: number): Promise<{ url: string; close: () => Promise<void> }> {
  return serveLoopback((request, response) => {
    void readBody(request).then((body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(rows, `${request.method} ${request.url ?? ''}`, body)));
    });
  });
}

function answer(rows: number, what: string, body: Record<string, unknown>): object {
  if (what.includes('/users/me'))
    return { ...BOT, type: 'bot', bot: { owner: { type: 'workspace' }, workspace_name: 'Paper' } };
  if (what.includes('/search')) return rows === 0 ? list([]) : list([dataSource()]);
  if (what.includes('/databases')) return database();
  if (/POST .*\/query/.test(what)) return query(rows, body);
  if (what.includes('/data_sources')) return dataSource();
  return { object: 'page', ...common(randomUUID()), properties: {}, url: 'https://www.notion.so/x' };
}

function database(): object {
  return {
    object: 'database',
    ...common(DATABASE),
    title: text('docs.example.com'),
    description: text(markerOf('bench', 'docs.example.com')),
    data_sources: [{ id: SOURCE, name: 'x' }],
    url: 'https://www.notion.so/database',
  };
}

function dataSource(): object {
  const properties = Object.entries(COLUMNS).map(([name, type]) => {
    const options = ['Active', 'Removed', 'Edited in Notion'].map((option) => ({ id: option, name: option }));
    return [name, { id: name, name, type, [type]: type === 'select' ? { options } : {} }];
  });
  return {
    object: 'data_source',
    ...common(SOURCE),
    title: text('docs.example.com'),
    parent: { type: 'database_id', database_id: DATABASE },
    properties: Object.fromEntries(properties) as object,
  };
}

/** Rows that say what the items say. */
function query(rows: number, body: Record<string, unknown>): object {
  const start = typeof body['start_cursor'] === 'string' ? Number(body['start_cursor']) : 0;
  const end = Math.min(rows, start + 100);
  const results = Array.from({ length: end - start }, (_, offset) => rowOf(start + offset));
  return { ...list(results), has_more: end < rows, next_cursor: end < rows ? String(end) : null };
}

function rowOf(index: number): object {
  const item = benchItem(index);
  if (!('markdown' in item)) throw new Error('bench items are pages');
  const { title, description, languageCode } = item.metadata;
  const values = new Map([
    ['Name', title],
    ['URL', item.key],
    ['Description', description],
    ['Language', languageCode],
  ]);
  const hash = hashItem(values, item.markdown);
  const id = `10000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
  const cell = (name: string, value: string): [string, object] => [
    name,
    { id: name, type: 'rich_text', rich_text: [{ plain_text: value }] },
  ];
  return {
    object: 'page',
    ...common(id),
    url: `https://www.notion.so/Page-${index}-${id.replaceAll('-', '')}`,
    properties: Object.fromEntries([
      cell('Sync key', item.key),
      cell('Sync hash', formatHash({ ...hash, mark: 'l0123456789abcdef', verify: false })),
      cell('Source', 'https://docs.example.com/guide'),
      ['Status', { id: 'Status', type: 'select', select: { name: 'Active' } }],
    ]) as object,
  };
}

function common(id: string): object {
  const time = '2026-11-22T10:00:00.000Z';
  return { id, in_trash: false, created_time: time, last_edited_time: time, created_by: BOT, last_edited_by: BOT };
}

function list(results: object[]): object {
  return { object: 'list', results, has_more: false, next_cursor: null };
}

function text(content: string): object[] {
  return [{ type: 'text', text: { content }, plain_text: content }];
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
}
