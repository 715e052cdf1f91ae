/** Kernel expressions in the text of mails, logs and notes: what a reader would look up, and no English word. */

/**
 * - `access`: `inode->i_mapping->a_ops->readpage(file, page)`;
 * - `slot`: a member without its object, `->fault()`, `.fault = `;
 * - `member`: `vm_operations_struct.fault`;
 * - `type`: `struct x`, `union x`, `enum x`;
 * - `file`: `fs/ext4/inode.c:3308`;
 * - `frame`: `vfs_read+0x9f/0x310`;
 * - `call`: `ext4_file_mmap()`;
 * - `name`: a name with an underscore.
 */
export type ExpressionKind = 'access' | 'slot' | 'member' | 'type' | 'file' | 'frame' | 'call' | 'name';

/** Something in a line of prose that a reader of the kernel would look up. */
export interface Expression {
  kind: ExpressionKind;
  /** columns of the expression in UTF-16 units, [start, end) */
  start: number;
  end: number;
  text: string;
  /** what the expression comes to: the last member, the function, the tag, the path */
  name: string;
  /** columns of `name` */
  nameStart: number;
  nameEnd: number;
  /** `file` only: 1-based */
  line: number | null;
}

/** Longest line and longest arguments that are read. */
const LONGEST = 20_000;
const LONGEST_ARGUMENTS = 400;

const KEYWORDS = new Set(
  'if for while switch return sizeof typeof defined do else case goto static inline const void int long char short unsigned signed'.split(
    ' ',
  ),
);
/** words behind `struct` in a sentence that are no tag */
const NO_TAG = new Set(
  'is are of in that which for with and or has to as it on was the a an this type member members name field fields'.split(
    ' ',
  ),
);
const PLURALS = new Set(['s', 'es', 'ies', 'ren', 'y']);
const FILE_END = /\.(?:c|h|S|rs|dts|dtsi|lds|rst|py|sh|s)$/;

const isIdentStart = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
const isIdent = (c: number) => isIdentStart(c) || (c >= 48 && c <= 57);
const isPathCode = (c: number) => isIdent(c) || c === 46 || c === 47 || c === 45 || c === 43;

function identEnd(s: string, at: number): number {
  let i = at;
  while (i < s.length && isIdent(s.charCodeAt(i))) i++;
  return i;
}

/** End of the brackets that open at `at`, or -1 where they do not close in reach. */
function bracketsEnd(s: string, at: number): number {
  let depth = 0;
  const limit = Math.min(s.length, at + LONGEST_ARGUMENTS);
  for (let i = at; i < limit; i++) {
    const c = s.charCodeAt(i);
    if (c === 40 || c === 91) depth++;
    else if (c === 41 || c === 93) {
      if (--depth === 0) return i + 1;
    }
  }
  return -1;
}

/** A path with a source's ending at `at`, and the `:line` behind it. */
function fileAt(s: string, at: number): Expression | null {
  let end = at;
  const limit = Math.min(s.length, at + 401);
  while (end < limit && isPathCode(s.charCodeAt(end))) end++;
  // the full stop of the sentence
  while (end > at && (s.charCodeAt(end - 1) === 46 || s.charCodeAt(end - 1) === 45)) end--;
  const path = s.slice(at, end);
  if (path.length > 400 || !FILE_END.test(path)) return null;
  const m = /^:(\d{1,7})(?::\d{1,5})?(?!\w)/.exec(s.slice(end, end + 16));
  // `main.c` alone is a file, `e.s` in a sentence is not
  if (!m && !path.includes('/') && path.length < 5) return null;
  return {
    kind: 'file',
    start: at,
    end: end + (m ? m[0].length : 0),
    text: s.slice(at, end + (m ? m[0].length : 0)),
    name: path,
    nameStart: at,
    nameEnd: end,
    line: m ? Number(m[1]) : null,
  };
}

interface Chain {
  end: number;
  arrows: number;
  dots: number;
  nameStart: number;
  nameEnd: number;
  called: boolean;
}

/** Follows `->m`, `.m`, `[i]` and `(args)` from the end of a name. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one scanner loop, a branch for each kind of link
function chainFrom(s: string, start: number, first: number): Chain {
  const chain: Chain = { end: first, arrows: 0, dots: 0, nameStart: start, nameEnd: first, called: false };
  for (let i = first; i < s.length; ) {
    const c = s.charCodeAt(i);
    if (c === 91 || c === 40) {
      const end = bracketsEnd(s, i);
      if (end < 0) break;
      const after = s.charCodeAt(end);
      const goesOn =
        (after === 45 && s.charCodeAt(end + 1) === 62) || (after === 46 && isIdentStart(s.charCodeAt(end + 1)));
      if (!goesOn && (c === 91 || chain.arrows + chain.dots === 0)) break;
      chain.called = c === 40;
      chain.end = i = end;
      continue;
    }
    const arrow = c === 45 && s.charCodeAt(i + 1) === 62;
    const dot = c === 46;
    const from = i + (arrow ? 2 : 1);
    if ((!arrow && !dot) || !isIdentStart(s.charCodeAt(from))) break;
    const end = identEnd(s, from);
    if (arrow) chain.arrows++;
    else {
      // a dot joins sentences and host names, too: one side must look like C
      const c_ = chain.arrows > 0 || s.slice(start, i).includes('_') || s.slice(from, end).includes('_');
      if (!c_) break;
      chain.dots++;
    }
    chain.nameStart = from;
    chain.nameEnd = chain.end = i = end;
    chain.called = false;
  }
  return chain;
}

/** Does the name that ends at `end` have `(…)` that makes it a call, not a plural or a manual's section? */
function callEnd(s: string, start: number, end: number): number {
  if (s.charCodeAt(end) !== 40) return -1;
  const close = bracketsEnd(s, end);
  if (close < 0) return -1;
  const name = s.slice(start, end);
  const args = s.slice(end + 1, close - 1).trim();
  if (KEYWORDS.has(name)) return -1;
  if (args === '') return close;
  if (PLURALS.has(args) || /^\d[a-z]?$/.test(args)) return name.includes('_') ? end : -1;
  return name.includes('_') || /[,>&*"]/.test(args) ? end : -1;
}

/** `&file->f_op`: an address is part of the expression. */
const withSign = (s: string, start: number) =>
  s.charCodeAt(start - 1) === 38 && s.charCodeAt(start - 2) !== 38 ? start - 1 : start;

/** A member without its object at `at`: `->fault()`, `.fault = `. */
function slotAt(s: string, at: number): Expression | null {
  const arrow = s.charCodeAt(at) === 45;
  const from = at + (arrow ? 2 : 1);
  if (!isIdentStart(s.charCodeAt(from))) return null;
  const first = identEnd(s, from);
  const chain = chainFrom(s, from, first);
  let end = chain.end;
  if (s.charCodeAt(end) === 40) {
    const close = bracketsEnd(s, end);
    if (close > 0) end = close;
  }
  if (!arrow && end === chain.end && !/^\s*=[^=]/.test(s.slice(end, end + 40))) return null;
  const { nameStart, nameEnd } = chain;
  return {
    kind: 'slot',
    start: at,
    end,
    text: s.slice(at, end),
    name: s.slice(nameStart, nameEnd),
    nameStart,
    nameEnd,
    line: null,
  };
}

const FRAME = /\+0x[0-9a-f]{1,8}(?:\/0x[0-9a-f]{1,8})?/y;
const TYPE = /(?:struct|union|enum) {1,2}([A-Za-z_]\w{0,120})/y;

/** The expression that starts with the name [start, end), or null for an ordinary word. */
function expressionAt(s: string, start: number, end: number): Expression | null {
  const make = (kind: ExpressionKind, from: number, to: number, nameStart: number, nameEnd: number): Expression => ({
    kind,
    start: from,
    end: to,
    text: s.slice(from, to),
    name: s.slice(nameStart, nameEnd),
    nameStart,
    nameEnd,
    line: null,
  });
  FRAME.lastIndex = end;
  if (FRAME.test(s)) return make('frame', start, FRAME.lastIndex, start, end);
  if (end - start <= 6) {
    TYPE.lastIndex = start;
    const type = TYPE.exec(s);
    if (type && !NO_TAG.has(type[1]))
      return make('type', start, TYPE.lastIndex, TYPE.lastIndex - type[1].length, TYPE.lastIndex);
  }
  const chain = chainFrom(s, start, end);
  if (chain.arrows + chain.dots > 0) {
    let to = chain.end;
    if (s.charCodeAt(to) === 40) {
      const close = bracketsEnd(s, to);
      if (close > 0) to = close;
    }
    const kind =
      chain.arrows === 0 && chain.dots === 1 && !s.slice(start, chain.nameStart).includes('[') ? 'member' : 'access';
    return make(kind, withSign(s, start), to, chain.nameStart, chain.nameEnd);
  }
  const call = callEnd(s, start, end);
  if (call > 0) return make('call', start, call, start, end);
  const name = s.slice(start, end);
  if (name.includes('_') && /[A-Za-z]/.test(name) && !/^_+$/.test(name) && name.length > 2)
    return make('name', start, end, start, end);
  return null;
}

/** Is the run of characters around `at` an address of the web or of mail? Its end, or -1. */
function addressEnd(s: string, at: number): number {
  let end = at;
  let mark = false;
  while (end < s.length && end - at < 400) {
    const c = s.charCodeAt(end);
    if (c <= 32 || c === 34 || c === 60 || c === 62 || c === 40 || c === 41 || c === 44) break;
    if (c === 64 || (c === 58 && s.startsWith('//', end + 1))) mark = true;
    end++;
  }
  return mark ? end : -1;
}

/**
 * The expressions of one line, in their order, none inside another. Arguments of a plain call are read on their own,
 * those of an access belong to it. Time is linear in the line; of a very long one only the front is read.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one scanner loop, a branch for each kind of character
export function expressionsIn(line: string): Expression[] {
  const s = line.length > LONGEST ? line.slice(0, LONGEST) : line;
  const found: Expression[] = [];
  for (let i = 0; i < s.length; ) {
    const c = s.charCodeAt(i);
    const before = i === 0 ? 32 : s.charCodeAt(i - 1);
    const free = !isIdent(before) && before !== 46 && before !== 47;
    let expression: Expression | null = null;
    if (c === 45 && s.charCodeAt(i + 1) === 62 && !isIdent(before) && before !== 41 && before !== 93)
      expression = slotAt(s, i);
    else if (c === 46 && (before === 32 || before === 9 || before === 96 || before === 123))
      expression = slotAt(s, i) ?? fileAt(s, i);
    else if (c === 47 && free) expression = fileAt(s, i);
    else if (isIdentStart(c) && !isIdent(before)) {
      if (before <= 32 || before === 60 || before === 40 || before === 91) {
        const address = addressEnd(s, i);
        if (address > 0) {
          i = address;
          continue;
        }
      }
      const end = identEnd(s, i);
      expression = (free ? fileAt(s, i) : null) ?? (before === 64 ? null : expressionAt(s, i, end));
      if (!expression) {
        i = end;
        continue;
      }
    }
    if (expression) {
      found.push(expression);
      i = expression.end;
    } else i++;
  }
  return found;
}
