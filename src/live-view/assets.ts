import { createHash } from 'node:crypto';
import { favicon } from './assets/favicon.js';
import { script } from './assets/script.js';
import { style } from './assets/style.js';

export interface Asset {
  type: string;
  body: string;
}

export type AssetName =
  'app.css' | 'app.js' | 'favicon-working.svg' | 'favicon-attention.svg' | 'favicon-done.svg' | 'favicon-problem.svg';

const SVG = 'image/svg+xml; charset=utf-8';

/** Every file that the pages need; nothing comes from another host. */
const ASSETS: Record<AssetName, Asset> = {
  'app.css': { type: 'text/css; charset=utf-8', body: style },
  'app.js': { type: 'text/javascript; charset=utf-8', body: script },
  'favicon-working.svg': { type: SVG, body: favicon('working') },
  'favicon-attention.svg': { type: SVG, body: favicon('attention') },
  'favicon-done.svg': { type: SVG, body: favicon('done') },
  'favicon-problem.svg': { type: SVG, body: favicon('problem') },
};

const VERSION = createHash('sha256').update(JSON.stringify(ASSETS)).digest('hex').slice(0, 12);

/** The path of an asset; it changes with the content of any of them, so browsers may keep what they have. */
export function assetUrl(name: AssetName): string {
  return `/assets/${VERSION}/${name}`;
}

/** All assets by path. */
export function assetsByPath(): Map<string, Asset> {
  return new Map((Object.keys(ASSETS) as AssetName[]).map((name) => [assetUrl(name), ASSETS[name]]));
}
