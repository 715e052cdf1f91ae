import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

// The embedded sample is the first thing a new user sees, and other tests rest on it: it has to be C, and what its
// README and its backtraces say about it has to be true.

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const TREE = join(SAMPLES, 'mini-kernel');
const TRACES = join(SAMPLES, 'backtraces');

const FILES = readdirSync(TREE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(TREE, join(entry.parentPath, entry.name)))
  .sort();
const SOURCES = FILES.filter((file) => /\.[chS]$/.test(file));
const TEXTS = new Map(SOURCES.map((file) => [file, readFileSync(join(TREE, file), 'latin1')]));
const ALL = [...TEXTS.values()].join('\n');

describe('mini-kernel', () => {
  test('is recognised as a kernel tree', () => {
    for (const file of ['Kbuild', 'Kconfig', 'MAINTAINERS', 'Makefile', 'README.md', 'include/linux/fs.h'])
      expect(FILES).toContain(file);
    expect(readFileSync(join(TREE, 'Makefile'), 'utf8')).toMatch(/^VERSION = \d+\nPATCHLEVEL = \d+$/m);
  });

  test('is tidy: licence, tabs, 80 columns', () => {
    const untidy: string[] = [];
    for (const [file, text] of TEXTS) {
      const lines = text.split('\n');
      if (!/^(\/\/|\/\*) SPDX-License-Identifier: MIT/.test(lines[0])) untidy.push(`${file}: no licence`);
      lines.forEach((line, index) => {
        const wide = line.replace(/[^\t]*\t/g, (cell) => cell.slice(0, -1).padEnd((cell.length + 7) & ~7));
        if (wide.length > 80 || /[ \t]$/.test(line) || /^ {2}/.test(line)) untidy.push(`${file}:${index + 1}: ${line}`);
      });
    }
    expect(untidy).toEqual([]);
  });
});

// ---------------------------------------------------------------------------------------------------- it compiles

const CONFIGS = [...new Set(ALL.match(/\bCONFIG_[A-Z0-9_]+/g))].filter((name) => name !== 'CONFIG_X').sort();

const FLAGS = ['-fsyntax-only', '-std=gnu11', '-Wall', '-ffreestanding', '-nostdinc', '-fno-diagnostics-color'];
// Errors whatever the compiler's age; other new warnings don't fail a user's `npm test`.
for (const warning of [
  'implicit-function-declaration',
  'incompatible-pointer-types',
  'int-conversion',
  'return-type',
  'unused-function',
  'unused-variable',
])
  FLAGS.push(`-Werror=${warning}`);

interface Build {
  name: string;
  flags: string[];
  files: string[];
}

function builds(): Build[] {
  const all: Build[] = [];
  const c = SOURCES.filter((file) => file.endsWith('.c'));
  const generic = c.filter((file) => !/^(arch|tools)\//.test(file));
  const defines = CONFIGS.map((name) => `-D${name}=1`);
  // Only what sees asm/ can differ on the second architecture; leaving out the rest saves a second.
  const seesArch = generic.filter((file) => /<asm\/|linux\/syscalls\.h/.test(TEXTS.get(file) ?? ''));
  for (const arch of ['x86', 'arm64']) {
    const include = [`-Iarch/${arch}/include`, '-Iinclude'];
    const common = arch === 'x86' ? generic : seesArch;
    const files = [...common, ...c.filter((file) => file.startsWith(`arch/${arch}/`))];
    all.push({ name: `${arch}, all options off`, flags: include, files });
    all.push({ name: `${arch}, all options on`, flags: [...include, ...defines], files });
  }
  const modules = generic.filter((file) => TEXTS.get(file)?.includes('THIS_MODULE'));
  all.push({ name: 'modules', flags: ['-DMODULE', '-Iarch/x86/include', '-Iinclude', ...defines], files: modules });
  all.push({ name: 'tools', flags: ['-Itools/include'], files: c.filter((file) => file.startsWith('tools/')) });
  return all;
}

/** Runs gcc over all files of a build, in as many processes as there are processors; what it complained about. */
async function complaints(build: Build): Promise<string> {
  const jobs = availableParallelism();
  const share = (job: number): string[] => build.files.filter((_, index) => index % jobs === job);
  const outputs = Array.from({ length: jobs }, (_, job) => {
    const files = share(job);
    if (files.length === 0) return '';
    return new Promise<string>((resolve) => {
      execFile('gcc', [...FLAGS, ...build.flags, ...files], { cwd: TREE }, (error, _stdout, stderr) =>
        resolve(error ? stderr || error.message : ''),
      );
    });
  });
  return (await Promise.all(outputs)).join('');
}

// gcc on a Mac is Apple's clang, which knows none of the sections that the sample uses.
const HAS_GCC = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;
const SKIP = !HAS_GCC && !process.env.CI;
if (SKIP) console.warn('samples.test.ts: no gcc on PATH, so whether the sample compiles was not tested');

describe.skipIf(SKIP)('mini-kernel compiles (skipped where there is no gcc)', () => {
  for (const build of builds()) {
    test(build.name, async () => {
      expect(build.files.length).toBeGreaterThan(0);
      expect(await complaints(build)).toBe('');
    }, 60_000);
  }

  test('the assembly files go through the preprocessor', () => {
    for (const file of SOURCES.filter((source) => source.endsWith('.S'))) {
      const include = `-I${file.split('/').slice(0, 2).join('/')}/include`;
      const run = spawnSync('gcc', ['-E', '-D__ASSEMBLY__', '-nostdinc', '-Iinclude', include, file], { cwd: TREE });
      expect(run.status, run.stderr.toString()).toBe(0);
      expect(run.stdout.toString()).not.toContain('SYM_CODE_START');
    }
  });
});

// ------------------------------------------------------------------------ what README.md and the backtraces say of it

interface Definition {
  file: string;
  first: number;
  last: number;
  body: string;
}

/** Where each function is: found by kernel style alone, with both braces in the first column. */
function findDefinitions(): Map<string, Definition[]> {
  const found = new Map<string, Definition[]>();
  const add = (name: string, definition: Definition): void => {
    found.set(name, [...(found.get(name) ?? []), definition]);
  };
  for (const [file, text] of TEXTS) {
    const lines = text.split('\n');
    if (file.endsWith('.S')) {
      lines.forEach((line, index) => {
        const name = line.match(/^SYM_(?:CODE|FUNC)_START\((\w+)\)/)?.[1] ?? line.match(/^idtentry \w+ (\w+)/)?.[1];
        if (name)
          add(name, { file, first: index + 1, last: index + 30, body: lines.slice(index, index + 30).join('\n') });
      });
      continue;
    }
    lines.forEach((line, index) => {
      if (line !== '{') return;
      let first = index;
      while (first > 0 && !/^$|[;}/]$|^#/.test(lines[first - 1])) first--;
      const head = lines.slice(first, index).join(' ');
      const last = lines.indexOf('}', index);
      const definition = { file, first: first + 1, last: last + 1, body: lines.slice(index, last).join('\n') };
      const call = head.match(/(?:SYSCALL_DEFINE\d|DEFINE_IDTENTRY\w*)\((\w+)/);
      if (call?.[0].startsWith('SYSCALL'))
        for (const prefix of ['__x64_sys_', '__arm64_sys_', '__se_sys_', '__do_sys_'])
          add(prefix + call[1], definition);
      else if (call) for (const prefix of ['', '__']) add(prefix + call[1], definition);
      else add(head.match(/(\w+)\(/)?.[1] ?? '', definition);
    });
  }
  // What macros make: idtentry by the list in idtentry.h, arm64's entries, a platform driver's module functions.
  const made = (name: string, file: string): void => add(name, { file, first: 1, last: 10_000, body: '' });
  for (const [, name] of ALL.matchAll(/^DECLARE_IDTENTRY\w*\(\w+, (\w+)\);$/gm))
    made(`asm_${name}`, 'arch/x86/entry/entry_64.S');
  for (const [, el, ht, size, label] of ALL.matchAll(/^\tentry_handler\t(\w+), (\w+), (\w+), (\w+)$/gm))
    made(`el${el}${ht}_${size}_${label}`, 'arch/arm64/kernel/entry.S');
  for (const [, name] of ALL.matchAll(/^module_platform_driver\((\w+)\)/gm))
    for (const end of ['init', 'exit']) made(`${name}_${end}`, 'drivers/misc/tempsense.c');
  return found;
}

const DEFINITIONS = findDefinitions();

/** Does `from` call, name or stand for `to`? */
function leadsTo(from: string, to: string): boolean {
  const word = new RegExp(`\\b${to}\\b`);
  const targets = DEFINITIONS.get(to) ?? [];
  return (DEFINITIONS.get(from) ?? []).some(
    (definition) => definition.body === '' || targets.includes(definition) || word.test(definition.body),
  );
}

describe('README.md', () => {
  const readme = readFileSync(join(TREE, 'README.md'), 'utf8');
  /** Each indented paragraph is a chain: functions, `->slot` and `(argument)`, from caller to callee. */
  const chains = readme
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.startsWith('    '))
    .map((paragraph) => paragraph.trim().split(/\s+/));

  test('names files that are there', () => {
    for (const [, path] of readme.matchAll(/`((?:\w+\/)+[\w-]*(?:\.\w+)?)`/g))
      expect(
        FILES.some((file) => file.startsWith(path)),
        path,
      ).toBe(true);
  });

  test('describes chains that are there', () => {
    expect(chains.length).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (const chain of chains) {
      chain.forEach((step, index) => {
        if (/^->|^\(/.test(step)) return;
        const next = chain[index + 1];
        if (!DEFINITIONS.has(step)) wrong.push(`${step} is not defined`);
        else if (next && !leadsTo(step, next.replace(/^->|[()]/g, ''))) wrong.push(`${step} does not lead to ${next}`);
      });
    }
    expect(wrong).toEqual([]);
  });
});

describe('backtraces', () => {
  /** Functions of a real kernel that the sample does without. */
  const FOREIGN = /kasan|^print_report$/;
  const traces = readdirSync(TRACES).filter((name) => name.endsWith('.txt'));

  test('README.md lists each', () => {
    const readme = readFileSync(join(TRACES, 'README.md'), 'utf8');
    expect([...readme.matchAll(/^\| `([\w-]+\.txt)`/gm)].map((match) => match[1]).sort()).toEqual(traces.sort());
  });

  test.each(traces)('%s has frames, all of functions that are there', (name) => {
    const text = readFileSync(join(TRACES, name), 'utf8');
    const functions = [
      ...text.matchAll(/\b(\w+)(?:\.isra\.\d+)?\+0x[0-9a-f]+\/0x[0-9a-f]+/g),
      ...text.matchAll(/^ => (\w+)/gm),
      ...text.matchAll(/^#\d+ +(?:0x[0-9a-f]+ in )?(\w+) \(/gm),
    ].map((match) => match[1]);
    expect(functions.length).toBeGreaterThan(3);
    expect(functions.filter((fn) => !DEFINITIONS.has(fn) && !FOREIGN.test(fn))).toEqual([]);
  });

  // Whoever edits a file above these lines will hear of it here.
  test('lines in GDB backtraces are where the call is', () => {
    const text = readFileSync(join(TRACES, 'gdb-three-ways.txt'), 'utf8');
    const wrong: string[] = [];
    let callee = '';
    for (const match of text.matchAll(/^#(\d+) +(?:0x[0-9a-f]+ in )?(\w+) \(.*\) at (.+):(\d+)$/gm)) {
      const [frame, index, name, file, at] = match;
      const line = Number(at);
      const source = readFileSync(join(TREE, file), 'latin1').split('\n')[line - 1];
      const inside = (DEFINITIONS.get(name) ?? []).some(
        (definition) => definition.file === file && definition.first <= line && line <= definition.last,
      );
      const called = index === '0' || /SYSCALL_DEFINE|->\w+\(|\\cfunc|sys_call_table/.test(source);
      if (!inside || !(called || source.includes(callee))) wrong.push(`${frame}\n\t${source}`);
      callee = name;
    }
    expect(wrong).toEqual([]);
  });
});
