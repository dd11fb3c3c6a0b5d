import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startPaper } from './paper-notion.js';

const SIZES = [1000, 10_000, 100_000];

/**
 * Memory of the sink by the number of items, each sync in a process of its own: once creating all rows, once finding all
 * of them in the index. The other side is a server that keeps nothing.
 */
export async function run(args: string[]): Promise<void> {
  const child = fileURLToPath(new URL('sink-memory-child.ts', import.meta.url));
  console.log('items     sync       heap after collection, most (MB)   resident, most (MB)   seconds');
  for (const size of args.length === 0 ? SIZES : args.map(Number)) {
    for (const rows of [0, size]) {
      const server = await startPaper(rows);
      const childArgs = ['--expose-gc', '--import', 'tsx', child, server.url, String(size)];
      const started = spawn(process.execPath, childArgs, { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      started.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await once(started, 'close');
      await server.close();
      const { heapMb, residentMb, seconds } = JSON.parse(text) as Record<'heapMb' | 'residentMb' | 'seconds', number>;
      const cells = [String(size).padEnd(9), (rows === 0 ? 'creates' : 'unchanged').padEnd(10)];
      console.log(
        [...cells, heapMb.toFixed(1).padEnd(34), residentMb.toFixed(0).padEnd(21), seconds.toFixed(0)].join(' '),
      );
    }
  }
}
