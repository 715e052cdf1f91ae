/**
 * System call tables: of `syscall.tbl` a kernel's build makes headers that list every call as `__SYSCALL(nr, entry)`, and
 * the architecture's code #includes them where it wants a table, a switch or prototypes. No build is needed: what the
 * makefiles beside a table say is read here, and the lists are made as the tree's own scripts make them.
 */

import { architectureOf, domainOf, folderOf } from '../../kernel/domain.ts';
import type { HeaderMacros } from './scan.ts';

/** One header that a build makes. */
interface MadeHeader {
  /** relative to the tree: `arch/x86/include/generated/asm/syscalls_64.h` */
  path: string;
  text: string;
}

/** Gives the text of a file of the tree; null where there is none. */
type ReadText = (path: string) => string | null;

/** A header's beginning in a text that holds several, as cpp marks where a file begins. */
const MARKER = /^# 1 "([^"]+)"$/m;

/** Several headers as one text, each behind a line marker. */
const joined = (headers: readonly MadeHeader[]): string =>
  headers.map(({ path, text }) => `# 1 "${path}"\n${text}`).join('');

/** The headers in what `joined` made; none of a text without line markers. */
export function madeHeaders(text: string): MadeHeader[] {
  const parts = text.split(MARKER);
  const out: MadeHeader[] = [];
  for (let i = 1; i + 1 < parts.length; i += 2) out.push({ path: parts[i], text: parts[i + 1] });
  return out;
}

/** A table of system calls as what `scanMacros` finds in a header: its template holds what `syscallHeaders` makes of it. */
export const scannedTable = (
  path: string,
  bytes: Buffer,
  read: ReadText,
  architectures: readonly string[],
): HeaderMacros => ({
  file: path,
  macros: [],
  includes: [],
  callbacks: [],
  template: syscallHeaders(path, bytes.toString('latin1'), read, architectures) || null,
});

/**
 * The headers that a build makes of the table `path`, for `madeHeaders` to take apart; '' where no makefile tells of any.
 * `architectures` are the folders of arch/: a table of all of them (scripts/syscall.tbl, since 6.11) makes some for each.
 */
function syscallHeaders(path: string, table: string, read: ReadText, architectures: readonly string[]): string {
  const own = architectureOf(domainOf(path));
  const headers: MadeHeader[] = [];
  for (const arch of own ? [own] : architectures)
    for (const makefile of makefilesFor(path, arch, read)) {
      const made = headersBy(makefile, path, arch, table, read);
      if (made.length === 0) continue;
      headers.push(...made);
      break;
    }
  return joined(headers);
}

/** A makefile's text, and the folder that it calls $(src). */
interface Makefile {
  text: string;
  folder: string;
}

/** Makefiles that may have rules for a table: the one beside it, and since 6.11 one for all architectures. */
function makefilesFor(path: string, arch: string, read: ReadText): Makefile[] {
  const folder = folderOf(path);
  const out: Makefile[] = [];
  const beside = folder === 'scripts' ? null : read(`${folder}/Makefile`);
  if (beside !== null) out.push({ text: beside, folder });
  const all = read('scripts/Makefile.asm-headers');
  // arch/x/include/asm/Kbuild tells which headers are wanted, arch/x/kernel/Makefile.syscalls of which table
  const wanted = all === null ? null : read(`arch/${arch}/include/asm/Kbuild`);
  if (all !== null && wanted !== null) {
    const own = read(`arch/${arch}/kernel/Makefile.syscalls`) ?? '';
    out.push({
      text: `obj := arch/${arch}/include/generated/asm\n${all}\n${own}\n${wanted}`,
      folder: `arch/${arch}/include/asm`,
    });
  }
  return out;
}

/** What a makefile's variables stand for; those of a target alone by `target name`. */
type Variables = ReadonlyMap<string, string>;

const ASSIGNED = /^[ \t]*([\w.-]+)[ \t]*(:=|\?=|\+=|=)[ \t]*(.*)$/;
const FOR_TARGET = /^([^\s:=#]+)[ \t]*:[ \t]*([\w-]+)[ \t]*:?=[ \t]*(.*)$/;
const RULE = /^([^\s:=#][^:=]*):[ \t]*([^=]*)$/;

/** A rule: what is made, and of what. Both may hold one `%`. */
interface Rule {
  target: string;
  sources: string[];
}

function readMakefile(
  { text, folder }: Makefile,
  arch: string,
): { variables: Variables; rules: Rule[]; words: string[] } {
  const variables = new Map([
    ['SRCARCH', arch],
    ['ARCH', arch],
    ['srctree', '.'],
    ['src', folder],
  ]);
  const rules: [string, string][] = [];
  const words: string[] = [];
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    if (line.startsWith('\t') || line.startsWith('#')) continue;
    const assigned = ASSIGNED.exec(line);
    if (assigned) {
      const [, name, how, value] = assigned;
      words.push(...value.split(/\s+/));
      // what an architecture adds to, or puts in the place of, what all have
      if (how === '+=') variables.set(name, `${variables.get(name) ?? ''} ${value}`);
      else if (name !== 'src' && (how !== '?=' || !variables.has(name))) variables.set(name, value);
      continue;
    }
    const own = FOR_TARGET.exec(line);
    if (own) variables.set(`${own[1]} ${own[2]}`, own[3]);
    const rule = own ? null : RULE.exec(line);
    if (rule) rules.push([rule[1], rule[2]]);
  }
  const made = rules.flatMap(([targets, sources]) =>
    targets
      .trim()
      .split(/\s+/)
      .map((target) => ({ target, sources: sources.trim().split(/\s+/) })),
  );
  return { variables, rules: made, words };
}

const MAX_DEPTH = 8;

/** A word with its variables replaced; a path in it without `./` at its front. */
function meant(word: string, variables: Variables, stem = '', depth = 0): string {
  const out = word
    .replaceAll('$*', stem)
    .replace(/\$\(([\w.-]+)\)/g, (_, name: string) =>
      depth < MAX_DEPTH ? meant((variables.get(name) ?? '').trim(), variables, stem, depth + 1) : '',
    );
  return depth === 0 ? out.replace(/^(?:\.\/)+/, '').replace(/\/\/+|\/\.\//g, '/') : out;
}

/** The part of a name that stands for the `%` of a pattern, '' where there is no `%`; null where it doesn't fit. */
function stemOf(pattern: string, name: string): string | null {
  const at = pattern.indexOf('%');
  if (at < 0) return pattern === name ? '' : null;
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits = name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return fits ? name.slice(before.length, name.length - after.length) : null;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Headers with the numbers alone are made of the table, too; nobody reads calls out of them. */
const HAS_NUMBERS_ONLY = /^unistd|(?:_|-)nr\b/;

function headersBy(makefile: Makefile, path: string, arch: string, table: string, read: ReadText): MadeHeader[] {
  const { variables, rules, words } = readMakefile(makefile, arch);
  const out = new Map<string, MadeHeader>();
  for (const { target, sources } of rules) {
    const pattern = meant(target, variables);
    if (HAS_NUMBERS_ONLY.test(baseOf(pattern)) || !/\.[hS]$/.test(pattern)) continue;
    // of a pattern the makefile's lists tell which are wanted
    const names = pattern.includes('%')
      ? [...new Set(words.map((w) => `${folderOf(pattern)}/${baseOf(meant(w, variables))}`))]
      : [pattern];
    for (const name of names) {
      const stem = stemOf(pattern, name);
      if (stem === null || out.has(name)) continue;
      const from = sources.map((s) => meant(s, variables, stem).replace('%', stem));
      if (!from.includes(path)) continue;
      const abis = abisOf(variables, target, name, stem);
      const script = scriptText(from, variables, read);
      out.set(name, { path: name, text: listOf(table, abis, script) });
    }
  }
  return [...out.values()];
}

/** The ABIs that a header lists the calls of; null for all. */
function abisOf(variables: Variables, target: string, name: string, stem: string): string[] | null {
  const command = variables.get('cmd_systbl') ?? '';
  const base = baseOf(name).replace(/\.[hS]$/, '');
  const option = /--abis\s+(\$\((?:[^()]|\([^()]*\))*\)|\S+)/.exec(command)?.[1] ?? '';
  const asked =
    variables.get(`${target} abis`) ??
    variables.get(`systbl_abis_${base}`) ??
    variables.get(`syscall_abis_${stem}`) ??
    (option.includes('(') ? '' : option);
  const abis = meant(asked, variables, stem)
    .split(/[\s,]+/)
    .filter(Boolean);
  return abis.length > 0 ? abis : null;
}

/** The text of the script that makes the list, where a rule or the command names one that is in the tree. */
function scriptText(sources: readonly string[], variables: Variables, read: ReadText): string {
  const named = [...sources, meant(variables.get('systbl') ?? '', variables).replace(/'/g, '')];
  const script = named.find((s) => /syscalltbl/.test(s));
  return (script && read(script)) || '';
}

/** A line of a table: `0 common read sys_read compat_sys_read`. */
const ENTRY = /^(\d+)\s+(\S+)\s+(\S+)(?:\s+(\S+))?(?:\s+(\S+))?/;

/** How a tree's script writes its list. */
interface Style {
  /** s390 tells both entries in one: `SYSCALL(sys_read, compat_sys_s390_read)` */
  both: boolean;
  /** x86 before 5.11 has a macro for each ABI: `__SYSCALL_64(0, sys_read)`; those in common have one of their own, or that of 64 */
  byAbi: boolean;
  hasCommon: boolean;
  /** behind the entry a qualifier, or how many arguments it takes */
  third: string;
}

const styleOf = (script: string, table: string): Style => ({
  both: /\bSYSCALL\(/.test(script) || (script === '' && /<compat-entry>/.test(table)),
  byAbi: /__SYSCALL_\$\{?abi/.test(script),
  hasCommon: /__SYSCALL_COMMON|_COMMON\b/.test(script),
  third: /__SYSCALL[^\n]*,\s*\$qualifier|__SYSCALL\(%s,\s*%s,\s*\)/.test(script) ? ', ' : '',
});

/** The list as the tree's script makes it: one macro's use a call. */
function listOf(table: string, abis: readonly string[] | null, script: string): string {
  const style = styleOf(script, table);
  const out: string[] = [];
  let next = 0;
  for (const line of table.split('\n')) {
    const m = ENTRY.exec(line);
    if (!m || (abis && !abis.includes(m[2]))) continue;
    const entry = { nr: Number(m[1]), abi: m[2].toUpperCase(), native: nameIn(m[4]), compat: nameIn(m[5]) };
    if (!style.both && !style.byAbi)
      for (; next < entry.nr && entry.nr - next < MAX_GAP; next++)
        out.push(`__SYSCALL(${next}, sys_ni_syscall${style.third})`);
    out.push(...linesOf(entry, style));
    next = entry.nr + 1;
  }
  return out.map((text) => `${text}\n`).join('');
}

/** A name without its qualifier; '' for none. */
const nameIn = (word = ''): string => (word === '-' ? '' : word.split('/')[0]);

/** Numbers without a call, one after the other; mips begins with 4000. */
const MAX_GAP = 600;

/** A call's number, its ABI in capitals, and the functions that it enters; '' for none. */
interface Entry {
  nr: number;
  abi: string;
  native: string;
  compat: string;
}

function linesOf({ nr, abi, native, compat }: Entry, { both, byAbi, hasCommon, third }: Style): string[] {
  const own = native || 'sys_ni_syscall';
  if (both) return [`SYSCALL(${own}, ${compat || 'sys_ni_syscall'})`];
  const suffix = !byAbi ? '' : abi === 'COMMON' && !hasCommon ? '_64' : `_${abi}`;
  const plain = (name: string): string => `__SYSCALL${suffix}(${nr}, ${name}${third})`;
  if (!compat || (third && !byAbi)) return [plain(own)];
  return third
    ? ['#ifdef CONFIG_X86_32', plain(own), '#else', plain(compat), '#endif']
    : [`__SYSCALL_WITH_COMPAT(${nr}, ${own}, ${compat})`];
}
