import type { BlockDraft, RichText } from './block.js';
import { invalid } from './errors.js';
import { flatten } from './tree.js';

/** https://developers.notion.com/reference/request-limits; the last two lines are reported, not documented. */
export const LIMITS = {
  bodyBytes: 500_000,
  gatewayBytes: 1_000_000,
  blocksPerRequest: 1000,
  arrayItems: 100,
  textChars: 2000,
  urlChars: 2000,
  expressionChars: 1000,
  contactChars: 200,
  optionNameChars: 100,
  fileNameChars: 100,
} as const;

/** C0 controls but tab, line feed and carriage return; and halves of surrogate pairs. */
const UNSTORABLE = /(?![\t\n\r\u007f-\u009f])\p{Cc}|\p{Surrogate}/u;

/**
 * Checks the documented limits of one request in everything that `body` holds.
 * @throws NotionError 400 that names the first place that is over
 */
export function checkLimits(body: unknown): void {
  const blocks = countBlocks(body);
  if (blocks > LIMITS.blocksPerRequest) {
    throw tooLong('body.children', 'length', LIMITS.blocksPerRequest, blocks);
  }
  check('body', '', body);
}

/** An absolute address that Notion takes for a link. */
export function isLink(url: string): boolean {
  return isUrl(url, ['http:', 'https:', 'mailto:', 'tel:']);
}

/** An absolute web address. */
export function isWebUrl(url: string): boolean {
  return isUrl(url, ['http:', 'https:']);
}

/**
 * Checks links and media of content that came as markdown. Texts have no limit there.
 * @throws NotionError 400, for the whole request
 */
export function checkContent(drafts: BlockDraft[]): void {
  const blocks = [...flatten(drafts)];
  // Documented for arrays of blocks only; here it holds for what markdown makes, too.
  if (blocks.length > LIMITS.blocksPerRequest)
    throw tooLong('markdown', 'length', LIMITS.blocksPerRequest, blocks.length);
  for (const draft of blocks) {
    for (const run of runsOf(draft)) if (run.href !== null && run.type === 'text') checkLink(run.href);
    if (draft.type === 'image' && !isWebUrl(draft.value.external.url)) throw invalid('Invalid image url.');
    if ('external' in draft.value && !isWebUrl(draft.value.external.url)) throw invalid('Invalid file url.');
    if (draft.type === 'equation' && draft.value.expression.length > LIMITS.expressionChars) {
      throw tooLong('markdown', 'equation.expression.length', LIMITS.expressionChars, draft.value.expression.length);
    }
  }
}

function check(path: string, key: string, value: unknown): void {
  if (typeof value === 'string') checkString(path, key, value);
  else if (Array.isArray(value)) {
    if (value.length > LIMITS.arrayItems) throw tooLong(path, 'length', LIMITS.arrayItems, value.length);
    value.forEach((item, index) => check(`${path}[${index}]`, key, item));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) check(`${path}.${name}`, name, item);
    if ('text' in value && typeof value.text === 'object') checkText(path, value.text);
  }
}

function checkText(path: string, text: object | null): void {
  if (text === null) return;
  if ('content' in text && typeof text.content === 'string' && text.content.length > LIMITS.textChars) {
    throw tooLong(`${path}.text.content`, 'length', LIMITS.textChars, text.content.length);
  }
  const link = 'link' in text ? text.link : null;
  if (typeof link === 'object' && link !== null && 'url' in link && typeof link.url === 'string') checkLink(link.url);
}

function checkString(path: string, key: string, text: string): void {
  if (UNSTORABLE.test(text)) throw invalid(`body failed validation: ${path} holds characters that cannot be stored.`);
  const limit =
    key === 'url'
      ? LIMITS.urlChars
      : key === 'expression'
        ? LIMITS.expressionChars
        : key === 'email' || key === 'phone_number'
          ? LIMITS.contactChars
          : Infinity;
  if (text.length > limit) throw tooLong(path, 'length', limit, text.length);
}

function checkLink(url: string): void {
  if (!isLink(url)) throw invalid('Invalid URL for link.');
}

function isUrl(url: string, protocols: string[]): boolean {
  // Notion refuses what browsers would repair: spaces, letters outside ASCII, an address without a scheme.
  if (url.length > LIMITS.urlChars || !/^[\x21-\x7e]+$/.test(url) || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  const needsHost = protocol === 'http:' || protocol === 'https:';
  return protocols.includes(protocol) && (!needsHost || !/^\.|\.\./.test(hostname));
}

function runsOf({ value }: BlockDraft): RichText[] {
  return [
    ...('rich_text' in value ? value.rich_text : []),
    ...('caption' in value ? value.caption : []),
    ...('cells' in value ? value.cells.flat() : []),
  ];
}

function countBlocks(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countBlocks(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + countBlocks(item) + (key === 'children' && Array.isArray(item) ? item.length : 0),
    0,
  );
}

function tooLong(path: string, what: string, limit: number, found: number) {
  return invalid(`body failed validation: ${path}.${what} should be ≤ \`${limit}\`, instead was \`${found}\`.`);
}
