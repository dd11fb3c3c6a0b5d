import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: IForbiddenRuleType[];
  options: Record<string, unknown>;
};

/** A small house: file → [content, the rules that it breaks]. */
const HOUSE: Record<string, [string, string[]]> = {
  'src/main.ts': ["import './run.js';", []],
  'src/run.ts': ["import './collect/crawler.js'; import './sinks/notion/client.js'; export const run = 1;", []],
  'src/errors.ts': ['export const errors = 1; export type E = string;', []],
  'src/platform.ts': [
    "import { Actor } from 'apify'; import { errors } from './errors.js'; export const p = [Actor, errors];",
    [],
  ],
  'src/collect/item.ts': ['export const item = 1; export type Item = string;', []],
  'src/collect/crawler.ts': [
    "import { CheerioCrawler } from 'crawlee'; import './item.js'; export const c = CheerioCrawler;",
    [],
  ],
  'src/connect/scalekit.ts': [
    "import { ScalekitClient } from '@scalekit-sdk/node'; export const s = ScalekitClient; export type S = 1;",
    [],
  ],
  'src/sinks/notion/client.ts': [
    "import { Client } from '@notionhq/client'; import '../../collect/item.js'; export const n = Client;",
    [],
  ],
  'src/travelling-types.ts': [
    "import type { Actor } from 'apify'; import type { Sink } from './sinks/sink.js'; export type T = [Actor, Sink];",
    [],
  ],
  'src/sinks/sink.ts': ["import type { Item } from '../collect/item.js'; export type Sink = Item;", []],
  'cli/tool.ts': ["import '../src/collect/item.js'; export const tool = 1;", []],

  'src/circle-a.ts': ["import './circle-b.js'; export const a = 1;", ['no-circles']],
  // A circle is reported once, at its first file.
  'src/circle-b.ts': ["import './circle-a.js'; export const b = 1;", []],
  'src/knows-a-stage.ts': ["import './collect/crawler.js';", ['shared-code-imports-no-stage']],
  'src/knows-run.ts': ["import './run.js';", ['nobody-imports-run']],
  'cli/knows-run.ts': ["import '../src/run.js';", ['nobody-imports-run']],
  'src/collect/knows-connect.ts': ["import '../connect/scalekit.js';", ['stage-collect-stands-alone']],
  'src/connect/knows-live-view.ts': ["import '../live-view/page.js';", ['stage-connect-stands-alone']],
  'src/live-view/page.ts': ['export const page = 1;', []],
  'src/live-view/knows-sinks.ts': ["import '../sinks/notion/client.js';", ['stage-live-view-stands-alone']],
  'src/sinks/knows-collect.ts': ["import '../collect/crawler.js';", ['stage-sinks-stands-alone']],
  'src/sinks/knows-types-of-connect.ts': [
    "import type { S } from '../connect/scalekit.js'; export type T = S;",
    ['stage-sinks-stands-alone'],
  ],
  'src/knows-tools.ts': ["import '../cli/tool.js';", ['src-stands-alone']],
  'src/knows-nothing.ts': ["import './missing.js';", ['no-unresolvable']],
  'src/knows-dev.ts': ["import { describe } from 'vitest'; export const d = describe;", ['no-dev-dependencies-in-src']],
  'src/connect/knows-apify.ts': ["import { Actor } from 'apify'; export const a = Actor;", ['vendor-apify']],
  'src/platform-two.ts': ["import { Dataset } from 'crawlee'; export const d = Dataset;", ['vendor-crawlee']],
  'src/sinks/knows-notion.ts': [
    "import { Client } from '@notionhq/client'; export const c = Client;",
    ['vendor--notionhq-client'],
  ],
  'src/connect/knows-scalekit.ts': [
    "import { ScalekitClient } from '@scalekit-sdk/node'; export const s = ScalekitClient;",
    ['vendor--scalekit-sdk-node'],
  ],
  'src/knows-apify-lazily.ts': ["export const load = () => import('apify');", ['vendor-apify']],
  'src/hides-behind-a-type.ts': [
    "import type { Configuration } from 'apify'; import { Actor } from 'apify'; export const a = Actor; export type C = Configuration;",
    ['vendor-apify'],
  ],
  'src/mixes-in-a-type.ts': [
    "import { Actor, type Configuration } from 'apify'; export const a = Actor; export type C = Configuration;",
    ['vendor-apify'],
  ],
};

let house: string;
const broken = new Map<string, string[]>();

beforeAll(async () => {
  house = await mkdtemp(path.join(tmpdir(), 'house-'));
  for (const name of ['node_modules', 'package.json', 'tsconfig.json']) {
    await symlink(path.join(ROOT, name), path.join(house, name));
  }
  for (const [file, [content]] of Object.entries(HOUSE)) {
    await mkdir(path.dirname(path.join(house, file)), { recursive: true });
    await writeFile(path.join(house, file), content);
  }
  const result = await cruise(
    ['src', 'cli'],
    { ...config.options, baseDir: house, validate: true, ruleSet: { forbidden: config.forbidden } },
    undefined,
  );
  for (const { from, rule } of (result.output as ICruiseResult).summary.violations) {
    broken.set(from, [...new Set([...(broken.get(from) ?? []), rule.name])]);
  }
});

afterAll(() => rm(house, { recursive: true }));

describe('the import rules', () => {
  it.each(Object.entries(HOUSE).map(([file, [, rules]]) => [file, rules] as const))('judge %s: %j', (file, rules) => {
    expect(broken.get(file) ?? []).toEqual(rules);
  });

  it('are all broken by somebody here', () => {
    const shown = new Set(Object.values(HOUSE).flatMap(([, rules]) => rules));
    expect(config.forbidden.map((rule) => rule.name).filter((name) => !shown.has(name ?? ''))).toEqual([]);
  });
});
