/** Why the run has to end before its time. */
export type StopReason = 'aborted' | 'migrating';

/** What tells that the run has to end: the SDK's events, and the signals of the process. */
export interface StopSources {
  event(name: 'aborting' | 'migrating', heard: () => void): void;
  signal(name: 'SIGINT' | 'SIGTERM', heard: () => void): void;
}

/**
 * Hears of the end from now on, and tells listeners that come later too: a run can be aborted while it still starts up.
 * @returns registers a listener
 */
export function listenForStop(sources: StopSources): (listener: (reason: StopReason) => void) => void {
  const heard: StopReason[] = [];
  const listeners: ((reason: StopReason) => void)[] = [];
  const hear = (reason: StopReason) => (): void => {
    heard.push(reason);
    for (const listener of listeners) listener(reason);
  };
  sources.event('aborting', hear('aborted'));
  sources.event('migrating', hear('migrating'));
  for (const name of ['SIGINT', 'SIGTERM'] as const) sources.signal(name, hear('aborted'));
  return (listener) => {
    listeners.push(listener);
    for (const reason of heard) listener(reason);
  };
}
