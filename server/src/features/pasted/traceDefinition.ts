/** Go to definition and links in a pasted text: names lead to functions, places to the line that executes. */
import type { DocumentLink, Location } from 'vscode-languageserver';
import { placesNamed } from '../../backtrace/functions/functionPlaces.ts';
import { fileNamed } from '../../backtrace/functions/printedPath.ts';
import { placeOfPoint } from '../../backtrace/patches/patchPoints.ts';
import { meaningOf } from '../../backtrace/prose/meaning.ts';
import type { CodePlace } from '../../backtrace/resolvedTrace.ts';
import { lineOf } from '../../backtrace/walk.ts';
import type { TreePlace } from '../../resolve/world.ts';
import { type Expression, expressionsIn } from '../../trace/mail/prose.ts';
import { type FrameRef, partsOf, pointedAt } from '../../trace/pastedText.ts';
import type { Frame } from '../../trace/types.ts';
import { distinct, locationOf, uriOf } from '../request.ts';
import { type PastedRequest, resolvedFrame } from './request.ts';
import { remarkOf } from './traceWords.ts';

/** Where the thing at a line (1-based) and a 0-based UTF-16 column of the text leads. */
export function traceDefinition(request: PastedRequest, line: number, character: number): Location[] {
  const pointed = pointedAt(request.text, line, character);
  if (pointed?.kind === 'frame') {
    const frame = resolvedFrame(request, pointed.ref);
    const { definition } = frame;
    if (pointed.part === 'place' || !definition) return lineLocation(request, lineOf(frame));
    const at = frame.certain ? [definition] : [definition, ...frame.alternatives];
    return distinct(at.map((d) => locationOf(request, d, d.name.length)));
  }
  if (pointed?.kind === 'expression') {
    const found = expressionLocations(request, line, character);
    if (found.length) return found;
  }
  const point = request.patches.at(line);
  return point ? lineLocation(request, placeOfPoint(point)) : [];
}

const MAX_LOCATIONS = 20;

function expressionLocations(request: PastedRequest, line: number, character: number): Location[] {
  const pointed = pointedAt(request.text, line, character);
  const meaning = pointed?.kind === 'expression' ? meaningOf(request, pointed.expression, character) : null;
  switch (meaning?.kind) {
    case 'file':
      return lineLocation(request, meaning.place);
    case 'symbols':
      return distinct(meaning.symbols.slice(0, MAX_LOCATIONS).map((s) => locationOf(request, s, s.name.length)));
    case 'missing':
      return lineLocation(request, { file: meaning.record.file, line: meaning.record.record.line });
    case 'slots': {
      const at = (s: (typeof meaning.slots)[number]): TreePlace[] =>
        s.field ? [{ file: s.field.file, line: s.field.field.line, column: s.field.field.column }] : [];
      return distinct(
        meaning.slots.slice(0, MAX_LOCATIONS).flatMap((s) => at(s).map((p) => locationOf(request, p, s.member.length))),
      );
    }
    default:
      return [];
  }
}

function lineLocation(request: PastedRequest, place: CodePlace | null): Location[] {
  if (!place) return [];
  const start = { line: Math.max(0, place.line - 1), character: 0 };
  return [{ uri: uriOf(request.root, place.file), range: { start, end: start } }];
}

/** What a link carries until it is followed. */
export interface LinkData {
  ref?: FrameRef;
  /** a patch's line, 1-based */
  line?: number;
  /** a file that prose names, and a line of it */
  file?: { name: string; line: number };
}

/** More links than this no editor draws at once, and no reader looks for. */
const MAX_LINKS = 20_000;

/** Links of the text: offsets and places of frames, file names in prose, hunks. Where they lead is found out later. */
export function traceLinks(request: PastedRequest): DocumentLink[] {
  const links: DocumentLink[] = [];
  const known = new Map<string, boolean>();
  const isKnown = ({ function: name }: Frame): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      if (known.size > MAX_LINKS) return false;
      // what isn't indexed yet is looked for when its link is followed
      answer = name !== '' && (request.notYet !== null || placesNamed(request.index, name).length > 0);
      known.set(name, answer);
    }
    return answer;
  };
  const add = (line: number, start: number, end: number, data: LinkData): void => {
    links.push({
      range: { start: { line: line - 1, character: start }, end: { line: line - 1, character: end } },
      data,
    });
  };
  request.text.trace().stacks.forEach((stack, s) => {
    stack.frames.forEach((frame, f) => {
      if (frame.user || links.length > MAX_LINKS || !isKnown(frame)) return;
      for (const { start, end } of partsOf(request.text, frame).places)
        add(frame.line, start, end, { ref: { stack: s, frame: f } });
    });
  });
  for (const patch of request.text.mail().patches)
    for (const file of patch.files)
      for (const hunk of file.hunks) {
        if (links.length > MAX_LINKS) break;
        const text = request.text.lines[hunk.line - 1] ?? '';
        const header = /@@[^@]*@@/.exec(text);
        if (header) add(hunk.line, header.index, header.index + header[0].length, { line: hunk.line });
      }
  const taken = new Map<number, DocumentLink[]>();
  for (const l of links) taken.set(l.range.start.line, [...(taken.get(l.range.start.line) ?? []), l]);
  for (const { line, expression } of filesNamed(request)) {
    if (links.length > MAX_LINKS) break;
    const { name, start, end } = expression;
    const isFrame = taken.get(line - 1)?.some(({ range: r }) => r.start.character < end && r.end.character > start);
    if (!isFrame) add(line, start, end, { file: { name, line: expression.line ?? 1 } });
  }
  return links.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

/** Files that lines of prose name by a path which the tree has. */
function* filesNamed(request: PastedRequest): Iterable<{ line: number; expression: Expression }> {
  const known = new Map<string, boolean>();
  for (const [n, text] of request.text.lines.entries()) {
    if (!MAY_NAME_FILE.test(text)) continue;
    for (const expression of expressionsIn(text)) {
      const { kind, name } = expression;
      if (kind !== 'file' || !name.includes('/')) continue;
      if (!known.has(name)) known.set(name, fileNamed(request.index, name) !== null);
      if (known.get(name)) yield { line: n + 1, expression };
    }
  }
}

const MAY_NAME_FILE = /\w\/[\w/.-]*\.[chS]\b/;

/** Why a link leads nowhere, for the reader who has followed it. */
export function noPlaceText(request: PastedRequest, { ref }: LinkData): string {
  if (!ref) return 'This tree has no such place.';
  const frame = resolvedFrame(request, ref);
  return `${frame.frame.function || frame.frame.text}: ${request.notYet ?? remarkOf(frame)}`;
}

/** A link with its target, or without one where the tree has no such place. */
export function resolveTraceLink(
  request: PastedRequest,
  link: DocumentLink,
  { ref, line, file }: LinkData,
): DocumentLink {
  const path = file && fileNamed(request.index, file.name);
  if (file && path) return { ...link, target: `${uriOf(request.root, path)}#L${file.line}` };
  const point = line === undefined ? null : request.patches.at(line);
  const place = ref ? lineOf(resolvedFrame(request, ref)) : point && placeOfPoint(point);
  return place ? { ...link, target: `${uriOf(request.root, place.file)}#L${place.line}` } : link;
}
