/**
 * Where functions are defined, found in the text of the tree: for questions that can't wait for the index. It goes by the
 * kernel's habit of beginning a definition at the start of a line, and looks at nothing else.
 */
import { domainOf } from '../../kernel/domain.ts';
import { syscallBase } from '../../kernel/syscalls.ts';
import { filesBelow, foldersIn } from '../tree.ts';
import { readTreeFile } from '../treeFiles.ts';

const NEWLINE = 10;
const PAREN = 40;
const CLOSE = 41;
const COMMA = 44;
const COLON = 58;
const SEMICOLON = 59;
const ASSIGN = 61;
const BRACE = 123;

const isWordStart = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
const isWord = (c: number): boolean => isWordStart(c) || (c >= 48 && c <= 57);
const isBlank = (c: number): boolean => c === 32 || c === 9 || c === NEWLINE || c === 13;

/** The functions that are looked for; system calls also by what SYSCALL_DEFINEn gets as its name. */
export interface Wanted {
  names: ReadonlySet<string>;
  syscalls: ReadonlyMap<string, readonly string[]>;
}

/** Makes a question of some names. */
export function wantedNames(names: Iterable<string>): Wanted {
  const all = new Set(names);
  const syscalls = new Map<string, string[]>();
  for (const name of all) {
    const base = syscallBase(name);
    if (base !== null) syscalls.set(base, [...(syscalls.get(base) ?? []), name]);
  }
  return { names: all, syscalls };
}

/**
 * Which of the names a text defines as functions: `int f(…)` with a body, `f` at the start of its line or behind its
 * type; what a macro makes of its arguments (`SYSCALL_DEFINE3(read, …)`, `SYM_CODE_START(entry)`); a label of assembly.
 */
export function definedIn(bytes: Buffer, wanted: Wanted): string[] {
  const found: string[] = [];
  for (let at = 0; at >= 0 && at < bytes.length; at = nextLine(bytes, at))
    if (isWordStart(bytes[at])) found.push(...inLine(bytes, at, wanted));
  return [...new Set(found)];
}

function nextLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end < 0 ? -1 : end + 1;
}

function inLine(bytes: Buffer, start: number, wanted: Wanted): string[] {
  for (let i = start; i < bytes.length; i++) {
    const c = bytes[i];
    if (c === NEWLINE || c === SEMICOLON || c === ASSIGN) return [];
    if (c === COLON) return has(bytes, start, i, wanted);
    if (c !== PAREN) continue;
    let end = i;
    while (end > start && isBlank(bytes[end - 1])) end--;
    let word = end;
    while (word > start && isWord(bytes[word - 1])) word--;
    const named = has(bytes, word, end, wanted);
    if (named.length > 0) return opensBody(bytes, i) ? named : [];
    if (word === start && bytes[start] < 97) return byMacro(bytes, start, i, wanted);
  }
  return [];
}

const has = (bytes: Buffer, from: number, to: number, { names }: Wanted): string[] => {
  const word = to - from > 1 && to - from < 128 ? bytes.toString('latin1', from, to) : '';
  return names.has(word) ? [word] : [];
};

/** Arguments of a macro that are looked at: the name stands among the first. */
const MOST_ARGUMENTS = 3;

function byMacro(bytes: Buffer, start: number, open: number, wanted: Wanted): string[] {
  const isSyscall = bytes.toString('latin1', start, open).includes('SYSCALL_DEFINE');
  let from = open + 1;
  for (let n = 0, i = from; n < MOST_ARGUMENTS && i < bytes.length && i < open + 400; i++) {
    const c = bytes[i];
    if (c === SEMICOLON || c === PAREN || c === BRACE) return [];
    if (c !== COMMA && c !== CLOSE) continue;
    let to = i;
    while (from < to && isBlank(bytes[from])) from++;
    while (to > from && isBlank(bytes[to - 1])) to--;
    const found = has(bytes, from, to, wanted);
    if (found.length > 0) return found;
    if (isSyscall) return [...(wanted.syscalls.get(bytes.toString('latin1', from, to)) ?? [])];
    if (c === CLOSE) return [];
    from = i + 1;
    n++;
  }
  return [];
}

/** Does a `{` come before the next `;`? Then it is a definition, not a prototype. */
function opensBody(bytes: Buffer, at: number): boolean {
  const semicolon = bytes.indexOf(SEMICOLON, at);
  const brace = bytes.subarray(at, semicolon < 0 ? bytes.length : semicolon).indexOf(BRACE);
  return brace >= 0;
}

/** Folders of the tree's top in which functions that stacks show are likeliest, behind mm, kernel and the architecture. */
const FIRST = ['fs', 'block', 'lib', 'net', 'ipc', 'io_uring', 'init', 'security', 'virt', 'crypto'];

/** C and assembly files of the kernel: those of some folders first, then the core's, other architectures' last. */
export function* filesInTurn(root: string, architecture: string, first: readonly string[]): Generator<string> {
  const tops = foldersIn(root, '');
  const own = `arch/${architecture}`;
  const others = foldersIn(root, 'arch').map((name) => `arch/${name}`);
  const rest = tops.filter((name) => name !== 'arch' && name !== 'include');
  const seen = new Set<string>();
  for (const folder of new Set([...first, 'mm', 'kernel', own, ...FIRST, ...rest, ...others]))
    for (const path of filesBelow(root, folder)) {
      if (path.endsWith('.h') || !domainOf(path).startsWith('kernel/') || seen.has(path)) continue;
      seen.add(path);
      yield path;
    }
}

/** Functions of the question that a file defines. */
export interface FoundDefinitions {
  path: string;
  names: string[];
}

/**
 * Looks for definitions in the files of a tree, and ends when all names are found. Null between two files: whoever asks
 * may do something else then.
 */
export function* definitionsInText(
  root: string,
  architecture: string,
  names: Iterable<string>,
  first: readonly string[],
): Generator<FoundDefinitions | null> {
  let wanted = wantedNames(names);
  for (const path of filesInTurn(root, architecture, first)) {
    if (wanted.names.size === 0) return;
    const bytes = readTreeFile(root, path)?.bytes;
    const found = bytes ? definedIn(bytes, wanted) : [];
    yield found.length > 0 ? { path, names: found } : null;
    if (found.length > 0) wanted = wantedNames([...wanted.names].filter((name) => !found.includes(name)));
  }
}
