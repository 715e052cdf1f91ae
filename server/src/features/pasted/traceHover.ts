/** Hover in a pasted text: a frame's function, line and edges; an expression of prose; a hunk's place. */
import type { Hover } from 'vscode-languageserver';
import { type Meaning, meaningOf, stepsOf } from '../../backtrace/prose/meaning.ts';
import type { ResolvedFrame } from '../../backtrace/resolvedTrace.ts';
import { lineOf, neighbours } from '../../backtrace/walk.ts';
import { NameKind } from '../../index/store/postings.ts';
import { definitionAt } from '../../resolve/names/scope.ts';
import type { SymbolPlace } from '../../resolve/names/symbols.ts';
import { type FrameRef, pointedAt } from '../../trace/pastedText.ts';
import { code, link, paragraphs, placeLink, plain } from '../markdown.ts';
import { hoverFunction } from '../source/hover/function.ts';
import { hoverRecord } from '../source/hover/record.ts';
import { hoverSlot } from '../source/hover/slot.ts';
import { hoverTable } from '../source/hover/table.ts';
import { headerHover } from './patchView.ts';
import { type PastedRequest, resolvedStack } from './request.ts';
import { evidenceText, remarkOf, viaText } from './traceWords.ts';

const MAX_ALTERNATIVES = 6;

/** The hover at a line (1-based) and a 0-based UTF-16 column of the text, or null. */
export function traceHover(request: PastedRequest, line: number, character: number): Hover | null {
  const pointed = pointedAt(request.text, line, character);
  const answer = pointed?.kind === 'frame' ? frameHover(request, pointed.ref) : null;
  if (pointed && answer) return shape(request, line, pointed.columns, answer);
  if (pointed?.kind === 'expression') {
    const { expression } = pointed;
    const meaning = meaningOf(request, expression, character);
    const text = meaning && meaningHover(request, meaning);
    const step = stepsOf(expression).find((s) => s.start <= character && character <= s.end);
    if (text) return shape(request, line, (expression.kind !== 'file' && step) || expression, text);
  }
  return hunkHover(request, line);
}

function shape(
  request: PastedRequest,
  line: number,
  { start, end }: { start: number; end: number },
  text: string,
): Hover {
  return {
    contents: { kind: 'markdown', value: paragraphs(text, request.partial && `_${request.partial}_`) },
    range: { start: { line: line - 1, character: start }, end: { line: line - 1, character: end } },
  };
}

function frameHover(request: PastedRequest, ref: FrameRef): string {
  const stack = resolvedStack(request, ref.stack);
  const frame = stack.frames[ref.frame];
  const { above, below } = neighbours(stack, frame);
  const { definition } = frame;
  const known = definition && definitionAt(request.index, definition);
  const note = remarkOf(frame);
  return paragraphs(
    !known &&
      `**${plain(frame.frame.function || frame.frame.text)}**${definition ? ` · ${placeLink(request, definition)}` : ''}`,
    known && (hoverFunction(request, known) ?? `**${plain(known.name)}** · ${placeLink(request, known)}`),
    executes(request, frame, above),
    frame.inlined.length > 0 && inlinedText(request, frame),
    below?.call && `Reached from ${edgeText(request, below)}.`,
    !frame.frame.reliable && '_The kernel marks this frame with “?”: it may be left over from an earlier call._',
    note && `_${plain(note)}_`,
    frame.successors.length > 0 &&
      `May have become: ${frame.successors.map((s) => `${link(request, s.function, s)} (${plain(s.why)})`).join(' · ')}`,
    frame.alternatives.length > 0 &&
      !frame.certain &&
      `Other definitions: ${frame.alternatives
        .slice(0, MAX_ALTERNATIVES)
        .map((a) => placeLink(request, a))
        .join(' · ')}`,
  );
}

/** The line of a frame, and how it leads to the frame above. */
function executes(request: PastedRequest, frame: ResolvedFrame, above: ResolvedFrame | null): string | null {
  const at = lineOf(frame);
  if (!at || at === frame.definition) return null;
  const evidence = evidenceText(frame);
  const sure = evidence ? ` _(${evidence})_` : '';
  if (!above) return `At ${placeLink(request, at)}${sure}`;
  const via = frame.via ? viaText(frame.via) : null;
  return `Calls ${code(above.frame.function)} at ${placeLink(request, at)}${via ? `, ${plain(via)}` : ''}${sure}`;
}

function edgeText(request: PastedRequest, below: ResolvedFrame): string {
  const at = lineOf(below);
  const via = below.via ? viaText(below.via) : null;
  const evidence = evidenceText(below);
  return `${code(below.frame.function)}${at ? ` at ${placeLink(request, at)}` : ''}${via ? `, ${plain(via)}` : ''}${evidence ? ` _(${evidence})_` : ''}`;
}

const inlinedText = (request: PastedRequest, { frame, inlined }: ResolvedFrame): string =>
  `Inlined here, as far as the ${frame.inlinedAt.length > 0 ? 'trace and the source tell' : 'source tells'}:\n${inlined.map((i) => `- ${code(i.function)} at ${placeLink(request, i)}`).join('\n')}`;

function meaningHover(request: PastedRequest, meaning: Meaning): string | null {
  switch (meaning.kind) {
    case 'file':
      return `${placeLink(request, meaning.place)}`;
    case 'symbols':
      return symbolHover(request, meaning.symbols);
    case 'missing': {
      const { record, member, like } = meaning;
      const at = { file: record.file, line: record.record.line };
      const names = like.map((f) => link(request, f.name, { file: record.file, line: f.line }));
      return paragraphs(
        `${link(request, `struct ${record.record.tag}`, at)} has no member ${code(member)} in this tree.`,
        names.length > 0 && `Members with a name like it: ${names.join(' · ')}`,
      );
    }
    case 'slots': {
      const [first, ...others] = meaning.slots;
      const also = others.slice(0, MAX_ALTERNATIVES).map((s) => code(`${s.owner}.${s.member}`));
      return paragraphs(
        hoverSlot(request, first),
        also.length > 0 && `Also a member of that name: ${also.join(' · ')}${others.length > also.length ? ' …' : ''}`,
        meaning.guessed && first.evidence === 'typed' && '_The struct is a guess: by the names in this text._',
      );
    }
  }
}

function symbolHover(request: PastedRequest, symbols: readonly SymbolPlace[]): string {
  const [first, ...others] = symbols;
  const definition = definitionAt(request.index, first);
  const own =
    definition &&
    (first.kind === NameKind.Function || first.kind === NameKind.Label
      ? hoverFunction(request, definition)
      : first.kind === NameKind.Variable
        ? hoverTable(request, definition)
        : first.kind === NameKind.Record
          ? hoverRecord(request, first.name, definition)
          : null);
  return paragraphs(
    own ?? `**${plain(first.name)}** · ${placeLink(request, first)}`,
    others.length > 0 &&
      `Also: ${others
        .slice(0, MAX_ALTERNATIVES)
        .map((o) => placeLink(request, o))
        .join(' · ')}${others.length > MAX_ALTERNATIVES ? ' …' : ''}`,
  );
}

function hunkHover(request: PastedRequest, line: number): Hover | null {
  const point = request.patches.at(line);
  if (!point || point.n >= 0) return null;
  return shape(
    request,
    line,
    { start: 0, end: request.text.lines[line - 1]?.length ?? 0 },
    headerHover(request, point),
  );
}
