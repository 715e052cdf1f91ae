/** Facts of a text in a test, by either parser, and facts as short lines that a test can spell out. */
import { describe } from 'vitest';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import type { AssignmentFact, Expression, FileFacts, InitFact, PathStep } from '../../../server/src/facts/types.ts';
import {
  addHeaderMacros,
  type MacroKnowledge,
  newMacroKnowledge,
} from '../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../server/src/syntax/macros/scan.ts';
import { type CParser, createParser } from '../../../server/src/syntax/parser.ts';

/** Texts of headers by path. */
export type Headers = Record<string, string>;

export interface Given {
  /** of the file; default: `drivers/misc/x.c` */
  path?: string;
  headers?: Headers;
  architecture?: string;
}

export function knowledgeOf(headers: Headers, architecture = 'x86'): MacroKnowledge {
  const knowledge = newMacroKnowledge(architecture);
  for (const [path, text] of Object.entries(headers))
    addHeaderMacros(knowledge, scanMacros(path, Buffer.from(text, 'latin1')));
  return knowledge;
}

/** Attribute macros as every kernel tree has them. */
const ATTRIBUTES: Headers = {
  'include/linux/compiler_attributes.h': `#define __aligned(x) __attribute__((__aligned__(x)))
#define __section(section) __attribute__((__section__(section)))
#define __used __attribute__((__used__))
#define __must_check __attribute__((__warn_unused_result__))
#define __always_inline inline __attribute__((__always_inline__))
#define __deprecated
#define __visible __attribute__((__externally_visible__))
`,
  'include/linux/cache.h': `#define ____cacheline_aligned __attribute__((__aligned__(SMP_CACHE_BYTES)))
#ifdef CONFIG_SMP
#define ____cacheline_aligned_in_smp ____cacheline_aligned
#else
#define ____cacheline_aligned_in_smp
#endif
`,
  'include/linux/kconfig.h': '#define IS_ENABLED(option) __or(IS_BUILTIN(option), IS_MODULE(option))\n',
  'include/linux/linkage.h': '#define asmlinkage CPP_ASMLINKAGE\n#define CPP_ASMLINKAGE\n',
  'include/linux/compiler_types.h': '#define __user\n#define __private\n#define __randomize_layout\n',
  'include/linux/init.h': `#define __init __section(".init.text") __cold
#define __cold __attribute__((__cold__))
#define __initconst __section(".init.rodata")
`,
};

export type FactsOf = (text: string | Buffer, given?: Given) => FileFacts;

const factsBy =
  (parser: CParser): FactsOf =>
  (text, { path = 'drivers/misc/x.c', headers = {}, architecture = 'x86' } = {}) =>
    fileFacts(
      path,
      typeof text === 'string' ? Buffer.from(text, 'latin1') : text,
      knowledgeOf({ ...ATTRIBUTES, ...headers }, architecture),
      parser,
    );

const native = await createParser('native').catch((error: Error) => error);
const wasm = await createParser('wasm');

/** The parsers that load on this machine. */
export const parsers: CParser[] = native instanceof Error ? [wasm] : [native, wasm];

/** Facts by the parser that Kerntrail would take here. */
export const factsOf: FactsOf = factsBy(parsers[0]);

/** Runs a suite once for each parser; one that does not load here is skipped, and says why. */
export function describeBoth(name: string, suite: (factsOf: FactsOf) => void): void {
  if (native instanceof Error)
    describe.skip(`${name} (native: ${native.message.split('\n')[0]})`, () => suite(factsBy(wasm)));
  else describe(`${name} (native)`, () => suite(factsBy(native)));
  describe(`${name} (wasm)`, () => suite(factsBy(wasm)));
}

/** `.a.b`, `[IDX]` without blanks, `{0}` for a position. */
export const pathText = (path: readonly PathStep[]): string =>
  path
    .map((s) =>
      'member' in s ? `.${s.member}` : 'index' in s ? `[${s.index.replaceAll(' ', '')}]` : `{${s.position}}`,
    )
    .join('');

function initText(init: InitFact): string {
  const { value } = init;
  const literal = init.literalType ? ` as ${init.literalType}@${init.literalDepth}` : '';
  return `${pathText(init.path)} = ${value.address ? '&' : ''}${value.name}${value.member ? `.${value.member}` : ''}${literal}${value.condition === null ? '' : ` if ${value.condition}`}`;
}

/** What is put where in a variable, a line each. */
export function inits(facts: FileFacts, variable: string): string[] {
  const found = facts.variables.filter((v) => v.name === variable);
  if (found.length === 0) throw new Error(`no variable ${variable}; there are ${names(facts.variables).join(', ')}`);
  return found.flatMap((v) => v.inits.map(initText));
}

/** Every variable with its values: `type name: .a = f; .b = g`. */
export const tables = (facts: FileFacts): string[] =>
  facts.variables.map((v) => [`${v.type} ${v.name}`, v.inits.map(initText).join('; ')].filter(Boolean).join(': '));

export const names = (list: readonly { name: string }[]): string[] => list.map((f) => f.name);

function expressionText(e: Expression): string {
  switch (e[0]) {
    case 'id':
      return e[1];
    case '.':
    case '->':
      return `${expressionText(e[1])}${e[0]}${e[2]}`;
    case '[]':
      return `${expressionText(e[1])}[]`;
    case '*':
    case '&':
      return `${e[0]}${expressionText(e[1])}`;
    case 'call':
      return `${expressionText(e[1])}(${e[2].map(expressionText).join(', ')})`;
    case 'cast':
      return `(${e[1]})${expressionText(e[2])}`;
    case '?':
      return `?${expressionText(e[1])}:${expressionText(e[2])}`;
    default:
      return `<${e[1]}>`;
  }
}

/** An expression as short text. */
export function show(e: Expression | null): string {
  if (!e) return '-';
  switch (e[0]) {
    case 'id':
      return e[1];
    case '.':
    case '->':
      return `${show(e[1])}${e[0]}${e[2]}`;
    case '[]':
      return `${show(e[1])}[]`;
    case '*':
    case '&':
      return `${e[0]}${show(e[1])}`;
    case 'call':
      return `${show(e[1])}(${e[2].map(show).join(',')})`;
    case 'cast':
      return `(${e[1]})${show(e[2])}`;
    case '?':
      return `{${show(e[1])} or ${show(e[2])}}`;
    default:
      return '…';
  }
}

function assignmentText(a: AssignmentFact): string {
  const right = a.inits.length
    ? `(${a.literalType}){${a.inits.map(initText).join('; ')}}`
    : a.values
        .map(
          (v) =>
            `${v.address ? '&' : ''}${v.name}${v.member ? `.${v.member}` : ''}${v.condition === null || v.condition === a.condition ? '' : ` if ${v.condition}`}`,
        )
        .join(' or ');
  return `${a.line} ${a.function}: ${expressionText(a.target)}${a.member ? ` (${a.member})` : ''} = ${right}${a.condition === null ? '' : ` if ${a.condition}`}`;
}

/** `line function: target (member) = values`, for every assignment. */
export const assignments = (facts: FileFacts): string[] => facts.assignments.map(assignmentText);

/** `name: type`, for every member of a record. */
export function fields(facts: FileFacts, tag: string): string[] {
  const record = facts.records.find((r) => r.tag === tag);
  if (!record) throw new Error(`no record ${tag}; there are ${facts.records.map((r) => r.tag).join(', ')}`);
  return record.fields.map((f) => `${f.name}: ${f.type}${f.condition === null ? '' : ` if ${f.condition}`}`);
}
