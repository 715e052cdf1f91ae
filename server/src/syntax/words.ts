/** The words of C and of its compilers: which open a type, a statement, a test, and which are no values and no calls. */

/** What stands beside a type and tells nothing of it. `const`, `static`, `extern`, `typedef` and `inline` are told. */
export const QUALIFIERS: ReadonlySet<string> = new Set([
  'volatile',
  '__volatile__',
  'register',
  'auto',
  '__restrict',
  '__restrict__',
  'restrict',
  '__extension__',
  '_Noreturn',
  '__volatile',
  '_Thread_local',
  '__thread',
  '__const',
  '__signed__',
  '__signed',
  '__inline',
  '__inline__',
  '__complex__',
  '_Atomic',
]);

/** The words that C's own types are made of: `unsigned long int`. */
export const BASE_WORDS: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '_Bool',
  '__int128',
  '__builtin_va_list',
  '_Complex',
]);

/** Words that take something in parentheses of which no declaration needs to know. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  '__attribute__',
  '__attribute',
  'asm',
  '__asm__',
  '__asm',
  '__declspec',
  '_Alignas',
  '_Static_assert',
]);

/** Types that are told by a value. */
export const TYPEOF: ReadonlySet<string> = new Set(['typeof', '__typeof__', '__typeof', '__auto_type']);

const TYPE_WORDS: ReadonlySet<string> = new Set([
  ...BASE_WORDS,
  ...TYPEOF,
  ...QUALIFIERS,
  'struct',
  'union',
  'enum',
  'const',
  'static',
  'extern',
  'inline',
]);

const STATEMENT_WORDS = new Set([
  'if',
  'else',
  'while',
  'for',
  'do',
  'switch',
  'case',
  'default',
  'return',
  'goto',
  'break',
  'continue',
  'sizeof',
]);

const HEAD_WORDS = new Set(['if', 'while', 'for', 'switch']);

const WORDS_BEFORE_VALUES = new Set(['return', 'if', 'while', 'for', 'switch', 'case', 'else', 'do', 'goto', 'sizeof']);

const NOT_CALLED = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'typeof',
  '__typeof__',
  '__typeof',
  '__alignof__',
  '_Alignof',
  'offsetof',
  '__builtin_offsetof',
  '__builtin_constant_p',
  '__builtin_types_compatible_p',
  '__builtin_choose_expr',
  '__builtin_expect',
  '__attribute__',
  '__attribute',
  'asm',
  '__asm__',
  '__asm',
  'defined',
  'case',
  'else',
  'do',
  'goto',
  '_Static_assert',
  '_Generic',
  '__extension__',
  '__label__',
]);

const NOT_A_VALUE = new Set([
  'NULL',
  '__func__',
  '__FUNCTION__',
  '__PRETTY_FUNCTION__',
  '__builtin_constant_p',
  'true',
  'false',
  'sizeof',
  'offsetof',
  '__builtin_offsetof',
  '__alignof__',
]);

/** May a declaration open with the word, whatever follows? A typedef's name tells by what follows it alone. */
export const isTypeWord = (word: string): boolean => TYPE_WORDS.has(word);

/** Is the word one of C's own, or of its compilers'? It names nothing, but where a macro goes by it. */
export const isKeyword = (word: string): boolean =>
  TYPE_WORDS.has(word) || STATEMENT_WORDS.has(word) || ATTRIBUTES.has(word) || word === 'typedef';

/** `struct`, `union`, `enum`: a tag follows, which is no value. */
export const isTagWord = (word: string): word is 'struct' | 'union' | 'enum' =>
  word === 'struct' || word === 'union' || word === 'enum';

/** Does the word never open a declaration? */
export const isStatementWord = (word: string): boolean => STATEMENT_WORDS.has(word);

/** `if (…)`, `for (…)`: a statement follows the parentheses. */
export const isHeadWord = (word: string): boolean => HEAD_WORDS.has(word);

/** `return (x)`, `sizeof (x)`: is the word before a `(` no part of the value that the parentheses begin? */
export const standsBeforeValue = (word: string): boolean => WORDS_BEFORE_VALUES.has(word);

/** Is `word(` no call: a keyword, a built-in that only asks, a type? */
export const callsNothing = (word: string): boolean =>
  NOT_CALLED.has(word) || TYPE_WORDS.has(word) || STATEMENT_WORDS.has(word);

/** A word that is never worth a function or an object, and neither is what stands in parentheses behind it. */
export const isNoValue = (word: string): boolean => NOT_A_VALUE.has(word);

/** May a word be the name of a function or an object? Names in capitals are constants in a kernel. */
export const isValueWord = (word: string): boolean =>
  !NOT_A_VALUE.has(word) && !TYPE_WORDS.has(word) && /[a-z]/.test(word);

/** Does a word open assembly: `asm volatile (…)`? */
export const isAsm = (word: string): boolean => word === 'asm' || word === '__asm__' || word === '__asm';
