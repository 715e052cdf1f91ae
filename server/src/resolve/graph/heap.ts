/** What a search looks at next: the cheapest first. */

/** A binary heap of keys by cost. */
export interface Heap {
  items: [number, string][];
}

/** Adds a key. */
export function push({ items }: Heap, cost: number, key: string): void {
  let i = items.length;
  items.push([cost, key]);
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (items[up][0] <= items[i][0]) break;
    [items[up], items[i]] = [items[i], items[up]];
    i = up;
  }
}

/** Takes the key of the least cost out; undefined where there is none. */
export function pop({ items }: Heap): [number, string] | undefined {
  const top = items[0];
  const last = items.pop();
  if (last === undefined || items.length === 0) return top;
  items[0] = last;
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    const right = left + 1;
    let least = i;
    if (left < items.length && items[left][0] < items[least][0]) least = left;
    if (right < items.length && items[right][0] < items[least][0]) least = right;
    if (least === i) return top;
    [items[least], items[i]] = [items[i], items[least]];
    i = least;
  }
}
