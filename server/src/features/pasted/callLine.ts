/** The line of source that a frame executes, and where in it the call stands. */
import type { CodePlace } from '../../backtrace/resolvedTrace.ts';
import type { PastedRequest } from './request.ts';

/** A line of the tree as it is looked at. */
export interface CallLine {
  /** without blanks around it; '' where the file can't be read */
  text: string;
  /** LSP's 0-based UTF-16 offset of the call, or of the line's first word where the call can't be told */
  character: number;
}

/** A reader of lines that keeps the files it has read: a stack comes by the same one again and again. */
export function newCallLines(request: PastedRequest): (place: CodePlace, callee: string) => CallLine {
  const files = new Map<string, string[]>();
  return ({ file, line }, callee) => {
    let lines = files.get(file);
    if (!lines) {
      lines = request.bytes(file)?.toString('utf8').split('\n') ?? [];
      files.set(file, lines);
    }
    const text = lines[line - 1] ?? '';
    const first = text.search(/\S/);
    // what a call names stands in front of a parenthesis; a pointer that was copied before, or a macro's argument, anywhere
    const word = callee.replace(/[^\w]/g, '');
    const at = word ? [`\\b${word}\\b(?=\\s*\\()`, `\\b${word}\\b`].map((re) => text.search(new RegExp(re))) : [];
    return { text: text.trim(), character: Math.max(0, at.find((i) => i >= 0) ?? first) };
  };
}
