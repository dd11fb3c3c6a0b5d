import type { Sink } from './sink.js';

/** A sink that is loaded when it is first asked something: its code would hold up the first request of the crawl. */
export function sinkWhenNeeded(load: () => Promise<Sink>): Sink {
  let loading: Promise<Sink> | null = null;
  let loaded: Sink | null = null;
  const sink = async (): Promise<Sink> => {
    loaded = await (loading ??= load());
    return loaded;
  };
  return {
    check: async () => (await sink()).check(),
    sync: async (items) => (await sink()).sync(items),
    partialReport: () => loaded?.partialReport() ?? null,
  };
}
