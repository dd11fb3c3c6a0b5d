import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { browserArguments, browserEnvironment, findBrowser } from '../../src/collect/browser.js';

const folder = mkdtempSync(path.join(tmpdir(), 'browser-'));

afterAll(() => rmSync(folder, { recursive: true }));

function fakeBrowser(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, '');
  chmodSync(file, 0o755);
  return file;
}

describe('findBrowser', () => {
  it('takes the configured one first, Crawlee’s variable before Apify’s', () => {
    const crawlee = fakeBrowser('chromium');
    const apify = fakeBrowser('google-chrome');
    const both = { CRAWLEE_DEFAULT_BROWSER_PATH: crawlee, APIFY_DEFAULT_BROWSER_PATH: apify };
    expect(findBrowser(both)).toEqual({ executablePath: crawlee });
    expect(findBrowser({ APIFY_DEFAULT_BROWSER_PATH: apify })).toEqual({ executablePath: apify });
  });

  it('passes over another kind of browser and a path that leads nowhere', () => {
    const usual = findBrowser({});
    expect(findBrowser({ CRAWLEE_DEFAULT_BROWSER_PATH: fakeBrowser('firefox') })).toEqual(usual);
    expect(findBrowser({ CRAWLEE_DEFAULT_BROWSER_PATH: '/nowhere/chromium' })).toEqual(usual);
  });
});

describe('the browser process', () => {
  it('sees no secret of ours', () => {
    const seen = browserEnvironment({
      PATH: '/usr/bin',
      HOME: '/home/me',
      SCALEKIT_CLIENT_SECRET: 's',
      NOTION_TOKEN: 's',
      APIFY_TOKEN: 's',
      APIFY_PROXY_PASSWORD: 's',
      AWS_SECRET_ACCESS_KEY: 's',
    });
    expect(seen).toEqual({ PATH: '/usr/bin', HOME: '/home/me' });
  });

  it('keeps its sandbox unless it cannot have one', () => {
    const isRoot = process.getuid?.() === 0;
    const options = { isAtHome: false, blockMedia: false };
    expect(browserArguments(options, {}).includes('--no-sandbox')).toBe(isRoot);
    expect(browserArguments(options, { CRAWLEE_DISABLE_BROWSER_SANDBOX: '1' })).toContain('--no-sandbox');
    expect(browserArguments({ ...options, isAtHome: true }, {})).toContain('--no-sandbox');
  });
});
