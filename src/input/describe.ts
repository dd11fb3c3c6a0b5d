/** How much of a value is repeated in a message. */
const QUOTED_CHARACTERS = 80;

/** The part of a JSON schema that the sentences about the input are made from. */
export interface ValueSchema {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  editor?: string;
  isSecret?: boolean;
}

/**
 * What was found, for a sentence that goes on after "it is": short strings and numbers are repeated, lists and objects
 * only named, and passwords in addresses blanked. A secret is never repeated: pass `secret`.
 */
export function found(value: unknown, secret = false): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  if (secret) return typeof value === 'string' ? 'text' : `a ${typeof value}`;
  if (typeof value === 'string') return quote(value);
  return JSON.stringify(value);
}

/** `text` in quotes on one line, shortened, with the user name and password of an address blanked. */
export function quote(text: string): string {
  const clean = text.replace(/\/\/[^/\s]*@/g, '//…@');
  const short = clean.length > QUOTED_CHARACTERS ? `${clean.slice(0, QUOTED_CHARACTERS)}…` : clean;
  return JSON.stringify(short);
}

/** What a schema expects, for a sentence that goes on after "must be". */
export function expected(schema: ValueSchema): string {
  if (schema.enum) return oneOf(schema.enum);
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    case 'array':
      return 'a list';
    default:
      return 'an object';
  }
}

function oneOf(values: string[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function range({ minimum, maximum }: ValueSchema): string {
  if (minimum === undefined || maximum === undefined) return '';
  return ` from ${minimum.toLocaleString('en-US')} to ${maximum.toLocaleString('en-US')}`;
}
