import { afterEach, describe, expect, test } from 'vitest';
import { createParser, errorBytes } from '../../../server/src/syntax/parser.ts';
import { parsers } from '../facts/factsOf.ts';

const kept = process.env.KERNTRAIL_PARSER;
afterEach(() => {
  if (kept === undefined) delete process.env.KERNTRAIL_PARSER;
  else process.env.KERNTRAIL_PARSER = kept;
});

describe.each(parsers)('the $kind parser', (parser) => {
  test('gives a tree of nodes with fields and offsets', () => {
    const tree = parser.parse('int v = f(1);');
    const declarator = tree.rootNode.children[0].childForFieldName('declarator');
    const value = declarator?.childForFieldName('value');
    expect([value?.type, value?.text, value?.startIndex, value?.endIndex]).toEqual(['call_expression', 'f(1)', 8, 12]);
    expect(tree.rootNode.hasError).toBe(false);
    tree.delete();
  });

  test('counts what it could not read', () => {
    const bad = (text: string) => {
      const tree = parser.parse(text);
      const bytes = errorBytes(tree.rootNode);
      tree.delete();
      return bytes;
    };
    expect(bad('int a;')).toBe(0);
    expect(bad('int a = ;')).toBeGreaterThan(0);
    expect(bad('')).toBe(0);
    expect(bad(')))) @@@')).toBeGreaterThan(0);
  });

  test('reads texts over 32 KB', () => {
    const tree = parser.parse('int a;\n'.repeat(20_000));
    expect(tree.rootNode.children.length).toBe(20_000);
    expect(tree.rootNode.children[19_999].startIndex).toBe(19_999 * 7);
    tree.delete();
  });

  test('offsets count Latin-1 characters', () => {
    const tree = parser.parse('/* \xe9\xff */ int \xe9a;');
    expect(tree.rootNode.endIndex).toBe(16);
    tree.delete();
  });
});

describe('the choice of a parser', () => {
  test('wasm where it is asked for', async () => {
    process.env.KERNTRAIL_PARSER = 'wasm';
    expect((await createParser()).kind).toBe('wasm');
    expect((await createParser('wasm')).kind).toBe('wasm');
  });

  test('the native one where it loads', async () => {
    delete process.env.KERNTRAIL_PARSER;
    expect((await createParser()).kind).toBe(parsers[0].kind);
  });
});
