/** Comments of sources are prose: what they name has the hovers and definitions that it has in a mail. */
import type { Hover, Location } from 'vscode-languageserver';
import { offsetOf, type TextView } from '../../resolve/cursor/textView.ts';
import { newPastedText } from '../../trace/pastedText.ts';
import { newPastedRequest } from '../pasted/request.ts';
import { traceDefinition } from '../pasted/traceDefinition.ts';
import { traceHover } from '../pasted/traceHover.ts';
import type { Request } from '../request.ts';

/** The byte range of the comment around a byte offset; null elsewhere. */
function commentAround({ tokens }: TextView, offset: number): { start: number; end: number } | null {
  let low = 0;
  let high = tokens.count;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (tokens.start[mid] <= offset) low = mid + 1;
    else high = mid;
  }
  // a comment at the end of a directive counts as a part of it
  const inside = low > 0 && offset < tokens.end[low - 1];
  const from = low === 0 ? 0 : inside ? tokens.start[low - 1] : tokens.end[low - 1];
  const to = inside ? tokens.end[low - 1] : low < tokens.count ? tokens.start[low] : tokens.text.length;
  for (let at = from; at < to && at <= offset; ) {
    const rest = tokens.text.slice(at, to);
    const opening = /\/[*/]/.exec(rest);
    if (!opening) return null;
    const start = at + opening.index;
    const closing = opening[0] === '/*' ? tokens.text.indexOf('*/', start + 2) : tokens.text.indexOf('\n', start);
    const end = closing < 0 ? tokens.text.length : closing + (opening[0] === '/*' ? 2 : 0);
    if (offset >= start && offset <= end) return { start, end };
    at = end + 1;
  }
  return null;
}

/** Asks about a comment's text as about a pasted one; its lines keep their columns, and begin `above` lines further down. */
function inComment<R>(
  request: Request,
  line: number,
  column: number,
  ask: (pasted: ReturnType<typeof newPastedRequest>, line: number, character: number, above: number) => R,
): R | null {
  const { text } = request.file;
  const offset = offsetOf(text, line, column);
  const comment = commentAround(text, offset);
  if (!comment) return null;
  const { lineStarts, tokens } = text;
  const first = lineStarts.findIndex(
    (start, n) => start <= comment.start && (lineStarts[n + 1] ?? Infinity) > comment.start,
  );
  const utf8 = (from: number, to: number): string =>
    Buffer.from(tokens.text.slice(from, to), 'latin1').toString('utf8');
  const character = utf8(lineStarts[line - 1], offset).length;
  const pasted = newPastedRequest(newPastedText(utf8(lineStarts[first], comment.end)), request);
  return ask(pasted, line - first, character, first);
}

/** The hover at a place (1-based line, byte column) of a comment, or null. */
export const commentHover = (request: Request, line: number, column: number): Hover | null =>
  inComment(request, line, column, (pasted, at, character, above) => {
    const hover = traceHover(pasted, at, character);
    if (!hover?.range) return hover;
    const { start, end } = hover.range;
    return {
      ...hover,
      range: { start: { ...start, line: start.line + above }, end: { ...end, line: end.line + above } },
    };
  });

/** Where the thing at a place of a comment leads. */
export const commentDefinition = (request: Request, line: number, column: number): Location[] =>
  inComment(request, line, column, traceDefinition) ?? [];
