/** Key of the record in a run's default key-value store that says that it has started. */
export const RUN_STARTED = 'RUN_STARTED';

/** Says that a container of this run has worked before, and where private results lie. Holds no content. */
export interface RunStarted {
  version: 1;
  at: string;
  /** `from`: items of earlier runs in the same dataset. `id`: part of the names of this run's own storages. */
  private: { datasetName: string; from: number; id: string } | null;
}

/** The record as it was written; `null` when `value` is none. Pure. */
export function readStarted(value: unknown): RunStarted | null {
  if (typeof value !== 'object' || value === null) return null;
  const { at, private: place } = value as {
    at?: unknown;
    private?: Partial<NonNullable<RunStarted['private']>> | null;
  };
  const { datasetName, from, id } = place ?? {};
  const isPlace = typeof datasetName === 'string' && typeof from === 'number' && typeof id === 'string';
  return {
    version: 1,
    at: typeof at === 'string' ? at : new Date().toISOString(),
    private: isPlace ? { datasetName, from, id } : null,
  };
}
