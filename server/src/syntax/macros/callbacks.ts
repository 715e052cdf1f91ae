/**
 * Which names a text declares as pointers to functions, and as pointers to tables of them: a scan for a few words, made of
 * every header before anything is parsed, so that a body's reader knows which members are worth a look.
 */
import { isTypeWord } from '../words.ts';

/**
 * The names, as one list: `name` of `(*name)(` and of `typedef int name(`, `{tag` of a struct that is mostly such members,
 * `*name tag` of `const struct tag *name;`, `=name type` of a member `type name;` whose type some typedef makes.
 */
export function callbackNames(bytes: Buffer): Set<string> {
  const names = new Set<string>();
  // each struct is looked at once, however many such members lie behind it
  let end = 0;
  let struct = -1;
  let next = bytes.indexOf(STRUCT, 0, 'latin1');
  for (let at = bytes.indexOf('(*', 0, 'latin1'); at >= 0; at = bytes.indexOf('(*', at + 2, 'latin1')) {
    const name = nameAt(bytes, at);
    if (name === null) continue;
    names.add(name);
    if (at <= end) continue;
    const last = struct;
    for (; next >= 0 && next <= at; next = bytes.indexOf(STRUCT, next + 1, 'latin1')) struct = next;
    if (struct > last) end = addTable(bytes, struct, at, names);
  }
  addTablePointers(bytes, names);
  addFunctionTypes(bytes, names);
  addTypedMembers(bytes, names);
  return names;
}

const TYPEDEF = 'typedef ';

/** Adds the types of functions themselves, `typedef int filler_t(struct file *, struct folio *)`: pointers to one are `filler_t *`. */
function addFunctionTypes(bytes: Buffer, names: Set<string>): void {
  for (let at = bytes.indexOf(TYPEDEF, 0, 'latin1'); at >= 0; at = bytes.indexOf(TYPEDEF, at + 1, 'latin1')) {
    const from = at + TYPEDEF.length;
    let open = from;
    while (open < bytes.length && open - from < MAX_SIZE && !ENDS_TYPE.has(bytes[open])) open++;
    if (bytes[open] !== 0x28 || bytes[open + 1] === 0x2a || !isWordByte(bytes[open - 1])) continue;
    let name = open;
    while (isWordByte(bytes[name - 1])) name--;
    const text = bytes.toString('latin1', name, open);
    if (name > from && !text.startsWith('__')) names.add(text);
  }
}

/** `(`, `;` and `{`: what ends the words in front of a typedef's name, or the typedef. */
const ENDS_TYPE: ReadonlySet<number> = new Set([0x28, 0x3b, 0x7b]);

/** The name in `(*name)(` or `(*name[3])(` at `at`; null for any other `(*`. */
function nameAt(bytes: Buffer, at: number): string | null {
  let from = at + 2;
  while (isBlank(bytes[from])) from++;
  let to = from;
  while (isWordByte(bytes[to])) to++;
  if (to === from) return null;
  let end = to;
  if (bytes[end] === 0x5b) {
    const size = bytes.subarray(end, end + MAX_SIZE).indexOf(0x5d);
    if (size < 0) return null;
    end += size + 1;
  }
  const isCalled = bytes[end] === 0x29 && bytes[bytes[end + 1] === 0x20 ? end + 2 : end + 1] === 0x28;
  return isCalled ? bytes.toString('latin1', from, to) : null;
}

/** The longest size of an array that is looked over. */
const MAX_SIZE = 400;

const STRUCT = '\nstruct ';

/** A table has one such member among so many at least. */
const MIN_FUNCTIONS = 3;

/** Adds the tag of the struct at `start`, if the member at `at` is in it and it is a table; its end, or `at` where it is not. */
function addTable(bytes: Buffer, start: number, at: number, names: Set<string>): number {
  const from = start + STRUCT.length;
  let to = from;
  while (isWordByte(bytes[to])) to++;
  // a function that gives back a struct's address may take a pointer to a function, too
  const open = bytes[to] === 0x20 ? to + 1 : to;
  if (bytes[open] !== 0x7b) return at;
  let members = 0;
  let functions = 0;
  let depth = 0;
  let end = open;
  for (; end < bytes.length; end++) {
    const c = bytes[end];
    if (c === 0x7b) depth++;
    else if (c === 0x7d && --depth === 0) break;
    else if (c === 0x3b) members++;
    else if (c === 0x28 && bytes[end + 1] === 0x2a && nameAt(bytes, end) !== null) functions++;
  }
  if (end < at) return at;
  if (functions * MIN_FUNCTIONS >= members) names.add(`{${bytes.toString('latin1', from, to)}`);
  return end;
}

const WORDS = 'const struct ';

function addTablePointers(bytes: Buffer, names: Set<string>): void {
  for (let at = bytes.indexOf(WORDS, 0, 'latin1'); at >= 0; at = bytes.indexOf(WORDS, at + 1, 'latin1')) {
    const tag = at + WORDS.length;
    let tagEnd = tag;
    while (isWordByte(bytes[tagEnd])) tagEnd++;
    let from = tagEnd;
    while (isBlank(bytes[from])) from++;
    if (bytes[from] !== 0x2a) continue;
    while (isBlank(bytes[from]) || bytes[from] === 0x2a) from++;
    let to = from;
    while (isWordByte(bytes[to])) to++;
    if (bytes[to] === 0x3b && to > from)
      names.add(`*${bytes.toString('latin1', from, to)} ${bytes.toString('latin1', tag, tagEnd)}`);
  }
}

const isBlank = (c: number): boolean => c === 0x20 || c === 0x09;
const isWordByte = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 48 && c <= 57);

const SEMICOLON = 0x3b;
/** What a declaration stands behind: a line's end, `{`, `;`. */
const STANDS_BEFORE: ReadonlySet<number> = new Set([0x0a, 0x7b, SEMICOLON]);

/** Adds what is declared by one word and a name, `work_func_t func;`, `filler_t *fill;`. */
function addTypedMembers(bytes: Buffer, names: Set<string>): void {
  for (let at = bytes.indexOf(SEMICOLON); at >= 0; at = bytes.indexOf(SEMICOLON, at + 1)) {
    // `fn_t name[3];`
    const end = bytes[at - 1] === 0x5d ? bytes.lastIndexOf(0x5b, at) : at;
    let from = end;
    while (isWordByte(bytes[from - 1])) from--;
    let typeEnd = from;
    while (isBlank(bytes[typeEnd - 1]) || bytes[typeEnd - 1] === 0x2a) typeEnd--;
    let type = typeEnd;
    while (isWordByte(bytes[type - 1])) type--;
    let lead = type;
    while (isBlank(bytes[lead - 1])) lead--;
    if (from === end || typeEnd === from || type === typeEnd || !STANDS_BEFORE.has(bytes[lead - 1])) continue;
    const word = bytes.toString('latin1', type, typeEnd);
    if (!isTypeWord(word) && !NO_TYPE.has(word)) names.add(`=${bytes.toString('latin1', from, end)} ${word}`);
  }
}

/** `return x;`, `goto out;` */
const NO_TYPE = new Set(['return', 'goto']);

/** What some texts declare. */
export interface Callbacks {
  /** names of pointers to functions */
  functions: Set<string>;
  /** tags of tables */
  tables: Set<string>;
  /** by the name of a member: the types that declare it, where these are single words */
  typed: Map<string, Set<string>>;
  /** names of members that a type of functions declares, by these texts alone; null until they are asked for */
  ofTypes: Set<string> | null;
  /** by the name of a pointer: the structs it may point to */
  pointers: Map<string, Set<string>>;
  /** names of pointers to tables, by these texts alone; null until they are asked for */
  toTables: Set<string> | null;
}

/** Callbacks of no text yet. */
export const newCallbacks = (): Callbacks => ({
  functions: new Set(),
  tables: new Set(),
  typed: new Map(),
  ofTypes: null,
  pointers: new Map(),
  toTables: null,
});

/** Adds what `callbackNames` found in a text. */
export function addCallbacks(to: Callbacks, names: Iterable<string>): void {
  to.toTables = null;
  to.ofTypes = null;
  for (const name of names) {
    if (name[0] === '{') to.tables.add(name.slice(1));
    else if (name[0] === '*') addPair(to.pointers, name);
    else if (name[0] === '=') addPair(to.typed, name);
    else to.functions.add(name);
  }
}

function addPair(to: Map<string, Set<string>>, text: string): void {
  const [name, of] = text.slice(1).split(' ');
  const known = to.get(name);
  if (known) known.add(of);
  else to.set(name, new Set([of]));
}

/** May a pointer to a function have this name, by its own declaration or that of its type, in its own file or the headers? */
export function mayBeFunction(name: string, own: Callbacks, headers: Callbacks): boolean {
  if (headers.functions.has(name) || own.functions.has(name)) return true;
  headers.ofTypes ??= new Set(
    [...headers.typed].flatMap(([member, types]) => ([...types].some((t) => headers.functions.has(t)) ? [member] : [])),
  );
  if (headers.ofTypes.has(name)) return true;
  for (const type of own.typed.get(name) ?? []) if (headers.functions.has(type) || own.functions.has(type)) return true;
  return false;
}

/** May a member of this name point to a table, as its own file or the headers declare it? */
export function mayPointToTable(name: string, own: Callbacks, headers: Callbacks): boolean {
  headers.toTables ??= new Set(
    [...headers.pointers].flatMap(([pointer, tags]) => ([...tags].some((t) => headers.tables.has(t)) ? [pointer] : [])),
  );
  if (headers.toTables.has(name)) return true;
  for (const tag of own.pointers.get(name) ?? []) if (headers.tables.has(tag) || own.tables.has(tag)) return true;
  return false;
}
