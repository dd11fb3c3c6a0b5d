import { runCommand, type Command } from '../../cli/operator/command.js';

export interface Ran {
  exitCode: number;
  /** What was said to the one stream and to the other. */
  out: string;
  err: string;
}

export interface Running {
  /** Everything said so far. */
  out(): string;
  stop(): void;
  ended: Promise<Ran>;
}

/** Starts a command in this process, with `env` as its whole environment. */
export function startCommandHere(
  command: Command,
  args: string[],
  env: Record<string, string>,
  answer: boolean | null = null,
): Running {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const terminal = {
    say: (line: string) => void out.push(line),
    complain: (line: string) => void err.push(line),
    confirm: async (question: string) => {
      out.push(question);
      return answer;
    },
    coloured: false,
  };
  const ended = runCommand(command, args, { ...env }, terminal, stop.signal).then((exitCode) => ({
    exitCode,
    out: out.join('\n'),
    err: err.join('\n'),
  }));
  return { out: () => out.join('\n'), stop: () => stop.abort(), ended };
}

export function runHere(...args: Parameters<typeof startCommandHere>): Promise<Ran> {
  return startCommandHere(...args).ended;
}
