import { SILENT } from '../src/log.js';
import type { Item } from '../src/collect/item.js';
import { parseInput } from '../src/input.js';
import { createNotionSink } from '../src/sinks/notion/sink.js';
import type { ItemSource, Sink } from '../src/sinks/sink.js';
import type { Store } from '../src/store.js';

/** A page as documentation sites have them, about 2 KB. */
export function benchItem(index: number, version = 1): Item {
  const url = `https://docs.example.com/guide/page-${index}`;
  const paragraph = `Page ${index} tells how the part is set up, which options there are and what they do. `.repeat(4);
  const markdown = [
    `# Page ${index}`,
    paragraph,
    '## Options',
    '- `one`: the first\n- `two`: the **second**\n- `three`: see [the guide](https://docs.example.com/guide)',
    '```js\nstart({ part: 1 });\n```',
    '## Further words',
    `${paragraph} Version ${version}.`,
  ].join('\n\n');
  return {
    url,
    key: url,
    crawl: {
      loadedUrl: url,
      loadedTime: '2026-11-22T10:00:00.000Z',
      referrerUrl: null,
      depth: 1,
      httpStatusCode: 200,
      renderedWith: 'http',
    },
    contentHash: '',
    metadata: {
      canonicalUrl: url,
      title: `Page ${index}`,
      description: `About part ${index}`,
      author: null,
      publishedTime: null,
      modifiedTime: null,
      languageCode: 'en',
      siteName: 'Docs',
      image: null,
    },
    text: '',
    markdown,
  };
}

/** Items made when they are read, so that the source itself holds none. */
export function benchItems(count: number, version: (index: number) => number = () => 1): ItemSource {
  return {
    count,
    async *entries() {
      for (let index = 0; index < count; index++) yield { index, item: benchItem(index, version(index)) };
    },
  };
}

export function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    get: async (key) => (values.has(key) ? (JSON.parse(values.get(key) ?? '') as unknown) : null),
    set: async (key, value) => void (value === null ? values.delete(key) : values.set(key, JSON.stringify(value))),
  };
}

/** The sink as a run makes it, with its default waits, but for the floor of a pause: windows are scaled down here. */
export function benchSink(of: { apiUrl: string; token: string; memory: Store }): Sink {
  const { input } = parseInput({ startUrls: [{ url: 'https://docs.example.com/guide' }] });
  const { token } = of;
  return createNotionSink(
    {
      input,
      userId: 'bench',
      tokens: { get: async () => token, renew: async () => null },
      memory: of.memory,
      checkpoint: { get: async () => null, set: async () => undefined },
      crawl: () => null,
      record: async () => undefined,
      onCounts: () => undefined,
      onPause: () => undefined,
      signal: new AbortController().signal,
      log: SILENT,
    },
    { apiUrl: of.apiUrl, timeoutMs: 60_000, waits: { minPauseMs: 0 } },
  );
}
