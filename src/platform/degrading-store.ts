import { isRefused } from './permissions.js';
import type { Store } from '../store.js';

/**
 * A store that goes on in memory where the platform refuses it: the run then only lacks what the store would have
 * carried over to a later one.
 * @param onRefused told of the first refusal
 */
export function degradeWhenRefused(store: Store, onRefused: (error: unknown) => void): Store {
  const instead = new Map<string, unknown>();
  let told = false;
  const attempt = async <T>(work: () => Promise<T>, fallback: () => T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!told) onRefused(error);
      told = true;
      return fallback();
    }
  };
  return {
    get: async (key) => {
      if (instead.has(key)) return instead.get(key);
      return attempt(
        () => store.get(key),
        () => null,
      );
    },
    set: (key, value) =>
      attempt(
        () => store.set(key, value),
        () => void instead.set(key, value),
      ),
  };
}
