/** Outline and folding of a pasted text: its stacks with their frames, its patches with their files and hunks. */
import { type DocumentSymbol, type FoldingRange, type Range, SymbolKind } from 'vscode-languageserver';
import { traitsOf } from '../../trace/formats/kinds.ts';
import type { PastedText } from '../../trace/pastedText.ts';
import type { Stack } from '../../trace/types.ts';

/** What to call a stack: its report's first line, its own title, or the functions at its ends. */
export function stackTitle(stack: Stack): string {
  const { heading, title, kind, frames } = stack;
  // a debugger's heading says no more than its first frame does
  const report = traitsOf(kind).debugger ? '' : heading;
  if (report) return title && !PLAIN_TITLE.test(title) ? `${title} (${report})` : report;
  const names = frames.filter((f) => f.reliable && f.function).map((f) => f.function);
  const ends = names.length > 1 ? `${names[0]} … ${names[names.length - 1]}` : (names[0] ?? '');
  if (title && !PLAIN_TITLE.test(title)) return `${title}: ${ends}`;
  return ends || title || 'Backtrace';
}

/** Titles that say no more than that a stack follows. */
const PLAIN_TITLE = /^(?:call trace|<?stack trace>?|backtrace)$/i;

/** Who ran it and where: `reader/431 · CPU 1 · arm64`; '' where the trace doesn't tell. */
export function stackDetail({ task, pid, cpu, arch }: Stack): string {
  const who = task === null ? (pid === null ? '' : `pid ${pid}`) : `${task}${pid === null ? '' : `/${pid}`}`;
  return [who, cpu === null ? '' : `CPU ${cpu}`, arch ?? ''].filter(Boolean).join(' · ');
}

const lineRange = (text: PastedText, line: number, endLine = line): Range => ({
  start: { line: line - 1, character: 0 },
  end: { line: endLine - 1, character: text.lines[endLine - 1]?.length ?? 0 },
});

/** Stacks of several CPUs may be printed among each other: a stack's lines, from the first to the last of its own. */
function linesOf(stack: Stack): { first: number; last: number } {
  const lines = stack.frames.map((f) => f.line);
  return {
    first: lines.reduce((a, b) => Math.min(a, b), stack.line),
    last: lines.reduce((a, b) => Math.max(a, b), stack.endLine),
  };
}

/** Entries that an outline has, and ranges that fold: an editor holds them all, and takes long over more. */
const MAX_ENTRIES = 20_000;

/** The outline of a text; one of a very long text ends with an entry that says so. */
export function traceSymbols(text: PastedText): DocumentSymbol[] {
  const trace = text.trace();
  let left = MAX_ENTRIES;
  /** as many of a list as there is room for */
  const room = <T>(list: readonly T[]): readonly T[] => {
    const taken = list.length > left ? list.slice(0, Math.max(0, left)) : list;
    left -= list.length;
    return taken;
  };
  const stacks = room(trace.stacks).map((stack): DocumentSymbol => {
    const { first, last } = linesOf(stack);
    return {
      name: stackTitle(stack),
      detail: stackDetail(stack),
      kind: SymbolKind.Event,
      range: lineRange(text, first, last),
      selectionRange: lineRange(text, first),
      children: room(stack.frames).map((f) => ({
        name: f.function || f.text || '(unnamed)',
        detail: f.inlined ? 'inlined' : f.reliable ? (f.module ?? '') : '?',
        kind: SymbolKind.Function,
        range: lineRange(text, f.line),
        selectionRange: {
          start: { line: f.line - 1, character: f.start },
          end: { line: f.line - 1, character: f.end },
        },
      })),
    };
  });
  const files = text.mail().patches.flatMap((patch) =>
    room(patch.files).map((file): DocumentSymbol => {
      const end = file.hunks.at(-1)?.lines.at(-1)?.line ?? file.line;
      return {
        name: file.newPath ?? file.oldPath ?? '(no file)',
        detail: file.kind === 'modified' ? '' : file.kind,
        kind: SymbolKind.File,
        range: lineRange(text, file.line, Math.max(end, file.line)),
        selectionRange: lineRange(text, file.line),
        children: room(file.hunks).map((h) => ({
          name: h.section || `@@ -${h.oldStart} +${h.newStart} @@`,
          detail: `line ${h.oldStart}`,
          kind: SymbolKind.Method,
          range: lineRange(text, h.line, Math.max(h.line, h.lines.at(-1)?.line ?? h.line)),
          selectionRange: lineRange(text, h.line),
        })),
      };
    }),
  );
  const found = [...stacks, ...files].sort((a, b) => a.range.start.line - b.range.start.line);
  if (left >= 0 && trace.cut === null) return found;
  const end = lineRange(text, text.lines.length);
  const detail = trace.cut === null ? '' : `nothing was read from line ${trace.cut} on`;
  return [
    ...found,
    { name: 'The rest is not listed', detail, kind: SymbolKind.Event, range: end, selectionRange: end },
  ];
}

/** Folding by stack, by file of a patch and by hunk; lines are 0-based, as in LSP. */
export function traceFolding(text: PastedText): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const add = (first: number, last: number): void => {
    if (last > first && ranges.length < MAX_ENTRIES) ranges.push({ startLine: first - 1, endLine: last - 1 });
  };
  for (const stack of text.trace().stacks) {
    const { first, last } = linesOf(stack);
    add(first, last);
  }
  for (const patch of text.mail().patches)
    for (const file of patch.files) {
      for (const h of file.hunks) add(h.line, h.lines.at(-1)?.line ?? h.line);
      add(file.line, file.hunks.at(-1)?.lines.at(-1)?.line ?? file.line);
    }
  return ranges;
}
