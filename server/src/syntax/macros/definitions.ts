/** One #define: its parts, its replacement, and whether it can matter to the parser. */

import { withoutDeepToks } from '../nesting.ts';
import { hashName, Kind } from '../tokens.ts';
import { type Tok, toksOf } from '../toks.ts';

/** One #define. */
export interface MacroDefinition {
  name: string;
  /** null for an object-like macro */
  params: string[] | null;
  variadic: boolean;
  /** replacement text, one line */
  body: string;
  /** the #if condition the #define stands under, without the include guard */
  condition: string | null;
  /** defining file, relative to the tree */
  file: string;
  /** byte offset of the #define for macros of the file in view, else 0 */
  pos: number;
  /** see `replacementOf` */
  replacement?: Replacement;
  /** of a header's: where it stands, worked out once */
  home?: Home;
}

/** A macro's replacement text, read once. */
interface Replacement {
  toks: Tok[];
  /** hash of each identifier among the tokens, as `hashName` makes it; else 0 */
  hashes: Int32Array;
  /** number of the parameter that each token names, or -1 */
  params: Int32Array;
}

/** A #define or an #undef of the file in view. */
export type OwnDefinition = MacroDefinition | { name: string; undef: true; pos: number };

/** A macro with more parameters or a longer body is not read; a kernel has 41 and 30,000 characters at most. */
const MAX_PARAMS = 500;

const MAX_BODY = 100_000;
const DEFINE = /^([A-Za-z_$][\w$]*)(\(([^)]*)\))?/;

/** A #define's parts; null where it isn't one. `rest` is the text behind `#define`. */
export function parseDefine(rest: string): Pick<MacroDefinition, 'name' | 'params' | 'variadic' | 'body'> | null {
  const m = DEFINE.exec(rest);
  if (!m) return null;
  let params: string[] | null = null;
  let variadic = false;
  if (m[2] !== undefined) {
    params = m[3].trim() === '' ? [] : m[3].split(',').map((p) => p.trim());
    if (params.length > MAX_PARAMS) return null;
    const last = params.at(-1);
    if (last?.endsWith('...')) {
      variadic = true;
      params[params.length - 1] = last.slice(0, -3).trim() || '__VA_ARGS__';
    }
  }
  const body = rest.slice(m[0].length).trim();
  return body.length > MAX_BODY ? null : { name: m[1], params, variadic, body };
}

/** A body that is only a number, a string or arithmetic on constants tells the parser nothing. */
const OPERATORS_AND_WORDS = /^[\w\s()+\-*/|&~<>^,%?:!=]*$/;

const CONSTANT_WORD = /^(?:[A-Z_][A-Z0-9_]*|\d\w*)$/;

const HAS_DIGIT = /\d/;

/** Only numbers, names in capitals and operators: arithmetic on constants, which tells the parser nothing. */
function isConstantArithmetic(body: string): boolean {
  if (body.length > 400 || !OPERATORS_AND_WORDS.test(body)) return false;
  if (!HAS_DIGIT.test(body) && !body.includes('(')) return false;
  for (const [word] of body.matchAll(/\w+/g)) if (!CONSTANT_WORD.test(word)) return false;
  return true;
}

/** Does an object-like macro's body matter to the parser? Empty bodies do (attributes), constants don't. */
export function isConstantBody(body: string): boolean {
  if (body === '') return false;
  const c = body.charCodeAt(0);
  if (c >= 48 && c <= 57) return true;
  if (c === 34) return true;
  return isConstantArithmetic(body);
}

/** What decides how near a definition is, worked out once. */
export interface Home {
  folder: string;
  domain: string;
  global: boolean;
}

/** Replacement tokens of a macro; their `pos` is set by the expander. */
export const macroBody = (macro: MacroDefinition): Tok[] => replacementOf(macro).toks;

/** A macro's replacement, with what the expander asks of each of its tokens. */
export function replacementOf(macro: MacroDefinition): Replacement {
  if (macro.replacement) return macro.replacement;
  const toks = withoutDeepToks(toksOf(macro.body));
  const hashes = new Int32Array(toks.length);
  const params = new Int32Array(toks.length).fill(-1);
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    tok.condition = macro.condition;
    if (tok.kind === Kind.Identifier) hashes[i] = hashName(tok.text);
    if (macro.params)
      params[i] = macro.params.indexOf(
        tok.text === '__VA_ARGS__' && macro.variadic ? (macro.params.at(-1) ?? '') : tok.text,
      );
  }
  macro.replacement = { toks, hashes, params };
  return macro.replacement;
}
