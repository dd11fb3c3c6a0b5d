import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** One way to get a browser onto this computer. */
export interface InstallStep {
  /** For the line that says what is being done. */
  name: string;
  /** False where this step cannot work, for example without `apt-get`. */
  possible(): Promise<boolean>;
  /** Resolves when it is done, also when it failed: whoever called looks for a browser again. */
  run(): Promise<void>;
}

const PLAYWRIGHT_TIMEOUT_MS = 300_000;
const APT_TIMEOUT_MS = 600_000;
const PROBE_TIMEOUT_MS = 15_000;

/** The steps in the order in which they are tried: nobody's rights are needed for the first. */
export function installSteps(): InstallStep[] {
  return [playwrightStep, aptStep];
}

/** True when `command` ends with exit code 0 within `timeoutMs`; its output is dropped. */
export function succeeds(command: string, args: string[], timeoutMs: number, env = process.env): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', env, timeout: timeoutMs, killSignal: 'SIGKILL' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

/** True when the browser at `executablePath` gets as far as telling its version: its shared libraries are there. */
export function browserStarts(executablePath: string): Promise<boolean> {
  return succeeds(executablePath, ['--version'], PROBE_TIMEOUT_MS);
}

const playwrightStep: InstallStep = {
  name: "Playwright's Chromium",
  possible: async () => true,
  run: async () => {
    const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js');
    await succeeds(process.execPath, [cli, 'install', 'chromium'], PLAYWRIGHT_TIMEOUT_MS);
  },
};

const aptStep: InstallStep = {
  name: 'the chromium package with apt-get',
  possible: async () => existsSync('/usr/bin/apt-get') && (isRoot() || (await succeeds('sudo', ['-n', 'true'], 5_000))),
  run: async () => {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', 'chromium', 'chromium-sandbox');
  },
};

function apt(...args: string[]): Promise<boolean> {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
  const [program = '', ...rest] = isRoot() ? command : ['sudo', '-n', ...command];
  return succeeds(program, rest, APT_TIMEOUT_MS);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
