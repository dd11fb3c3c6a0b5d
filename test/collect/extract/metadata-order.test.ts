import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METADATA_SOURCES } from '../../../src/collect/extract/metadata-sources.js';
import { handle } from './page.js';

type Field = keyof typeof METADATA_SOURCES;
const FIELDS = Object.keys(METADATA_SOURCES) as Field[];
const namesOf = (field: Field): string[] => METADATA_SOURCES[field].map(([name]) => name);

/** A value of its own for each source of a field. */
function valueAt(field: Field, at: number): string {
  if (field.endsWith('Time')) return `2024-03-${String(at + 1).padStart(2, '0')}`;
  if (field === 'languageCode') return `a${String.fromCharCode(97 + at)}`;
  return field === 'image' ? `https://example.com/${at}.png` : `Value ${at}`;
}

/** A page that says something through each of these sources, and only through them. */
function pageWith(sources: [name: string, value: string][]): string {
  const thing: Record<string, unknown> = { '@type': 'Article' };
  const objects: unknown[] = [thing];
  let [head, html, article, outside] = ['', '', '', ''];
  for (const [name, value] of sources) {
    if (name === 'schema.org WebSite name') objects.push({ '@type': 'WebSite', name: value });
    else if (name === 'schema.org isPartOf') thing['isPartOf'] = { '@type': 'CreativeWorkSeries', name: value };
    else if (name.startsWith('schema.org ')) thing[name.replace('schema.org ', '')] = value;
    else if (name === '<html lang>') html += ` lang="${value}"`;
    else if (name === '<html xml:lang>') html += ` xml:lang="${value}"`;
    else if (name === 'rel=image_src') head += `<link rel="image_src" href="${value}">`;
    else if (name === 'rel=author') outside += `<a rel="author" href="/a">${value}</a>`;
    else if (name === 'itemprop=author') outside += `<b itemprop="author">${value}</b>`;
    else if (name === '<time>, marked')
      outside += `<time itemprop="datePublished dateModified" datetime="${value}"></time>`;
    else if (name === '<time>, in the article') article += `<time datetime="${value}"></time>`;
    else if (name === '<time>, by class') outside += `<time class="modified" datetime="${value}"></time>`;
    else head += `<meta name="${name}" content="${value}">`;
  }
  head += `<script type="application/ld+json">${JSON.stringify(objects)}</script>`;
  return `<!doctype html><html${html}><head>${head}</head><body>${outside}<article><h1>A</h1>${article}</article></body></html>`;
}

describe('the order of sources', () => {
  const cases = FIELDS.flatMap((field) => namesOf(field).map((name, at) => [field, name, at] as const));

  it.each(cases)('%s: %s comes before all that stand below it', (field, _, at) => {
    const sources = namesOf(field).map((name, index): [string, string] => [name, valueAt(field, index)]);
    const { page } = handle(pageWith(sources.slice(at)));
    expect(page?.metadata[field]).toBe(valueAt(field, at));
  });

  it('is what the documentation says', () => {
    const text = readFileSync(new URL('../../../docs/collected-data.md', import.meta.url), 'utf8');
    for (const field of FIELDS) {
      const row = new RegExp(`^\\| \`${field}\` +\\|(.*)\\|$`, 'm').exec(text)?.[1] ?? '';
      expect([field, ...[...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name)]).toEqual([field, ...namesOf(field)]);
    }
  });
});
