import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import type { BrowserType } from 'playwright';
import { RunError } from '../errors.js';

type Environment = Record<string, string | undefined>;

/** Where Chrome and Chromium live when somebody installed them the usual way. */
const USUAL_PATHS: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/lib/chromium/chromium',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
};

/**
 * Finds a Chrome or Chromium: `CRAWLEE_DEFAULT_BROWSER_PATH`, `APIFY_DEFAULT_BROWSER_PATH`, Playwright's own, the
 * system's. A path that leads nowhere or to another kind of browser is passed over.
 */
export function findBrowser(env: Environment = process.env): { executablePath: string } | null {
  const candidates = [
    env['CRAWLEE_DEFAULT_BROWSER_PATH'],
    env['APIFY_DEFAULT_BROWSER_PATH'],
    playwrightChromium(),
    ...(USUAL_PATHS[process.platform] ?? []),
    ...windowsPaths(env),
  ];
  const executablePath = candidates.find((candidate) => candidate && isChromium(candidate) && existsSync(candidate));
  return executablePath ? { executablePath } : null;
}

/**
 * The browser for a crawl that needs one.
 * @throws RunError when there is none
 */
export function requireBrowser(env: Environment = process.env): string {
  const browser = findBrowser(env);
  if (browser !== null) return browser.executablePath;
  throw new RunError(
    'This crawl needs Chrome or Chromium and none was found: run "npx playwright install chromium", set ' +
      'CRAWLEE_DEFAULT_BROWSER_PATH to the path of its executable, or choose the crawler type "cheerio".',
  );
}

export interface BrowserOptions {
  isAtHome: boolean;
  blockMedia: boolean;
}

/** Where nothing answers. */
const NOWHERE = 'http://127.0.0.1:9/';

/**
 * Command line of the browser. It keeps to itself: no background traffic, not even its maker's updates, which would cost
 * the run's proxy; and no sandbox only where none can work.
 */
export function browserArguments(options: BrowserOptions, env: Environment = process.env): string[] {
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // A page's calls go through the guarded proxy like all else, or nowhere.
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    `--component-updater=url-source=${NOWHERE}`,
    `--apps-gallery-update-url=${NOWHERE}`,
    `--gaia-url=${NOWHERE}`,
  ];
  const isRoot = process.getuid?.() === 0;
  const disabled = /^(?:1|true)$/i.test(env['CRAWLEE_DISABLE_BROWSER_SANDBOX'] ?? '');
  if (isRoot || disabled || options.isAtHome) args.push('--no-sandbox');
  if (options.blockMedia) args.push('--blink-settings=imagesEnabled=false');
  return args;
}

const BROWSER_NEEDS =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TMP|TEMP|DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|XDG_\w+|LD_LIBRARY_PATH|FONTCONFIG_\w+|DBUS_SESSION_BUS_ADDRESS|CHROME_DEVEL_SANDBOX|SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|ProgramData|ProgramFiles.*)$/i;

/** What the browser process may see of our environment: what it needs to start, and nothing else (design §3.1). */
export function browserEnvironment(env: Environment = process.env): Record<string, string> {
  const allowed = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && BROWSER_NEEDS.test(entry[0]),
  );
  return Object.fromEntries(allowed);
}

function isChromium(executablePath: string): boolean {
  const name = path.basename(executablePath.replaceAll('\\', '/'));
  return /chrom|edge|headless[-_]shell/i.test(name);
}

/** Loaded only when asked: an HTTP-only run has no use for Playwright. */
function playwrightChromium(): string | undefined {
  try {
    const { chromium } = createRequire(import.meta.url)('playwright') as { chromium: BrowserType };
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function windowsPaths(env: Environment): string[] {
  if (process.platform !== 'win32') return [];
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = env[name];
    if (!folder) return [];
    return ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'].map(
      (file) => `${folder}\\${file}`,
    );
  });
}
