import { join } from 'node:path';
import { FileStore } from './file-store.js';
import { killPages, sync } from './harness.js';

// One sync as a process of its own, so that it can be killed: sync-child.ts <url> <token> <folder> <round>
const [url = '', token = '', folder = '', round = ''] = process.argv.slice(2);
await sync(
  {
    notion: { url },
    token,
    memory: new FileStore(join(folder, 'memory')),
    checkpoint: new FileStore(join(folder, 'checkpoint')),
    input: { onRemoved: 'trash' },
  },
  killPages(Number(round)),
);
