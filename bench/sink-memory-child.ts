import { benchItems, benchSink } from './sink-context.js';

// One sync whose memory is measured: sink-memory-child.ts <url> <items>
const [url = '', count = ''] = process.argv.slice(2);
const items = benchItems(Number(count));
/** The platform keeps what is stored outside of the process. */
const memory = { get: async () => null, set: async () => undefined };
let most = 0;
const collect = globalThis.gc;
const look = (): void => {
  collect?.();
  const { heapUsed, external } = process.memoryUsage();
  most = Math.max(most, heapUsed + external);
};
const watched = {
  ...items,
  async *entries() {
    for await (const entry of items.entries()) {
      if (entry.index % Math.ceil(items.count / 20) === 0) look();
      yield entry;
    }
  },
};
const started = performance.now();
const report = await benchSink({ apiUrl: url, token: 'token', memory }).sync(watched);
look();
if (report.created + report.unchanged !== items.count) throw new Error('the sync did not do what is measured');
const residentMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ heapMb: most / 2 ** 20, residentMb, seconds: (performance.now() - started) / 1000 }));
