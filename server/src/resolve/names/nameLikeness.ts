/** How alike two names are, as people rename functions: words stay, come and go, or change their form. */

const wordsOf = (name: string): string[] => name.toLowerCase().split(/_+/).filter(Boolean);

/** The first word of a name: what a subsystem's functions share. */
export const openingWords = (name: string): string => wordsOf(name)[0] ?? '';

/** 1 for the same name, underscores in front aside; 0 where no word is like another. */
export function similarity(a: string, b: string): number {
  const left = wordsOf(a);
  const right = wordsOf(b);
  if (left.length === 0 || right.length === 0) return 0;
  let sum = 0;
  for (const word of left) sum += Math.max(...right.map((other) => wordLikeness(word, other)));
  for (const word of right) sum += Math.max(...left.map((other) => wordLikeness(word, other)));
  return sum / (left.length + right.length);
}

/** Share of the longer word that both begin or end with; words of one or two letters count whole or not at all. */
function wordLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const shorter = Math.min(a.length, b.length);
  if (shorter < 3) return 0;
  let front = 0;
  while (front < shorter && a[front] === b[front]) front++;
  let back = 0;
  while (back < shorter - front && a[a.length - 1 - back] === b[b.length - 1 - back]) back++;
  const share = (front + back) / Math.max(a.length, b.length);
  return share >= 0.4 ? share : 0;
}
