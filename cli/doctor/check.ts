/** One line of the doctor's table. `open`: it cannot be told, or is not needed yet. */
export interface Check {
  name: string;
  mark: 'ok' | 'fix' | 'open';
  /** A sentence; for `fix` with the next step in it. */
  found: string;
}

const SHAPES = { ok: '● ok', fix: '✕ fix', open: '○ open' } as const;
const COLOURS = { ok: 32, fix: 31, open: 33 } as const;

/** A mark as shape and word, in colour where the terminal shows any. */
export function showMark(mark: Check['mark'], coloured: boolean): string {
  const word = SHAPES[mark].padEnd(6);
  return coloured ? `\u001B[${COLOURS[mark]}m${word}\u001B[0m` : word;
}
