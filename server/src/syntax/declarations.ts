/**
 * C declarations from expanded tokens: specifiers, declarators, records, enums. Kept apart from the expression parser
 * because a kernel's text is mostly declarations and these need no grammar: at 3 MB/s tree-sitter alone would take
 * minutes for them (see CONTRIBUTING, "What is parsed, and when").
 */

import { skipGroup, splitCommas } from './brackets.ts';
import {
  ASSIGN,
  BRACE_OPEN,
  BRACKET_OPEN,
  CARET,
  COLON,
  COMMA,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  STAR,
} from './tokens.ts';
import { joinToks, type Tok } from './toks.ts';
import { BASE_WORDS, isStatementWord, isTagWord, isTypeWord, QUALIFIERS, TYPEOF } from './words.ts';

/** A parameter: its name, '' without, and its type as text. */
interface Param {
  name: string;
  type: string;
}

/** One name that a declaration declares. */
export interface Declarator {
  name: string;
  nameTok: Tok | null;
  /** type text without the name */
  type: string;
  /** parameters when the declarator is a function (not a pointer to one) */
  params: Param[] | null;
  /** what that function returns */
  returnType: string;
  /** `=` and what follows, without the `=`; null without */
  init: Tok[] | null;
}

/** One declaration inside a record. */
export interface Member {
  declarators: Declarator[];
  /** record defined in the member's specifiers */
  record: RecordNode | null;
  first: Tok;
}

/** A struct or union with its body. */
export interface RecordNode {
  keyword: 'struct' | 'union';
  tag: string;
  place: Tok;
  end: Tok;
  members: Member[];
}

/** An enum with its body; an enumerator's `value` is what stands behind its `=`. */
interface EnumNode {
  tag: string;
  enumerators: { tok: Tok; value: Tok[] }[];
}

/** A declaration: what its specifiers say, and what it declares. */
export interface Declaration {
  typedef: boolean;
  static: boolean;
  extern: boolean;
  inline: boolean;
  record: RecordNode | null;
  enum: EnumNode | null;
  declarators: Declarator[];
  /** index of the token behind the declarator list: `{`, `;` or the end */
  stop: number;
}

/** Words of `unsigned long` and its like, stars in a row, brackets behind a name, parameters: what is more is not told. */
const MAX_WORDS = 8;

const MAX_STARS = 20;
const MAX_SUFFIXES = 30;
/** Parameters of a function that are told. */
export const MAX_PARAMS = 250;
interface Specifiers {
  /** the token behind them */
  next: number;
  base: string;
  /** the base is made of so many words such as `unsigned long` alone */
  words: number;
  constant: boolean;
  typedef: boolean;
  static: boolean;
  extern: boolean;
  inline: boolean;
  record: RecordNode | null;
  enum: EnumNode | null;
}

/** Reads specifiers from `i`; null where no type can be read there. */
function readSpecifiers(toks: readonly Tok[], i: number): Specifiers | null {
  const out: Specifiers = {
    next: i,
    base: '',
    words: 0,
    constant: false,
    typedef: false,
    static: false,
    extern: false,
    inline: false,
    record: null,
    enum: null,
  };
  while (out.next < toks.length && toks[out.next].kind === Kind.Identifier) {
    const next = readSpecifier(toks, out.next, out);
    if (next < 0) break;
    out.next = next;
  }
  if (out.base === '') return null;
  if (out.constant) out.base = `const ${out.base}`;
  return out;
}

/** Reads one word of specifiers, with all that belongs to it; the token behind it, -1 where it is none of them. */
function readSpecifier(toks: readonly Tok[], i: number, out: Specifiers): number {
  const word = toks[i].text;
  if (isTagWord(word)) return readTagged(toks, i, word, out);
  if (readStorage(word, out)) return i + 1;
  if (BASE_WORDS.has(word)) {
    // a word before a base type was an unknown attribute, not a type
    if (out.words === 0) out.base = word;
    else if (out.words < MAX_WORDS) out.base = `${out.base} ${word}`;
    out.words++;
    return i + 1;
  }
  if (TYPEOF.has(word) && toks[i + 1]?.kind === PAREN_OPEN) {
    const end = skipGroup(toks, i + 1);
    out.base = `typeof(${joinToks(toks.slice(i + 2, end - 1))})`;
    out.words = 0;
    return end;
  }
  if (word === '__auto_type') {
    out.base = '__auto_type';
    out.words = 0;
    return i + 1;
  }
  if (out.base === '') {
    if (!namesType(toks, i)) return -1;
    out.base = word;
    return i + 1;
  }
  return isUnknownAttribute(toks, i) ? i + 1 : -1;
}

/** Notes a storage class or a qualifier; false where the word is neither. */
function readStorage(word: string, out: Specifiers): boolean {
  switch (word) {
    case 'const':
    case '__const':
      out.constant = true;
      return true;
    case 'static':
      out.static = true;
      return true;
    case 'extern':
      out.extern = true;
      return true;
    case 'typedef':
      out.typedef = true;
      return true;
    case 'inline':
    case '__inline':
    case '__inline__':
      out.inline = true;
      return true;
    default:
      return QUALIFIERS.has(word);
  }
}

/** Reads `struct tag`, with its body where one follows; the token behind it. */
function readTagged(toks: readonly Tok[], i: number, word: 'struct' | 'union' | 'enum', out: Specifiers): number {
  const keyword = toks[i];
  let place = keyword;
  let tag = '';
  let j = i + 1;
  while (toks[j]?.kind === Kind.Identifier) {
    // an unknown attribute may stand between the keyword and the tag: the last word is the tag
    if (toks[j + 1]?.kind === PAREN_OPEN && toks[skipGroup(toks, j + 1)]?.kind === Kind.Identifier) {
      j = skipGroup(toks, j + 1);
      continue;
    }
    tag = toks[j].text;
    place = toks[j];
    j++;
    if (toks[j]?.kind !== Kind.Identifier || !bodyFollows(toks, j)) break;
  }
  if (word === 'enum' && toks[j]?.kind === COLON)
    while (j < toks.length && toks[j].kind !== BRACE_OPEN && toks[j].kind !== SEMICOLON) j++;
  if (toks[j]?.kind === BRACE_OPEN) {
    const end = skipGroup(toks, j);
    const body = toks.slice(j + 1, end - 1);
    if (word === 'enum') out.enum = { tag, enumerators: readEnumerators(body) };
    else out.record = { keyword: word, tag, place, end: toks[end - 1] ?? keyword, members: readMembers(body) };
    j = end;
  }
  out.base = tag ? `${word} ${tag}` : out.record ? `${word} @` : word;
  out.words = 0;
  return j;
}

/** Is the word, which no list knows, a type, by what follows it? */
function namesType(toks: readonly Tok[], i: number): boolean {
  const after = toks[i + 1]?.kind;
  if (after === PAREN_OPEN) return toks[i + 2]?.kind === STAR || opensNested(toks, i + 1);
  return after === Kind.Identifier || after === STAR || after === COMMA || after === PAREN_CLOSE;
}

/** `T unknown_attribute name`: two words after the type. */
function isUnknownAttribute(toks: readonly Tok[], i: number): boolean {
  const after = toks[i + 1];
  if (after?.kind === Kind.Identifier) return !isStatementWord(after.text);
  return after?.kind === STAR && /^__\w+$/.test(toks[i].text);
}

/** Does a `{` follow at `i` after at most a few words? Then the words are attributes and the last is the tag. */
function bodyFollows(toks: readonly Tok[], i: number): boolean {
  for (let n = 0; n < 3 && toks[i]?.kind === Kind.Identifier; n++) i++;
  return toks[i]?.kind === BRACE_OPEN;
}

function readEnumerators(body: readonly Tok[]): EnumNode['enumerators'] {
  const out: EnumNode['enumerators'] = [];
  for (let i = 0; i < body.length; ) {
    const tok = body[i++];
    if (tok.kind !== Kind.Identifier) continue;
    const from = i;
    while (i < body.length && body[i].kind !== COMMA)
      i = body[i].kind === PAREN_OPEN || body[i].kind === BRACE_OPEN ? skipGroup(body, i) : i + 1;
    const value = body.slice(from, i);
    out.push({ tok, value: value[0]?.kind === ASSIGN ? value.slice(1) : [] });
    i++;
  }
  return out;
}

interface DeclaratorNode {
  next: number;
  nameTok: Tok | null;
  /** the declarator's text with the name left out */
  text: string;
  params: Param[] | null;
  /** text of what a function declarator returns, behind the base type */
  returns: string;
}

function readDeclarator(toks: readonly Tok[], from: number): DeclaratorNode {
  const { stars, next } = readStars(toks, from);
  let i = next;
  let nameTok: Tok | null = null;
  let inner: DeclaratorNode | null = null;
  const tok = toks[i];
  if (tok?.kind === Kind.Identifier) {
    nameTok = tok;
    i++;
    // an unknown attribute behind the name
    while (toks[i]?.kind === Kind.Identifier && (toks[i + 1] === undefined || ENDS_NAME.has(toks[i + 1].kind))) i++;
  } else if (tok?.kind === PAREN_OPEN && opensNested(toks, i)) {
    inner = readDeclarator(toks, i + 1);
    nameTok = inner.nameTok;
    i = skipGroup(toks, i);
  }
  let suffix = '';
  let params: Param[] | null = null;
  for (let n = 0; ; n++) {
    const open = toks[i]?.kind;
    if (open !== BRACKET_OPEN && (open !== PAREN_OPEN || (params !== null && !inner))) break;
    const end = skipGroup(toks, i);
    const group = toks.slice(i + 1, end - 1);
    if (open === PAREN_OPEN) params ??= readParams(group);
    if (n < MAX_SUFFIXES) suffix += open === PAREN_OPEN ? `(${joinToks(group)})` : `[${joinToks(group)}]`;
    i = end;
  }
  if (!inner || (!inner.params && inner.text === ''))
    return { next: i, nameTok, text: stars + suffix, params, returns: stars };
  return {
    next: i,
    nameTok,
    text: `${stars}(${inner.text})${suffix}`,
    params: inner.params,
    returns: inner.params ? `${stars}(${inner.returns})${suffix}` : '',
  };
}

/** What may follow an attribute that stands behind a name. */
const ENDS_NAME: ReadonlySet<number> = new Set([SEMICOLON, COMMA, ASSIGN, Kind.Identifier, BRACE_OPEN]);

/** The stars in front of a name, qualifiers and unknown attributes among them passed over. */
function readStars(toks: readonly Tok[], from: number): { stars: string; next: number } {
  let stars = '';
  let i = from;
  for (; i < toks.length; i++) {
    const { kind, text } = toks[i];
    if (kind === STAR) {
      if (stars.length < MAX_STARS) stars += '*';
      continue;
    }
    if (kind !== Kind.Identifier) break;
    const isQualifier = text === 'const' || QUALIFIERS.has(text);
    if (!isQualifier && (stars === '' || toks[i + 1]?.kind !== Kind.Identifier || isStatementWord(text))) break;
  }
  return { stars, next: i };
}

/** Is the `(` at `i` a nested declarator rather than a parameter list? */
function opensNested(toks: readonly Tok[], i: number): boolean {
  let j = i + 1;
  while (toks[j]?.kind === Kind.Identifier && toks[j + 1]?.kind === STAR) j++;
  const tok = toks[j];
  if (!tok) return false;
  if (tok.kind === STAR || tok.kind === PAREN_OPEN || tok.kind === CARET) return true;
  const behind = toks[skipGroup(toks, i)];
  return (
    tok.kind === Kind.Identifier &&
    toks[j + 1]?.kind === PAREN_CLOSE &&
    (behind?.kind === PAREN_OPEN || behind?.kind === BRACKET_OPEN) &&
    !isTypeWord(tok.text)
  );
}

/**
 * Parameters from the tokens between the parentheses; `(void)` has none. What can't be read is a parameter without a
 * type.
 */
export function readParams(group: readonly Tok[]): Param[] {
  const params: Param[] = [];
  for (const part of splitCommas(group)) {
    if (part.length === 0) continue;
    if (params.length === MAX_PARAMS) break;
    if (part[0].kind === Kind.Ellipsis) {
      params.push({ name: '...', type: '...' });
      continue;
    }
    const spec = readSpecifiers(part, 0);
    if (!spec) {
      params.push({ name: part.at(-1)?.text ?? '', type: '' });
      continue;
    }
    const declarator = readDeclarator(part, spec.next);
    if (part.length === 1 && spec.base === 'void') continue;
    params.push({ name: declarator.nameTok?.text ?? '', type: withBase(spec.base, declarator.text) });
  }
  return params;
}

/** The longest type that is told whole. */
const MAX_TYPE = 10_000;

/** `base` and a declarator's text as one type text: pointers after a blank, the rest as C has it. */
function withBase(base: string, text: string): string {
  if (base.length + text.length > MAX_TYPE) return base.length > MAX_TYPE ? '' : base;
  return text === '' ? base : text[0] === '[' ? base + text : `${base} ${text}`;
}

function readMembers(body: readonly Tok[]): Member[] {
  const members: Member[] = [];
  for (let i = 0; i < body.length; ) {
    if (body[i].kind === SEMICOLON) {
      i++;
      continue;
    }
    const spec = readSpecifiers(body, i);
    if (!spec) {
      i = skipTo(body, i, ENDS_MEMBER, BRACE_OPEN, PAREN_OPEN);
      continue;
    }
    const list = readDeclarators(body, spec);
    if (spec.record || list.declarators.length)
      members.push({ declarators: list.declarators, record: spec.record, first: body[i] });
    i = skipTo(body, Math.max(list.stop, i + 1), ENDS_MEMBER, BRACE_OPEN, PAREN_OPEN);
  }
  return members;
}

function readDeclarators(toks: readonly Tok[], spec: Specifiers): { declarators: Declarator[]; stop: number } {
  const declarators: Declarator[] = [];
  let i = spec.next;
  while (i < toks.length) {
    const node = readDeclarator(toks, i);
    if (node.next === i && toks[i].kind !== COLON) break;
    i = node.next;
    if (toks[i]?.kind === COLON) i = skipTo(toks, i + 1, ENDS_WIDTH, PAREN_OPEN);
    let init: Tok[] | null = null;
    if (toks[i]?.kind === ASSIGN) {
      const from = i + 1;
      i = skipTo(toks, from, ENDS_VALUE, BRACE_OPEN, PAREN_OPEN, BRACKET_OPEN);
      init = toks.slice(from, i);
    }
    if (node.nameTok)
      declarators.push({
        name: node.nameTok.text,
        nameTok: node.nameTok,
        type: withBase(spec.base, node.text),
        params: node.params,
        returnType: withBase(spec.base, node.returns),
        init,
      });
    if (toks[i]?.kind !== COMMA) break;
    i++;
  }
  return { declarators, stop: i };
}

const ENDS_WIDTH: ReadonlySet<number> = new Set([COMMA, SEMICOLON, BRACE_OPEN, ASSIGN]);
const ENDS_VALUE: ReadonlySet<number> = new Set([COMMA, SEMICOLON]);
const ENDS_MEMBER: ReadonlySet<number> = new Set([SEMICOLON]);

/** The first token from `i` on that is one of `ends`, groups that the other kinds open passed over. */
function skipTo(toks: readonly Tok[], i: number, ends: ReadonlySet<number>, a: number, b = a, c = a): number {
  while (i < toks.length) {
    const k = toks[i].kind;
    if (ends.has(k)) break;
    i = k === a || k === b || k === c ? skipGroup(toks, i) : i + 1;
  }
  return i;
}

/**
 * The declaration that opens at token `i` of a piece; null where the tokens are no declaration. `toks` are expanded
 * and without attributes.
 */
export function readDeclaration(toks: readonly Tok[], i = 0): Declaration | null {
  const spec = readSpecifiers(toks, i);
  if (!spec) return null;
  const { declarators, stop } = readDeclarators(toks, spec);
  return {
    typedef: spec.typedef,
    static: spec.static,
    extern: spec.extern,
    inline: spec.inline,
    record: spec.record,
    enum: spec.enum,
    declarators,
    stop,
  };
}

/** Type text of a cast or compound literal `( … )`, without the parentheses; null where it is no type. */
export function readTypeName(toks: readonly Tok[]): string | null {
  const spec = readSpecifiers(
    [...toks, { kind: PAREN_CLOSE, text: ')', pos: 0, macro: false, arm: 0, condition: null, plain: false }],
    0,
  );
  if (!spec) return null;
  const declarator = readDeclarator(toks, spec.next);
  return declarator.nameTok ? null : withBase(spec.base, declarator.text);
}
