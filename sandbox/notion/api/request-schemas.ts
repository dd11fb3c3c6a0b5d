import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { invalid } from '../errors.js';

/** Types in the official client that describe what a request's body may hold. */
export const BODY_TYPES = [
  'CreatePageBodyParameters',
  'UpdatePageBodyParameters',
  'UpdatePageMarkdownBodyParameters',
  'CreateDatabaseBodyParameters',
  'UpdateDatabaseBodyParameters',
  'UpdateDataSourceBodyParameters',
  'QueryDataSourceBodyParameters',
  'AppendBlockChildrenBodyParameters',
  'SearchBodyParameters',
] as const;
export type BodyType = (typeof BODY_TYPES)[number];

type Schemas = Record<string, object>;

/**
 * JSON schemas made from the types of the installed `@notionhq/client`, so that what the stand-in accepts is what the
 * vendor's own client may send. Making them takes two seconds; they are kept under `node_modules/.cache`.
 */
export class RequestSchemas {
  /** Set for a quick start: with Ajv's defaults, compiling these unions takes ten times as long. */
  readonly #ajv = new Ajv({
    strict: false,
    verbose: true,
    validateFormats: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  readonly #compiled = new Map<BodyType, ValidateFunction>();

  constructor(private readonly schemas: Schemas) {}

  static #shared: Promise<RequestSchemas> | undefined;

  /** The schemas of the installed client; made and compiled once per process. */
  static load(): Promise<RequestSchemas> {
    this.#shared ??= this.#load();
    return this.#shared;
  }

  static async #load(): Promise<RequestSchemas> {
    const require = createRequire(import.meta.url);
    const manifest = require.resolve('@notionhq/client/package.json');
    const { version } = require(manifest) as { version: string };
    const folder = join(dirname(manifest), '..', '..', '.cache', 'website-to-notion');
    const file = join(folder, `notion-requests-${version}.json`);
    const kept = await readCache(file);
    if (kept !== null) return new RequestSchemas(kept);
    const made = await generate(dirname(manifest));
    await mkdir(folder, { recursive: true });
    // Test files run side by side: none may read a half-written file.
    await writeFile(`${file}.${process.pid}`, JSON.stringify(made));
    await rename(`${file}.${process.pid}`, file);
    return new RequestSchemas(made);
  }

  /** @throws NotionError 400 that names what is wrong with `body` */
  check(type: BodyType, body: unknown): void {
    const validate = this.#compiled.get(type) ?? this.#ajv.compile(this.schemas[type] ?? false);
    this.#compiled.set(type, validate);
    if (!validate(body)) throw invalid(describe(validate.errors ?? []));
  }
}

async function readCache(file: string): Promise<Schemas | null> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Schemas;
    return BODY_TYPES.every((type) => type in kept) ? kept : null;
  } catch {
    return null;
  }
}

async function generate(clientFolder: string): Promise<Schemas> {
  const { createGenerator } = await import('ts-json-schema-generator');
  const generator = createGenerator({
    path: join(clientFolder, 'build/src/api-endpoints/{pages,databases,data-sources,blocks,search}.d.ts'),
    expose: 'all',
    topRef: false,
    jsDoc: 'none',
    skipTypeCheck: true,
    additionalProperties: false,
  });
  return Object.fromEntries(BODY_TYPES.map((type) => [type, generator.createSchema(type)]));
}

/** A union reports the complaints of all its members: those from deepest inside are about what was meant. */
function describe(errors: ErrorObject[]): string {
  const leaves = errors.filter((error) => error.keyword !== 'anyOf');
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const deepest = Math.max(...leaves.map(depth));
  const lines = leaves.filter((error) => depth(error) === deepest).map(complaint);
  const unique = [...new Set(lines)].slice(0, 5);
  return unique.length === 1
    ? `body failed validation: ${unique[0]}`
    : `body failed validation. Fix one:\n${unique.join('\n')}`;
}

function complaint({ instancePath, keyword, params, data }: ErrorObject): string {
  const path = `body${instancePath.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')}`;
  const found = JSON.stringify(data)?.slice(0, 80) ?? 'undefined';
  const { missingProperty, additionalProperty, type, allowedValue, allowedValues } = params as Record<string, unknown>;
  switch (keyword) {
    case 'required':
      return `${path}.${String(missingProperty)} should be defined, instead was \`undefined\`.`;
    case 'additionalProperties':
      return `${path}.${String(additionalProperty)} should be not present.`;
    case 'type':
      return `${path} should be ${String(type)}, instead was \`${found}\`.`;
    default:
      return `${path} should be ${JSON.stringify(allowedValue ?? allowedValues)}, instead was \`${found}\`.`;
  }
}
