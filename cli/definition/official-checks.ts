import { validateInputSchema } from '@apify/input_schema';
import {
  getActorSchemaValidator,
  getDatasetSchemaValidator,
  getKeyValueStoreSchemaValidator,
  getOutputSchemaValidator,
} from '@apify/json_schemas';
import type { ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import type { Definition } from './read.js';

/** Compiling them takes a second. */
const validators = {
  actor: getActorSchemaValidator() as ValidateFunction,
  output: getOutputSchemaValidator() as ValidateFunction,
  dataset: getDatasetSchemaValidator() as ValidateFunction,
  keyValueStore: getKeyValueStoreSchemaValidator() as ValidateFunction,
};
const inputAjv = new Ajv2019({ strict: false, unicodeRegExp: false });

/** What Apify's own validators say, one sentence per fault; empty when all is well. */
export function officialProblems(definition: Definition): string[] {
  return [...inputProblems(definition.input), ...structureProblems(definition)];
}

/** actor.json and the schemas of what a run leaves behind. */
export function structureProblems(definition: Definition): string[] {
  return [
    ...problems('actor.json', validators.actor, definition.actor),
    ...problems('output schema', validators.output, definition.output),
    ...Object.entries(definition.datasets).flatMap(([alias, schema]) =>
      problems(`dataset schema "${alias}"`, validators.dataset, schema),
    ),
    ...problems('key-value store schema', validators.keyValueStore, definition.keyValueStore),
  ];
}

function problems(name: string, validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${name}: ${error.instancePath || '/'} ${error.message ?? ''}`);
}

/** The input schema's validator wants draft 2019 and no `$schema` key, and stops at the first fault. */
export function inputProblems(input: Definition['input']): string[] {
  const schema = Object.fromEntries(Object.entries(input).filter(([key]) => key !== '$schema'));
  try {
    validateInputSchema(inputAjv, schema);
    return [];
  } catch (error) {
    return [`input schema: ${(error as Error).message}`];
  }
}
