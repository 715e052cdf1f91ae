/** Where in an initialiser a token stands: which object, and the path of members and indices to it. */

import type { FileFacts, PathStep } from '../../facts/types.ts';
import { stripAttributes } from '../../syntax/attributes.ts';
import { before, behind, closing, opening } from '../../syntax/brackets.ts';
import { readDeclaration, readTypeName } from '../../syntax/declarations.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import { joinToks, toksBetween } from '../../syntax/toks.ts';
import { placeAt, type TextView } from './textView.ts';

/** An initialiser list around a token. */
interface InitialiserPlace {
  /** name of the object, '' for a compound literal */
  variable: string;
  /** type of what the path starts from; '' where the text doesn't tell */
  type: string;
  path: PathStep[];
  /** the token is a designator itself, not a value */
  designator: boolean;
}

/** The initialiser that token `at` stands in, or null. */
export function initialiserAt(view: TextView, facts: FileFacts | null, at: number): InitialiserPlace | null {
  const { tokens } = view;
  const root = rootBrace(tokens, at);
  if (!root) return null;
  const { path, designator } = pathTo(tokens, root.brace, at);
  if (root.type !== null) return { variable: '', type: root.type, path, designator };
  const variable = declaredBefore(view, facts, root.brace);
  return { ...variable, path, designator };
}

/** A brace whose type leads on; null where that is to be looked up by what stands before it. */
interface Root {
  brace: number;
  type: string | null;
}

/** The brace whose type leads on: an object's own, or that of the innermost compound literal. */
function rootBrace(tokens: Tokens, at: number): Root | null {
  let depth = 0;
  for (let i = before(tokens, at); i >= 0; i = before(tokens, i)) {
    const k = tokens.kind[i];
    if (k === BRACE_CLOSE || k === PAREN_CLOSE || k === BRACKET_CLOSE) depth++;
    else if (k === PAREN_OPEN || k === BRACKET_OPEN) depth = Math.max(0, depth - 1);
    else if (k === SEMICOLON && depth === 0) return null;
    else if (k === BRACE_OPEN && depth-- === 0) {
      depth = 0;
      const root = rootAt(tokens, i);
      if (root !== 'inner') return root;
    }
  }
  return null;
}

/** What a brace is: one that leads on, one inside another list, or (null) none of an initialiser. */
function rootAt(tokens: Tokens, brace: number): Root | 'inner' | null {
  const prev = before(tokens, brace);
  const kind = prev < 0 ? 0 : tokens.kind[prev];
  if (kind === ASSIGN) return isDesignated(tokens, prev) ? 'inner' : { brace, type: null };
  if (kind !== PAREN_CLOSE) return kind === COMMA || kind === BRACE_OPEN || kind === COLON ? 'inner' : null;
  const open = opening(tokens, prev);
  const inner = open < 0 ? [] : toksBetween(tokens, open + 1, prev);
  const type = inner[0] && /^(struct|union|const)$/.test(inner[0].text) ? readTypeName(inner) : null;
  return type === null ? null : { brace, type };
}

/** Is the `=` that of `.member =` or `[index] =`? */
function isDesignated(tokens: Tokens, assign: number): boolean {
  const name = before(tokens, assign);
  if (name < 0) return false;
  const first = tokens.kind[name] === BRACKET_CLOSE ? opening(tokens, name) : name;
  const prev = before(tokens, first);
  const kind = prev < 0 ? 0 : tokens.kind[prev];
  if (tokens.kind[name] === BRACKET_CLOSE)
    return (
      kind === COMMA ||
      kind === BRACE_OPEN ||
      kind === DOT ||
      (kind === BRACKET_CLOSE && isDesignated(tokens, before(tokens, first) + 1))
    );
  return kind === DOT;
}

/** One list of an initialiser, up to a token. */
interface Frame {
  base: PathStep[];
  position: number;
  steps: PathStep[];
  /** a value has begun: what follows are no designators any more */
  value: boolean;
}

const newFrame = (base: PathStep[]): Frame => ({ base, position: 0, steps: [], value: false });

const pathOf = (f: Frame): PathStep[] => [...f.base, ...(f.steps.length ? f.steps : [{ position: f.position }])];

/** The next value: behind a number in brackets, the one that follows it. */
function nextValue(frame: Frame): void {
  const [first] = frame.steps;
  const at = first && 'index' in first && /^\d+$/.test(first.index) ? Number(first.index) : frame.position;
  frame.position = at + 1;
  frame.steps = [];
  frame.value = false;
}

/** Reads the designator at a token, if one is there: its last token, and the token of its name; null for none. */
function readDesignator(tokens: Tokens, frame: Frame, i: number): { end: number; name: number } | null {
  if (frame.value) return null;
  const next = behind(tokens, i);
  switch (tokens.kind[i]) {
    case DOT:
      if (tokens.kind[next] !== Kind.Identifier) return null;
      frame.steps.push({ member: tokenText(tokens, next) });
      return { end: next, name: next };
    case Kind.Identifier:
      // `member: value`, as old code has it
      if (tokens.kind[next] !== COLON || frame.steps.length > 0) return null;
      frame.steps.push({ member: tokenText(tokens, i) });
      frame.value = true;
      return { end: next, name: i };
    case BRACKET_OPEN: {
      const end = closing(tokens, i);
      frame.steps.push({ index: joinToks(toksBetween(tokens, i + 1, end)) });
      return { end, name: -1 };
    }
    default:
      return null;
  }
}

/** Path from an opening brace to a token inside it. */
function pathTo(tokens: Tokens, brace: number, at: number): { path: PathStep[]; designator: boolean } {
  const stack: Frame[] = [newFrame([])];
  for (let i = behind(tokens, brace); i < tokens.count && stack.length; i = behind(tokens, i)) {
    const frame = stack[stack.length - 1];
    const designator = readDesignator(tokens, frame, i);
    if (designator) {
      if (designator.name === at) return { path: pathOf(frame), designator: true };
      i = designator.end;
    } else i = readValue(tokens, stack, frame, i);
    if (i >= at) return { path: pathOf(frame), designator: false };
  }
  return { path: [], designator: false };
}

/** Reads a token of a value, or what parts values; its last token where it is a group. */
function readValue(tokens: Tokens, stack: Frame[], frame: Frame, i: number): number {
  switch (tokens.kind[i]) {
    case ASSIGN:
      frame.value = true;
      return i;
    case COMMA:
      nextValue(frame);
      return i;
    case BRACE_OPEN:
      stack.push(newFrame(pathOf(frame)));
      return i;
    case BRACE_CLOSE:
      stack.pop();
      return i;
    case PAREN_OPEN:
      frame.value = true;
      return closing(tokens, i);
    default:
      frame.value = true;
      return i;
  }
}

/** Name and type of the object whose initialiser opens at `brace`: from the facts, else from the text. */
function declaredBefore(view: TextView, facts: FileFacts | null, brace: number): { variable: string; type: string } {
  const { tokens } = view;
  let start = brace;
  for (let i = before(tokens, brace), depth = 0; i >= 0; i = before(tokens, i)) {
    const k = tokens.kind[i];
    if (k === PAREN_CLOSE || k === BRACKET_CLOSE) depth++;
    else if (k === PAREN_OPEN || k === BRACKET_OPEN) depth--;
    if (depth <= 0 && (k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE)) break;
    start = i;
  }
  const from = placeAt(view, tokens.start[start]);
  const to = placeAt(view, tokens.start[brace]);
  const inside = (p: { line: number; column: number }) =>
    (p.line > from.line || (p.line === from.line && p.column >= from.column)) &&
    (p.line < to.line || (p.line === to.line && p.column < to.column));
  const known = facts?.variables.filter(inside).at(-1);
  if (known) return { variable: known.name, type: known.type };
  const toks = stripAttributes(toksBetween(tokens, start, brace));
  const declarator = readDeclaration(toks)?.declarators.at(-1);
  return { variable: declarator?.name ?? '', type: declarator?.type ?? '' };
}
