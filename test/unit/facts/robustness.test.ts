import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import { isOnlyDirectives, scanMacros } from '../../../server/src/syntax/macros/scan.ts';
import { factsOf, inits, knowledgeOf, names, parsers } from './factsOf.ts';

/** Numbers in [0, 1) that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

/** Texts to cut up: the fixtures of the tests beside this one, and the sample tree. */
function fixtures(): string[] {
  const folder = new URL('.', import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('robustness'))
    .flatMap((name) => readFileSync(new URL(name, folder), 'latin1').match(/`[^`]*[{;#][^`]*`/g) ?? [])
    .map((text) => text.slice(1, -1));
}

describe('any bytes give facts', () => {
  test('none at all', () => {
    expect(factsOf('')).toMatchObject({ functions: [], variables: [], parsedBytes: 0, errorBytes: 0, partial: false });
  });

  test('Latin-1, NUL and carriage returns', () => {
    const facts = factsOf(
      Buffer.concat([
        Buffer.from('/* Andr\xe9 */\r\nstruct x_ops \xe9ops = {\r\n\t.open = my_open,\r\n};\r\n', 'latin1'),
        Buffer.from([0, 0, 0xff, 0xfe]),
        Buffer.from('\r\nint after(void) { return 0; }\r\n'),
      ]),
    );
    expect(inits(facts, '\xe9ops')).toEqual(['.open = my_open']);
    expect(facts.variables[0].line).toBe(2);
  });

  test('a byte order mark', () => {
    const facts = factsOf(
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('struct x { int a; };\nvoid f(void) { }')]),
    );
    expect(names(facts.functions)).toEqual(['f']);
  });

  test('a comment, a string and a character that never end', () => {
    expect(names(factsOf('void f(void) { }\n/* and so on').functions)).toEqual(['f']);
    expect(names(factsOf('void f(void) { }\nchar *s = "and so on;\nvoid g(void) { }').functions)).toContain('f');
    expect(names(factsOf("void f(void) { }\n#error it isn't so\nvoid g(void) { }").functions)).toEqual(['f', 'g']);
  });

  test('random bytes, by every parser', () => {
    const next = random(7);
    for (let round = 0; round < 30; round++) {
      const bytes = Buffer.from(Array.from({ length: 4000 }, () => Math.floor(next() * 256)));
      for (const parser of parsers) {
        const facts = fileFacts('drivers/x.c', bytes, knowledgeOf({}), parser);
        expect(facts.path).toBe('drivers/x.c');
      }
    }
  });

  test('C cut off at every tenth byte', () => {
    const text = fixtures().slice(0, 12).join('\n');
    for (let end = 0; end < text.length; end += 97) {
      const facts = factsOf(text.slice(0, end));
      expect(facts.parsedBytes).toBeGreaterThanOrEqual(facts.errorBytes > 0 ? 1 : 0);
    }
  });

  test('fixtures cut and mixed, with a fixed seed', { timeout: 60_000 }, () => {
    const texts = fixtures();
    expect(texts.length).toBeGreaterThan(60);
    const next = random(20_260);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
    const glue = [
      '\n',
      ' ',
      '{',
      '}',
      '(',
      ')',
      ';',
      ',',
      '"',
      "'",
      '\\\n',
      '#if X\n',
      '\n#else\n',
      '\n#endif\n',
      '/*',
      '*/',
      '##',
      '...',
    ];
    for (let round = 0; round < 600; round++) {
      let text = '';
      for (let n = 0; n < 5; n++) {
        const from = pick(texts);
        const a = Math.floor(next() * from.length);
        text += from.slice(a, a + Math.floor(next() * 400)) + pick(glue);
      }
      const headers = { 'include/linux/mix.h': pick(texts).slice(0, Math.floor(next() * 600)) };
      try {
        for (const parser of round % 10 === 0 ? parsers : parsers.slice(0, 1))
          fileFacts('drivers/misc/x.c', Buffer.from(text, 'latin1'), knowledgeOf(headers), parser);
      } catch (error) {
        throw new Error(
          `round ${round}: ${(error as Error).stack}\n--- text\n${text}\n--- header\n${headers['include/linux/mix.h']}`,
        );
      }
    }
  });
});

describe('depth and size', () => {
  const nested = (open: string, close: string, n: number) => open.repeat(n) + close.repeat(n);

  test.each([
    ['braces in an initialiser', `struct x x = ${nested('{', '}', 200)};\nvoid after(void) { }`],
    [
      'named braces in an initialiser',
      `struct x x = ${'{ .a = '.repeat(200)}f${' }'.repeat(200)};\nvoid after(void) { }`,
    ],
    ['parentheses in an initialiser', `void *x = ${'('.repeat(200)}f${')'.repeat(200)};\nvoid after(void) { }`],
    ['braces in a function', `void f(void) ${nested('{', '}', 10_000)}\nvoid after(void) { }`],
    [
      'parentheses in an assignment',
      `void f(struct x *x) { x->a = ${'('.repeat(5000)}g${')'.repeat(5000)}; }\nvoid after(void) { }`,
    ],
    ['a chain of members', `void f(struct x *x) { x${'->a'.repeat(5000)} = g; }\nvoid after(void) { }`],
    ['a chain of assignments', `void f(struct x *x) { ${'x->a = '.repeat(5000)}g; }\nvoid after(void) { }`],
    ['a chain of choices', `struct x x = { .a = ${'c ? f : '.repeat(5000)}g };\nvoid after(void) { }`],
    ['casts', `struct x x = { .a = ${'(void *)'.repeat(5000)}g };\nvoid after(void) { }`],
    ['records in records', `${'struct { '.repeat(200)}int a;${' } m;'.repeat(200)}\nvoid after(void) { }`],
    ['declarators', `int ${'(*'.repeat(5000)}x${')'.repeat(5000)};\nvoid after(void) { }`],
    ['stars', `int ${'*'.repeat(20_000)}x;\nvoid after(void) { }`],
    ['subscripts', `int x${'[1]'.repeat(10_000)};\nvoid after(void) { }`],
    ['#if', `${'#if A\n'.repeat(3000)}int x;\n${'#endif\n'.repeat(3000)}void after(void) { }`],
    ['elif', `#if A\n${'#elif B\nint x;\n'.repeat(2000)}#endif\nvoid after(void) { }`],
  ])('%s, deeply nested, leave what follows alone', { timeout: 30_000 }, (_, text) => {
    expect(names(factsOf(text).functions)).toContain('after');
  });

  test('unclosed brackets by the hundred end', { timeout: 30_000 }, () => {
    for (const open of ['{', '(', '[', '({', '#if A\n', 'f(', 'struct { ', 'x = {'])
      expect(factsOf(open.repeat(300)).path).toBe('drivers/misc/x.c');
  });

  test('an initialiser of 100,000 lines', { timeout: 30_000 }, () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `\t[${i}] = ${i % 1000 === 0 ? `handler_${i}` : '0'},`);
    const facts = factsOf(`static fn_t table[] = {\n${lines.join('\n')}\n};\n`);
    const values = inits(facts, 'table');
    expect(values.length).toBe(100);
    expect([values[0], values[99]]).toEqual(['[0] = handler_0', '[99000] = handler_99000']);
    expect(facts.variables[0].inits[99].value.line).toBe(99_002);
    expect(facts.variables[0].endLine).toBe(100_002);
  });

  test('a 20 MB header of #defines', { timeout: 60_000 }, () => {
    const line = (i: number) =>
      `#define REG_BLOCK_${i}__FIELD_MASK                 0x0000${(i & 0xffff).toString(16).padStart(4, '0')}L\n`;
    const parts: string[] = ['#ifndef _REGS_H\n#define _REGS_H\n'];
    for (let i = 0, size = 0; size < 20 << 20; i++) {
      parts.push(line(i));
      size += parts[parts.length - 1].length;
    }
    parts.push('#define use_reg(x) do_use(x)\n#endif\n');
    const bytes = Buffer.from(parts.join(''), 'latin1');
    const start = process.cpuUsage();
    expect(isOnlyDirectives(bytes)).toBe(true);
    const { macros } = scanMacros('include/regs.h', bytes);
    const spent = process.cpuUsage(start);
    expect(macros.map((m) => [m.name, m.params, m.body])).toEqual([
      ['_REGS_H', null, ''],
      ['use_reg', ['x'], 'do_use(x)'],
    ]);
    // 20 MB at a disk's speed; 5 s would be a hundred times slower than it is
    expect((spent.user + spent.system) / 1e6).toBeLessThan(5);
  });

  test('a macro that would grow without end stops, and the facts say so', () => {
    const grow = Array.from({ length: 24 }, (_, i) => `#define X${i + 1}(a) X${i}(a) X${i}(a)`).join('\n');
    const facts = factsOf(`#define X0(a) a a\n${grow}\nint v = X24(f);\nvoid after(void) { }`);
    expect(facts.partial).toBe(true);
    expect(names(facts.functions)).toEqual(['after']);
  });

  test('macros that name each other end', () => {
    const facts = factsOf(`#define A B
#define B A
#define F(x) G(x)
#define G(x) F(x)
struct x x = { .a = A, .b = F(f) };
void after(void) { }`);
    expect(names(facts.functions)).toEqual(['after']);
    expect(facts.partial).toBe(false);
  });
});
