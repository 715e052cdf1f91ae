/** Function names as compilers and linkers leave them in a kernel's symbol table. */

/** A function without what the compiler added, and what it added, in order. */
export interface BaseName {
  function: string;
  suffixes: string[];
}

/** Room in front of a function: its padding (CONFIG_FUNCTION_PADDING) and the hash that kCFI checks. */
const IN_FRONT = /^__(?:pfx|cfi)_(?=[A-Za-z_])/;

/** Does a symbol name what lies in front of a function, not the function's code? `__pfx_kthread`, `__cfi_kthread` */
export const isInFront = (text: string): boolean => IN_FRONT.test(text);

/**
 * Words that GCC, clang and the kernel's build append to the name of a copy or a piece of a function. See
 * scripts/kallsyms.c and kernel/module/kallsyms.c (`cleanup_symbol_name`) for the kernel's own list.
 */
const SUFFIX_WORDS = new Set([
  'isra',
  'constprop',
  'part',
  'cold',
  'hot',
  'unlikely',
  'llvm',
  'cfi',
  'cfi_jt',
  '__uniq',
  'lto_priv',
  'localalias',
  'clone',
  'ipa',
  'alias',
  'exit',
  'startup',
  'plt',
  'thunk',
  'stub',
  'kcfi',
  'resume',
  'destroy',
  'cleanup',
]);

const isNumber = (s: string) => /^[0-9]+$/.test(s);

/**
 * Splits `do_execveat_common.isra.0.cold` into `do_execveat_common` and [`.isra.0`, `.cold`]. A name with a segment
 * that no compiler is known to add stays whole. `__pfx_f` and `__cfi_f` lie in front of f. Rust's names are never split: their dots do not come from a suffix.
 */
export function baseName(symbol: string): BaseName {
  const text = symbol.replace(IN_FRONT, '');
  // ppc64's function descriptors once gave the code the name `.f`
  const from = text.startsWith('.') ? 1 : 0;
  const dot = text.indexOf('.', from);
  if (dot < 0 || text.includes('::')) return { function: text.slice(from), suffixes: [] };
  const suffixes: string[] = [];
  for (const segment of text.slice(dot + 1).split('.')) {
    const word = SUFFIX_WORDS.has(segment);
    if (!word && !isNumber(segment)) return { function: text.slice(from), suffixes: [] };
    if (word || suffixes.length === 0) suffixes.push(`.${segment}`);
    else suffixes[suffixes.length - 1] += `.${segment}`;
  }
  return { function: text.slice(from, dot), suffixes };
}

/** May `code` stand in a C symbol? Letters, digits, `_`, `.` and `$`. */
export function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46 ||
    code === 36
  );
}

/** Longest name taken for one: Rust's mangled names are long, KSYM_NAME_LEN is 512. */
const LONGEST_NAME = 512;

/** Start of the bracketed part that ends at `end - 1`, or -1. */
function openingOf(s: string, end: number, open: number, close: number, least: number): number {
  let depth = 0;
  for (let i = end - 1; i >= least; i--) {
    const c = s.charCodeAt(i);
    // the `>` of `->` in a Rust type closes nothing
    if (c === close && !(c === 62 && s.charCodeAt(i - 1) === 45)) depth++;
    else if (c === open && --depth === 0) return i;
  }
  return -1;
}

/**
 * Where the function's name that ends at `end` starts: a C symbol, or a Rust path with `::`, `<T as U>` and `{closure}`.
 * `end` itself where no name ends there.
 */
export function nameStart(s: string, end: number): number {
  const least = Math.max(0, end - LONGEST_NAME);
  let i = end;
  while (i > least) {
    const c = s.charCodeAt(i - 1);
    if (isNameCode(c)) i--;
    else if (c === 58 && s.charCodeAt(i - 2) === 58) i -= 2;
    else if (c === 125 || c === 62) {
      const open = openingOf(s, i, c === 125 ? 123 : 60, c, least);
      // `<IRQ>f` and `=>f`: a section and an arrow, not a part of a path
      if (open < 0 || (i === end && c === 62)) break;
      if (c === 62 && s.slice(i, i + 2) !== '::') break;
      i = open;
    } else if (c === 35 && s.charCodeAt(i - 2) === 123) i--;
    else break;
  }
  return i;
}

/** Is `name` a symbol that a frame can have? Addresses and numbers are not. */
export function isSymbol(name: string): boolean {
  const c = name.charCodeAt(0);
  if (Number.isNaN(c) || (c >= 48 && c <= 57)) return false;
  return name !== '.' && name !== '$';
}
