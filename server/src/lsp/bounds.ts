/** How much of an open text is read: what is larger holds up everybody else's questions. */

/** Characters of a source whose facts are made as it is typed: the largest file that people write has half of this. */
export const MAX_TYPED = 2 << 20;

/** Characters of a source that are cut into tokens: a header that a tool has made comes to ten million. */
export const MAX_SOURCE = 16 << 20;

/** Characters of a log or mail that are read. */
export const MAX_PASTED = 4 << 20;

const MB = 1 << 20;

/** A text as far as it is read, to the end of a line; and what to say where that is not all of it. */
export function readable(text: string, most: number): { text: string; cut: string | null } {
  if (text.length <= most) return { text, cut: null };
  const end = text.lastIndexOf('\n', most - 1) + 1 || most;
  return {
    text: text.slice(0, end),
    cut: `Only the first ${most / MB} MB of this text are read, of ${Math.ceil(text.length / MB)}.`,
  };
}

/** What to say of a source that is too large to be read anew with each key; null for all others. */
export const typedNote = (length: number): string | null =>
  length > MAX_TYPED ? `This file has more than ${MAX_TYPED / MB} MB: what is typed counts when it is saved.` : null;
