import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { FileFacts } from '../../../server/src/facts/types.ts';
import { expand } from '../../../server/src/syntax/macros/expand.ts';
import { type CParser, createParser } from '../../../server/src/syntax/parser.ts';
import { readSource } from '../../../server/src/syntax/source.ts';
import { Kind } from '../../../server/src/syntax/tokens.ts';
import { knowledgeOf, readFile } from '../../attack/lib/pipeline.ts';
import { ASSEMBLY_SHAPES, C_SHAPES, PREPROCESSOR_SHAPES, type Shape } from '../../attack/lib/shapes.ts';

vi.setConfig({ testTimeout: 60_000 });

const SHAPES = [...C_SHAPES, ...PREPROCESSOR_SHAPES, ...ASSEMBLY_SHAPES];
const named = (name: string): Shape => {
  const found = SHAPES.find((s) => s.name === name);
  if (!found) throw new Error(`no shape is called ${name}`);
  return found;
};

let parser: CParser;

beforeAll(async () => {
  parser = await createParser();
});

const read = ({ path, make }: Shape, n: number): FileFacts =>
  readFile(path, Buffer.from(make(n), 'latin1'), knowledgeOf([]), parser);

/** Processor time of the quickest of three readings, in milliseconds. */
function cost(shape: Shape, n: number): number {
  const text = Buffer.from(shape.make(n), 'latin1');
  const knowledge = knowledgeOf([]);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    readFile(shape.path, text, knowledge, parser);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** Shapes, and a count at which a reading that is the square of it takes hundreds of milliseconds. */
const GROWING: [name: string, n: number][] = [
  ['nested calls with members', 400],
  ['nested literals', 800],
  ['chained calls', 600],
  ['chained indices', 1200],
  ['assignments in a chain', 800],
  ['assignments of a local in a chain', 800],
  ['locals of one statement', 1600],
  ['pointers to functions of one statement', 1000],
  ['one macro over and over', 6000],
  ['pasted arguments', 800],
  ['calls in a macro', 9000],
  ['escaped quotes in a directive', 20_000],
  ['blanks in a directive', 40_000],
  ['#elif', 2000],
  ['capitals', 12_000],
];

describe('eight times the text takes no more than some eight times as long', () => {
  // of the square it would be 64 times; the floor keeps what is too quick to measure out of it
  for (const [name, n] of GROWING)
    test(name, () => {
      const shape = named(name);
      const small = Math.max(8, cost(shape, n >> 3));
      expect(cost(shape, n)).toBeLessThan(20 * small);
    });
});

describe('no depth throws, and the facts say that something was left out', () => {
  for (const name of [
    'nested structs',
    'nested parentheses in a declarator',
    'nested lists',
    'nested blocks',
    'nested calls',
    'nested #if',
    '#elif',
    'parameters',
    'unclosed calls',
    'nested uses of a macro that calls',
  ])
    test(name, () => {
      expect(read(named(name), 600).partial).toBe(true);
    });

  test('ordinary nesting is whole', () => {
    expect(read(named('nested blocks'), 100).partial).toBe(false);
    expect(read(named('nested #if'), 20).partial).toBe(false);
  });

  test('chains and choices are read up to their bound', () => {
    for (const name of ['chained members', 'choices in a receiver', 'members in a macro', 'unary operators'])
      expect(() => read(named(name), 8000)).not.toThrow();
  });

  test('the rest of the file is read', () => {
    const text = `${named('nested structs').make(3000)}\nint after(struct node *p)\n{\n\treturn p->run(1);\n}\n`;
    const facts = readFile('drivers/x/y.c', Buffer.from(text), knowledgeOf([]), parser);
    expect(facts.functions.map((f) => f.name)).toEqual(['after']);
    expect(facts.sites.map((s) => s.name)).toEqual(['run']);
  });
});

test('a file beyond eight megabytes is read that far', () => {
  const text = `int first;\n${' '.repeat(9 << 20)}\nint last;\n`;
  const { tokens, cut } = readSource('drivers/x/y.c', Buffer.from(text), knowledgeOf([]));
  expect([tokens.count, cut]).toEqual([3, true]);
});

test('of an object with very many values the first are told', () => {
  const facts = read(named('elements'), 201_000);
  expect(facts.variables[0].inits).toHaveLength(200_001);
  expect(facts.partial).toBe(true);
});

test('what the macros of one file may make has an end', () => {
  const source = readSource('drivers/x/y.c', Buffer.from('#define TWO run run\n'), knowledgeOf([]));
  const use = { kind: Kind.Identifier, text: 'TWO', pos: 99, macro: false, arm: 0, condition: null, plain: false };
  const { macros } = source;
  expect(expand([use], { macros })).toMatchObject({ toks: [{ text: 'run' }, { text: 'run' }], complete: true });
  const before = macros.work.left;
  expand([use], { macros });
  expect(macros.work.left).toBe(before - 2);
  macros.work.left = -1;
  expect(expand([use], { macros })).toEqual({ toks: [use], complete: false });
});
