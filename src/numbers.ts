/** Numbers as a person reads them. */

/** 252 → `4:12`; never negative. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** 1200 → `1,200`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `plural(1, 'page')` → `1 page`; `plural(1200, 'page')` → `1,200 pages`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${n === 1 ? noun : `${noun}s`}`;
}
