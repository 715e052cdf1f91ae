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

/** The brace whose type leads on: an object's own, or that of the innermost compound literal. */
function rootBrace(tokens: Tokens, at: number): { brace: number; type: string | null } | null {
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

/** What the brace at `i` is: one whose type leads on, one inside such a list, or null for none of an initialiser. */
function rootAt(tokens: Tokens, i: number): { brace: number; type: string | null } | 'inner' | null {
  const prev = before(tokens, i);
  const kind = prev < 0 ? 0 : tokens.kind[prev];
  if (kind === ASSIGN && !isDesignated(tokens, prev)) return { brace: i, type: null };
  if (kind === PAREN_CLOSE) {
    const open = opening(tokens, prev);
    const inner = open < 0 ? [] : toksBetween(tokens, open + 1, prev);
    const type = inner[0] && /^(struct|union|const)$/.test(inner[0].text) ? readTypeName(inner) : null;
    return type === null ? null : { brace: i, type };
  }
  return kind === ASSIGN || kind === COMMA || kind === BRACE_OPEN || kind === COLON ? 'inner' : null;
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

interface Frame {
  base: PathStep[];
  position: number;
  steps: PathStep[];
  /** a value has begun: what follows are no designators any more */
  value: boolean;
}

/** Path from an opening brace to a token inside it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: one case for each kind of token
function pathTo(tokens: Tokens, brace: number, at: number): { path: PathStep[]; designator: boolean } {
  const newFrame = (base: PathStep[]): Frame => ({ base, position: 0, steps: [], value: false });
  const here = (f: Frame): PathStep[] => [...f.base, ...(f.steps.length ? f.steps : [{ position: f.position }])];
  const stack: Frame[] = [newFrame([])];
  for (let i = behind(tokens, brace); i < tokens.count && stack.length; i = behind(tokens, i)) {
    const frame = stack[stack.length - 1];
    const k = tokens.kind[i];
    const next = behind(tokens, i);
    if (!frame.value && k === DOT && tokens.kind[next] === Kind.Identifier) {
      frame.steps.push({ member: tokenText(tokens, next) });
      if (next === at) return { path: here(frame), designator: true };
      i = next;
    } else if (!frame.value && k === Kind.Identifier && tokens.kind[next] === COLON && frame.steps.length === 0) {
      frame.steps.push({ member: tokenText(tokens, i) });
      if (i === at) return { path: here(frame), designator: true };
      frame.value = true;
      i = next;
    } else if (!frame.value && k === BRACKET_OPEN) {
      const end = closing(tokens, i);
      frame.steps.push({ index: joinToks(toksBetween(tokens, i + 1, end)) });
      if (at <= end) return { path: here(frame), designator: false };
      i = end;
    } else if (k === ASSIGN) frame.value = true;
    else if (k === COMMA) {
      const [first] = frame.steps;
      frame.position =
        (first && 'index' in first && /^\d+$/.test(first.index) ? Number(first.index) : frame.position) + 1;
      frame.steps = [];
      frame.value = false;
    } else if (k === BRACE_OPEN) stack.push(newFrame(here(frame)));
    else if (k === BRACE_CLOSE) stack.pop();
    else {
      frame.value = true;
      if (k === PAREN_OPEN) {
        const end = closing(tokens, i);
        if (at < end) return { path: here(frame), designator: false };
        i = end;
      }
    }
    if (i >= at) return { path: here(frame), designator: false };
  }
  return { path: [], designator: false };
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
