import { stripVTControlCharacters } from 'node:util';
import type { WriteStream } from 'node:tty';

/** Tells the demo's story: the run's status in place with a bar on a terminal, as plain lines elsewhere. */
export class Narrator {
  readonly #out: WriteStream;
  readonly #live: boolean;
  readonly #coloured: boolean;
  #unfinishedLine = '';
  #statusShown = false;
  /** Off a terminal a status is held back by one, since the last of them is the outcome. */
  #heldStatus: string | null = null;

  constructor(out: WriteStream) {
    this.#out = out;
    this.#live = out.isTTY === true;
    this.#coloured = this.#live && !process.env.NO_COLOR;
  }

  /** A line that stays. */
  say(line: string): void {
    this.#clearStatus();
    this.#releaseStatus();
    this.#out.write(`${line}\n`);
  }

  /** The last line: the outcome, by word, shape and colour. */
  outcome(exitCode: number, message: string): void {
    const [shape, word, colour] = exitCode === 0 ? ['●', 'Done', 32] : ['✕', 'Failed', 31];
    const label = `${shape} ${word}`;
    this.#heldStatus = null;
    this.say(`${this.#coloured ? `\u001B[${colour}m${label}\u001B[0m` : label}  ${message}`);
  }

  /** Takes the Actor's output: its status replaces the last one, warnings stay, all else is left out. */
  listen = (chunk: string): void => {
    const lines = (this.#unfinishedLine + chunk).split('\n');
    this.#unfinishedLine = lines.pop() ?? '';
    for (const coloured of lines) {
      const line = stripVTControlCharacters(coloured);
      const status = /\[Status message\]: (.*)$/.exec(line)?.[1];
      if (status) this.#status(status);
      else if (/\b(WARN|ERROR)\b/.test(line)) this.say(line.trim());
    }
  };

  #status(message: string): void {
    if (!this.#live) {
      this.#releaseStatus();
      this.#heldStatus = message;
      return;
    }
    this.#clearStatus();
    this.#out.write(`${bar(message)}${message}`.slice(0, this.#out.columns - 1));
    this.#statusShown = true;
  }

  #releaseStatus(): void {
    if (this.#heldStatus !== null) this.#out.write(`  ${this.#heldStatus}\n`);
    this.#heldStatus = null;
  }

  #clearStatus(): void {
    if (!this.#statusShown) return;
    this.#out.write('\r\u001B[2K');
    this.#statusShown = false;
  }
}

/** `▓▓▓░░░` for a message that says "n of m" or "n of about m". */
function bar(message: string): string {
  const found = /([\d,]+) of (?:about )?([\d,]+)/.exec(message);
  if (!found) return '';
  const [done, total] = [found[1], found[2]].map((text) => Number((text ?? '0').replaceAll(',', '')));
  const filled = Math.round((20 * (done ?? 0)) / Math.max(1, total ?? 1));
  return `${'▓'.repeat(Math.min(20, filled)).padEnd(20, '░')}  `;
}
