import { expect, test } from 'vitest';
import { baseName, isSymbol, nameStart } from '../../../server/src/trace/names.ts';

test('suffixes of compilers are split off; a dot that none of them makes is part of the name', () => {
  expect(baseName('pipe_flush.isra.0.cold')).toEqual({ function: 'pipe_flush', suffixes: ['.isra.0', '.cold'] });
  expect(baseName('pipe_flush.part.3')).toEqual({ function: 'pipe_flush', suffixes: ['.part.3'] });
  expect(baseName('pipe.custom')).toEqual({ function: 'pipe.custom', suffixes: [] });
  expect(baseName('<Pipe as Drain>::run')).toEqual({ function: '<Pipe as Drain>::run', suffixes: [] });
});

test('where a name begins: C symbols and paths of Rust, no arrows', () => {
  for (const [text, name] of [
    [' ? pipe_flush', 'pipe_flush'],
    ['=>pipe_flush', 'pipe_flush'],
    ['in kernel::pipe::{closure#0}', 'kernel::pipe::{closure#0}'],
    ['(', ''],
  ])
    expect(text.slice(nameStart(text, text.length))).toBe(name);
});

test('numbers are no symbols', () => {
  expect(['pipe', '_', '0xffff', '12', '', '.'].map(isSymbol)).toEqual([true, true, false, false, false, false]);
});
