import type { CreateDatabaseParameters } from '@notionhq/client';
import { PLAIN, textRun } from './block.js';
import type { Color, Mention, RichText } from './block.js';
import { invalid, notFound } from './errors.js';
import { compactId, idFromUrl, parseId } from './ids.js';
import type { WorldStore } from './store.js';

export type RichTextRequest = NonNullable<CreateDatabaseParameters['title']>[number];
type MentionRequest = Extract<RichTextRequest, { mention: unknown }>['mention'];

/**
 * What a request's rich text is kept as.
 * @throws NotionError when a mention leads nowhere or is of a kind that the stand-in does not have
 */
export function storeRichText(store: WorldStore, items: RichTextRequest[]): RichText[] {
  return items.map((item) => {
    const color = (item.annotations?.color ?? 'default') as Color;
    const annotations = { ...PLAIN, ...item.annotations, color };
    if ('text' in item) return textRun(item.text.content, annotations, item.text.link?.url ?? null);
    if ('equation' in item) {
      const { expression } = item.equation;
      return { type: 'equation', equation: { expression }, annotations, plain_text: expression, href: null };
    }
    const mention = storeMention(store, item.mention);
    const href = mention.type === 'date' ? null : mention.url;
    return { type: 'mention', mention, annotations, plain_text: href ?? 'date', href };
  });
}

/** `runs` as replies show them. */
export function showRichText(runs: RichText[]): object[] {
  return runs.map((run) => {
    if (run.type !== 'mention') return run;
    const { mention } = run;
    if (mention.type === 'date') {
      const { start, end, time_zone } = mention;
      return { ...run, mention: { type: 'date', date: { start, end, time_zone } } };
    }
    const type = mention.type === 'data_source' ? 'database' : mention.type;
    const target = type === 'user' ? { object: 'user' } : {};
    return { ...run, mention: { type, [type]: { ...target, id: idFromUrl(mention.url) } } };
  });
}

function storeMention(store: WorldStore, request: MentionRequest): Mention {
  if ('date' in request) {
    const { start, end, time_zone } = request.date;
    return { type: 'date', start, end: end ?? null, start_time: null, time_zone: time_zone ?? null };
  }
  if ('user' in request) return { type: 'user', url: `${store.baseUrl}/u/${compactId(request.user.id)}` };
  if ('page' in request) return { type: 'page', url: targetUrl(store, 'page', request.page.id) };
  if ('database' in request) return { type: 'database', url: targetUrl(store, 'database', request.database.id) };
  throw invalid('The stand-in knows mentions of users, dates, pages and databases only.');
}

function targetUrl(store: WorldStore, kind: 'page' | 'database', id: string): string {
  const known = (kind === 'page' ? store.pages : store.databases).get(parseId(id) ?? '');
  if (known === undefined) throw notFound(kind, id);
  return known.url;
}
