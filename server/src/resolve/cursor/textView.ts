/** The tokens of one text and ways to walk them: what cursor questions stand on. */
import { Kind, type Tokens, tokenize } from '../../syntax/tokens.ts';

/** A text as bytes see it: columns are 1-based bytes, as in facts. */
export interface TextView {
  tokens: Tokens;
  /** byte offset of each line's start */
  lineStarts: number[];
}

/** Cuts a text into tokens. Any text will do. */
export const textView = (text: string): TextView => viewOfBytes(Buffer.from(text, 'utf8'));

/** The same of a file's bytes as they are, whatever their encoding. */
export function viewOfBytes(bytes: Buffer): TextView {
  const tokens = tokenize(bytes);
  const lineStarts = [0];
  for (let at = tokens.text.indexOf('\n'); at >= 0; at = tokens.text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { tokens, lineStarts };
}

/** Byte offset of a place; one outside the text is moved to its end. */
export function offsetOf(view: TextView, line: number, column: number): number {
  const start = view.lineStarts[line - 1];
  return start === undefined ? view.tokens.text.length : Math.min(start + column - 1, view.tokens.text.length);
}

/** The place of a byte offset, 1-based. */
export function placeAt(view: TextView, offset: number): { line: number; column: number } {
  let low = 0;
  let high = view.lineStarts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (view.lineStarts[mid] <= offset) low = mid;
    else high = mid - 1;
  }
  return { line: low + 1, column: offset - view.lineStarts[low] + 1 };
}

/** The token at an offset (or ending there), -1 in white space and comments. */
export function tokenAt({ tokens }: TextView, offset: number): number {
  let low = 0;
  let high = tokens.count;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (tokens.start[mid] <= offset) low = mid + 1;
    else high = mid;
  }
  const i = low - 1;
  if (i >= 0 && offset < tokens.end[i]) return i;
  // an editor's cursor stands between two characters: the word on its left counts too
  if (i >= 0 && offset === tokens.end[i] && tokens.kind[i] === Kind.Identifier) return i;
  return -1;
}
