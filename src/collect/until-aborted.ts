/**
 * What `work` brings, or `null` as soon as the signal is aborted; what comes later, also a failure, is nobody's then.
 * @param late is given what comes later, to close it
 * @throws what `work` throws before that
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  late: (value: T) => void = () => undefined,
): Promise<T | null> {
  let stop = (): void => undefined;
  const aborted = new Promise<null>((resolve) => (stop = () => resolve(null)));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const value = await Promise.race([aborted, work]);
    if (value === null) work.then(late, () => undefined);
    return value;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
