import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The parts of a dataset schema that the checks read. */
export interface DatasetSchema {
  fields?: FieldNode;
  views?: Record<
    string,
    {
      transformation?: { fields?: string[]; flatten?: string[] };
      display?: { properties?: Record<string, unknown> };
    }
  >;
}

/** A JSON schema of one item or one of its values. */
export interface FieldNode {
  properties?: Record<string, FieldNode>;
}

export interface InputSchema {
  properties: Record<string, Record<string, unknown>>;
}

export interface OutputSchema {
  properties: Record<string, { template: string }>;
}

export interface KeyValueStoreSchema {
  collections: Record<string, { key?: string; keyPrefix?: string }>;
}

/** Everything that `.actor/actor.json` refers to, read and parsed, and what it has to agree with. */
export interface Definition {
  actor: Record<string, unknown> & { version: string; defaultMemoryMbytes?: number | string };
  input: InputSchema;
  output: OutputSchema;
  /** By alias. */
  datasets: Record<string, DatasetSchema>;
  keyValueStore: KeyValueStoreSchema;
  webServer: Record<string, unknown>;
  readme: string;
  changelog: string;
  dockerfile: string;
  packageJson: { version: string; dependencies: Record<string, string> };
  /** Names of the files in `.actor/` that nothing above was read from. */
  uncovered: string[];
}

/**
 * Reads the Actor's definition under `root`, the folder that holds `.actor/`.
 * Throws when a file is missing or is no JSON; the message names it.
 */
export function readDefinition(root: string): Definition {
  const folder = path.join(root, '.actor');
  const seen = new Set<string>();
  const text = (reference: unknown): string => {
    if (typeof reference !== 'string')
      throw new Error(`.actor/actor.json lacks the path of a file: ${String(reference)}`);
    const file = path.resolve(folder, reference);
    seen.add(file);
    try {
      return readFileSync(file, 'utf8');
    } catch {
      throw new Error(`${path.relative(root, file)}, which .actor/actor.json names, cannot be read.`);
    }
  };
  const json = <T>(reference: unknown): T => {
    const content = text(reference);
    try {
      return JSON.parse(content) as T;
    } catch (error) {
      throw new Error(`${String(reference)} is not JSON: ${(error as Error).message}`, { cause: error });
    }
  };

  const actor = json<Definition['actor']>('actor.json');
  const storages = actor.storages as { datasets: Record<string, string>; keyValueStore: string };
  const definition = {
    actor,
    input: json<InputSchema>(actor.input),
    output: json<OutputSchema>(actor.output),
    datasets: Object.fromEntries(
      Object.entries(storages.datasets).map(([alias, file]) => [alias, json<DatasetSchema>(file)]),
    ),
    keyValueStore: json<KeyValueStoreSchema>(storages.keyValueStore),
    webServer: json<Record<string, unknown>>(actor.webServerSchema),
    readme: text(actor.readme),
    changelog: text(actor.changelog),
    dockerfile: text(actor.dockerfile),
    packageJson: json<Definition['packageJson']>('../package.json'),
  };
  const uncovered = readdirSync(folder).filter((name) => !seen.has(path.join(folder, name)));
  return { ...definition, uncovered };
}
