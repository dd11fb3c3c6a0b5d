import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import type { Definition } from './read.js';

/** Where the generated types are kept, below the project's folder. */
export const INPUT_TYPES_FILE = 'src/input/actor-input.ts';

interface Field {
  type?: string;
  description?: string;
  enum?: string[];
  editor?: string;
  nullable?: boolean;
  items?: Field;
  properties?: Record<string, Field>;
  required?: string[];
}

/** The input as a caller writes it, as a TypeScript interface in the house's style. */
export async function inputTypes(input: Definition['input']): Promise<string> {
  const fields = Object.entries(input.properties as Record<string, Field>).map(
    ([name, field]) =>
      `/** ${plain(field.description ?? '')} */\n${name}?: ${typeOf(field)}${field.nullable ? ' | null' : ''};`,
  );
  const text = `/** The Actor's input as its caller writes it. Made from .actor/input_schema.json by \`npm run generate\`; do not edit. */
    export interface ActorInput {\n${fields.join('\n')}\n}\n`;
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 120 });
}

/** Says so when the generated file is not what the schema makes. */
export async function inputTypesProblems(root: string, input: Definition['input']): Promise<string[]> {
  const kept = readFileSync(path.join(root, INPUT_TYPES_FILE), 'utf8');
  return kept === (await inputTypes(input))
    ? []
    : [`${INPUT_TYPES_FILE} is not what the input schema says: npm run generate`];
}

function typeOf(field: Field): string {
  if (field.enum) return field.enum.map((value) => `'${value}'`).join(' | ');
  switch (field.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'string':
      return field.type;
    case 'array':
      return `${elementOf(field)}[]`;
    default:
      return field.properties ? objectOf(field) : 'Record<string, unknown>';
  }
}

/** Lists of addresses and patterns take plain strings as well as the form's own rows. */
function elementOf({ editor, items }: Field): string {
  if (editor === 'requestListSources') return '(string | { url: string })';
  if (editor === 'globs') return '(string | { glob: string })';
  return items ? `(${typeOf(items)})` : 'Record<string, unknown>';
}

function objectOf({ properties = {}, required = [] }: Field): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const optional = required.includes(name) ? '' : '?';
    return `${name}${optional}: ${typeOf(field)}${field.nullable ? ' | null' : ''}`;
  });
  return `{ ${fields.join('; ')} }`;
}

/** The form's descriptions hold a little markup. */
function plain(text: string): string {
  return text
    .replace(/<[^>]+>/g, '')
    .replaceAll('*/', '* /')
    .replaceAll('&lt;', '<');
}
