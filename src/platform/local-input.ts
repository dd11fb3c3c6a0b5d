import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidInputError } from '../errors.js';

/**
 * Local storage treats an input file that cannot be parsed as no input, and what follows from that misleads.
 * @param env where `CRAWLEE_STORAGE_DIR` and `ACTOR_INPUT_KEY` are looked up, as Crawlee does
 * @throws InvalidInputError when there is an input file and it is not JSON
 */
export function refuseBrokenInputFile(env: Record<string, string | undefined>): void {
  const folder = path.join(env.CRAWLEE_STORAGE_DIR ?? 'storage', 'key_value_stores', 'default');
  const file = path.join(folder, `${env.ACTOR_INPUT_KEY ?? 'INPUT'}.json`);
  if (!existsSync(file)) return;
  try {
    JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(
      'input',
      `The input file ${file} is not valid JSON: ${reason}. Mend it and start again.`,
    );
  }
}
