import type { Redactor } from '../redact.js';

/** Where the SDK's logger writes its finished lines. */
interface LineWriter {
  _outputWithConsole(level: number, line: string): void;
}

/**
 * Takes secrets out of every line that `logger` writes. Crawlee and the SDK log by themselves, and what they say is not
 * ours to choose.
 */
export function cleanEveryLine(logger: LineWriter, redactor: Redactor): void {
  const write = logger._outputWithConsole.bind(logger);
  logger._outputWithConsole = (level, line) => write(level, redactor.text(line));
}
