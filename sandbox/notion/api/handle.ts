import { invalid, NotionError, restricted } from '../errors.js';
import { checkLimits, LIMITS } from '../limits.js';
import type { Bot } from '../records.js';
import type { NotionWorld } from '../world.js';
import { blockRoutes } from './blocks.js';
import { dataSourceRoutes } from './data-sources.js';
import { databaseRoutes } from './databases.js';
import { pageMarkdownRoutes } from './page-markdown.js';
import { pageRoutes } from './pages.js';
import { CURRENT_VERSION } from './request.js';
import type { RequestSchemas } from './request-schemas.js';
import { searchRoutes } from './search.js';
import { userRoutes } from './users.js';
import { viewRoutes } from './views.js';

const ROUTES = [
  ...userRoutes,
  ...searchRoutes,
  ...databaseRoutes,
  ...dataSourceRoutes,
  ...pageMarkdownRoutes,
  ...pageRoutes,
  ...blockRoutes,
  ...viewRoutes,
];

/** Taken for everything but markdown, which needs the current one. */
const OLDER_VERSION = '2025-09-03';

/** A request as it came in. */
export interface RawRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  version: string | undefined;
  /** The parsed body; `undefined` without one. */
  json: unknown;
}

/**
 * The connection that a request comes from.
 * @throws NotionError 401
 */
export function authenticate(world: NotionWorld, authorization: string | undefined): Bot {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  const bot = world.bots.get(world.tokens.get(token) ?? '');
  if (bot === undefined) throw new NotionError(401, 'unauthorized', 'API token is invalid.');
  return bot;
}

/** @throws NotionError 400 or 413; `undefined` for a request without a body */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (body.length > LIMITS.gatewayBytes) throw new NotionError(413, 'validation_error', 'Request body too large.');
  if (body.length > LIMITS.bodyBytes) {
    throw invalid(
      `body failed validation: body should be ≤ \`${LIMITS.bodyBytes}\` bytes, instead was \`${body.length}\`.`,
    );
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new NotionError(400, 'invalid_json', 'Error parsing JSON body.');
  }
}

/**
 * Carries out one request of `bot` and returns the reply's body.
 * @throws NotionError for everything but a 200
 */
export function handle(world: NotionWorld, schemas: RequestSchemas, bot: Bot, raw: RawRequest): object {
  const path = raw.path.replace(/^\/v1\//, '');
  const route = ROUTES.find((one) => one.method === raw.method && one.pattern.test(path));
  if (route === undefined || !raw.path.startsWith('/v1/')) {
    throw new NotionError(400, 'invalid_request_url', 'Invalid request URL.');
  }
  const body = raw.json ?? {};
  const usesMarkdown = path.endsWith('/markdown') || (typeof body === 'object' && 'markdown' in body);
  const version = checkVersion(raw.version, usesMarkdown);
  if (route.capability !== null && !bot.capabilities.has(route.capability)) throw restricted();
  if (route.body !== undefined) {
    schemas.check(route.body, body);
    checkLimits(body);
  }
  const id = decodeURIComponent(route.pattern.exec(path)?.[1] ?? '');
  return route.handle({ world, bot, version, id, query: raw.query, body });
}

function checkVersion(version: string | undefined, usesMarkdown: boolean): string {
  if (version === undefined || version === '') {
    throw new NotionError(400, 'missing_version', 'Notion-Version header should be defined.');
  }
  if (version !== CURRENT_VERSION && (version !== OLDER_VERSION || usesMarkdown)) {
    throw invalid(`Notion-Version header failed validation: use "${CURRENT_VERSION}", instead was \`"${version}"\`.`);
  }
  return version;
}
