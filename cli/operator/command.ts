import { existsSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { takeSettings, type ConnectSettings } from '../../src/connect/settings.js';
import { RunError } from '../../src/errors.js';
import { Redactor } from '../../src/redact.js';
import { environmentSecrets } from '../../src/secrets.js';

/** Where a command speaks; tests put their own in its place. */
export interface Terminal {
  /** A line of the command's result. */
  say(line: string): void;
  /** A line about what went wrong. */
  complain(line: string): void;
  /** Asks a yes-or-no question; `null` where nobody can answer. */
  confirm(question: string): Promise<boolean | null>;
  coloured: boolean;
}

/** What a command works with: the operator's settings as a run would read them. */
export interface CommandContext {
  args: string[];
  settings: ConnectSettings;
  /** The environment without its secrets. */
  env: Readonly<Record<string, string | undefined>>;
  terminal: Terminal;
  /** Aborted when the person presses Ctrl-C. */
  signal: AbortSignal;
  /** Keeps `secret` out of everything that is said from now on. */
  onSecret: (secret: string) => void;
}

/** The command line cannot be understood; `message` is one sentence. */
export class UsageError extends Error {}

/** The person pressed Ctrl-C. */
class StoppedError extends Error {}

/**
 * Waits for `work` until `signal` is aborted; whatever it would still bring is dropped.
 * @throws what ends the command, when the signal comes first
 */
export async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new StoppedError('Stopped.'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export interface Command {
  usage: string;
  /**
   * Waits for nobody once `signal` is aborted: by `orStopped`, or in its own way where there is something to clear away.
   * @returns the exit code: 0 done, 1 failed
   */
  run(context: CommandContext): Promise<number>;
}

/**
 * Runs `command` with the environment's settings.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped
 */
export async function runCommand(
  command: Command,
  args: string[],
  env: Record<string, string | undefined>,
  given: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const redactor = new Redactor(environmentSecrets(env));
  const terminal: Terminal = {
    ...given,
    say: (line) => given.say(redactor.text(line)),
    complain: (line) => given.complain(redactor.text(line)),
  };
  if (args.includes('--help')) {
    terminal.say(command.usage);
    return 0;
  }
  try {
    const settings = takeSettings(env);
    return await command.run({ args, settings, env, terminal, signal, onSecret: (secret) => redactor.add(secret) });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.complain(`${error.message}\n\n${command.usage}`);
      return 2;
    }
    terminal.complain(error instanceof Error ? error.message : String(error));
    if (error instanceof StoppedError) return 130;
    if (error instanceof RunError && error.detail !== null) terminal.complain(`For support: ${error.detail}`);
    return 1;
  }
}

/** Runs `command` as this process: its arguments, its environment with `.env`, its terminal, its exit code. */
export async function startCommand(command: Command): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.exitCode = await runCommand(command, process.argv.slice(2), process.env, ownTerminal(), stop.signal);
  // A request that nobody waits for any more would hold the process until its deadline.
  if (stop.signal.aborted) process.exit();
}

function ownTerminal(): Terminal {
  const isTTY = process.stdin.isTTY && process.stdout.isTTY;
  return {
    say: (line) => console.log(line),
    complain: (line) => console.error(line),
    confirm: async (question) => {
      if (!isTTY) return null;
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      const answer = await lines.question(`${question} [y/N] `).finally(() => lines.close());
      return /^y(es)?$/i.test(answer.trim());
    },
    coloured: process.stdout.isTTY && !process.env.NO_COLOR,
  };
}
