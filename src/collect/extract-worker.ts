import { parentPort, workerData } from 'node:worker_threads';
import { handlePage, type LoadedPage, type PageOptions } from './handle-page.js';
import type { WorkerAnswer } from './extract-pool.js';

/** The worker of `extract-pool.ts`: takes one page after the other and sends back what was in it. */
const options = workerData as PageOptions;

parentPort?.on('message', (page: LoadedPage) => {
  void answer(page).then((message) => parentPort?.postMessage(message));
});

async function answer(page: LoadedPage): Promise<WorkerAnswer> {
  try {
    return { result: await handlePage(page, options) };
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error) };
  }
}
