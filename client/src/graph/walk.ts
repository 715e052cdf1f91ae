/** Walking a picture by keys: along its lines, and from box to box. */
import type { Placed } from './place.ts';

/** Where an arrow key points to. */
export type Direction = 'up' | 'down' | 'left' | 'right';

const middle = (box: Placed): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/**
 * The box that an arrow key leads to: up to what gets to a box and down to what it gets to, along their lines; left and
 * right to the nearest box that stands beside it. Null where there is none.
 */
export function step(
  boxes: readonly Placed[],
  lines: readonly { from: string; to: string }[],
  id: string,
  direction: Direction,
): string | null {
  const here = boxes.find((box) => box.id === id);
  if (!here) return null;
  const from = middle(here);
  if (direction === 'up' || direction === 'down') {
    const down = direction === 'down';
    const ends = new Set(
      lines.flatMap((line) => ((down ? line.from : line.to) === id ? [down ? line.to : line.from] : [])),
    );
    const next = boxes.filter((box) => ends.has(box.id) && box.id !== id);
    // of several, the one straight ahead
    return nearest(next, (box) => {
      const to = middle(box);
      return Math.abs(to.x - from.x) + Math.abs(to.y - from.y) / 4;
    });
  }
  const sign = direction === 'right' ? 1 : -1;
  const beside = boxes.filter((box) => box.id !== id && sign * (middle(box).x - from.x) > 1);
  // a row is what overlaps in height; elsewhere what is nearest
  return nearest(beside, (box) => {
    const to = middle(box);
    const apart = Math.max(0, Math.abs(to.y - from.y) - (box.height + here.height) / 2);
    return Math.abs(to.x - from.x) + 8 * apart;
  });
}

function nearest(boxes: readonly Placed[], costOf: (box: Placed) => number): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const cost = costOf(box);
    if (cost < least) {
      least = cost;
      best = box.id;
    }
  }
  return best;
}

/** Ids of boxes whose text holds all words of a search, whatever their case; those whose name begins with it first. */
export function matches(boxes: readonly Placed[], texts: ReadonlyMap<string, string>, search: string): string[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const rank = (box: Placed): number => (box.name.toLowerCase().replace(/^->/, '').startsWith(words[0]) ? 0 : 1);
  return boxes
    .filter((box) => {
      const text = `${box.name} ${box.below} ${texts.get(box.id) ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map((box, n) => ({ box, n }))
    .sort((a, b) => rank(a.box) - rank(b.box) || a.box.y - b.box.y || a.n - b.n)
    .map(({ box }) => box.id);
}
