import { describe, expect, test } from 'vitest';
import { numberOf, type Options, optionLines, readCommandLine, singleValue } from '../../../server/src/cli/options.ts';

const KNOWN: Options = {
  tree: { value: 'DIR', about: 'the tree' },
  max: { value: 'N', about: 'how many' },
  context: { value: 'NAME', many: true },
  json: { about: 'as JSON' },
  help: { short: 'h', about: 'help' },
};

const read = (...argv: string[]) => readCommandLine(argv, KNOWN);

test('options and arguments, in any order', () => {
  const { given, args } = read('path', '--json', 'a', '--max=3', 'b', '--context', 'x', '-h', '--context', 'y');
  expect(args).toEqual(['path', 'a', 'b']);
  expect([...given]).toEqual([
    ['json', ['']],
    ['max', ['3']],
    ['context', ['x', 'y']],
    ['help', ['']],
  ]);
  expect(singleValue(given, 'max')).toBe('3');
  expect(singleValue(given, 'tree')).toBeUndefined();
});

test('what stands behind -- is no option', () => {
  const { given, args } = read('symbol', '--', '--json', '-x');
  expect(args).toEqual(['symbol', '--json', '-x']);
  expect(given.size).toBe(0);
});

describe('what is wrong is told in words', () => {
  test.each([
    [['--nonsense'], 'there is no option --nonsense'],
    [['-q'], 'there is no option -q'],
    [['--constructor'], 'there is no option --constructor'],
    [['--max'], '--max needs a value: --max N.'],
    [['--max='], '--max needs a value'],
    [['--max', ''], '--max needs a value'],
    [['--tree', '--json'], 'If --json is meant, write --tree=--json'],
    [['--max', '-1'], 'write --max=-1'],
    [['--json=yes'], '--json takes no value'],
    [['--max', '1', '--max', '2'], '--max is given twice'],
  ])('%j', (argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });

  test.each(['0', '-1', '1e9', '1.5', '0x10', '11', '99999999999999999999', ' 5', '５', 'x'])('--max=%s', (text) => {
    expect(() => numberOf(read(`--max=${text}`).given, 'max', 1, 10)).toThrow(
      '--max takes a whole number from 1 to 10',
    );
  });
});

test('numbers', () => {
  expect(numberOf(read('--max', '10').given, 'max', 1, 10)).toBe(10);
  expect(numberOf(read().given, 'max', 1, 10)).toBeUndefined();
});

test('help: a line for each that people use', () => {
  expect(optionLines(KNOWN)).toEqual([
    '  --tree DIR  the tree',
    '  --max N     how many',
    '  --json      as JSON',
    '  -h, --help  help',
  ]);
});
