/** What was worked out, kept while it is asked for, within a bound. */

/** Values by key, made when they are first asked for. */
export interface Cache<K, V> {
  /** the value of a key; `make` is asked where it is not known, or was forgotten */
  get(key: K, make: () => V): V;
  /** the value of a key where it is known */
  peek(key: K): V | undefined;
  forget(key: K): void;
  clear(): void;
}

/**
 * A small cache that forgets the oldest entries, a quarter at a time. `limit` is the number of entries, or the sum of
 * what `weigh` says of them where they differ in size.
 */
export function newCache<K, V>(limit: number, weigh: (value: V) => number = () => 1): Cache<K, V> {
  const map = new Map<K, V>();
  let sum = 0;
  const forget = (key: K): void => {
    const value = map.get(key);
    if (map.delete(key)) sum -= weigh(value as V);
  };
  return {
    forget,
    peek: (key) => map.get(key),
    get(key, make) {
      const known = map.get(key);
      if (known !== undefined || map.has(key)) return known as V;
      const value = make();
      const weight = weigh(value);
      if (sum + weight > limit)
        for (const old of map.keys()) {
          if (sum + weight <= limit * 0.75) break;
          forget(old);
        }
      map.set(key, value);
      sum += weight;
      return value;
    },
    clear() {
      map.clear();
      sum = 0;
    },
  };
}
