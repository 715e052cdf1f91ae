import { expect, test } from 'vitest';
import { simpleValues } from '../../../../server/src/facts/values/simpleValues.ts';
import { valuesOf } from '../../../../server/src/facts/values/values.ts';
import type { SyntaxNode } from '../../../../server/src/syntax/parser.ts';
import { createParser } from '../../../../server/src/syntax/parser.ts';
import { addGlue, addTok, newParseText } from '../../../../server/src/syntax/parseText.ts';
import { readSource, sliceToks } from '../../../../server/src/syntax/source.ts';
import { knowledgeOf } from '../factsOf.ts';

const parser = await createParser();

/** The values of an expression by its tokens, and by the parser. */
function both(expression: string) {
  const source = readSource('x.c', Buffer.from(expression), knowledgeOf({}));
  const toks = sliceToks(source, 0, source.tokens.count);
  const text = newParseText();
  addGlue(text, 'int v=');
  for (const tok of toks) addTok(text, tok);
  addGlue(text, ';\n');
  const tree = parser.parse(text.parts.join(''));
  const value = tree.rootNode.children[0].childForFieldName('declarator')?.childForFieldName('value') as SyntaxNode;
  const parsed = valuesOf({ source, text }, value, null);
  tree.delete();
  return { simple: simpleValues(source, toks, null), parsed };
}

test.each([
  ['table.first', 1],
  ['&table.part.slot', 1],
  ['&(table.part)', 1],
  ['&((table).part)', 1],
  ['(&list[2].ops)', 1],
  ['list[i + 1]', 1],
  ['a + b', 0],
  ['base + (1 << shift) | c', 0],
  ['x->ops', 0],
  ['&x->y.ops', 0],
  ['IS_ENABLED(CONFIG_A) ? fn : NULL', 1],
  ['((IS_ENABLED(CONFIG_A)) ? ((&t)) : ((void *)0))', null],
  ['(true) ? fast : slow', 1],
  ['count > 3 ? few : many', 2],
])('%s: as the parser has it', (expression, count) => {
  const { simple, parsed } = both(expression);
  if (count === null) expect(simple).toBeNull();
  else {
    expect(simple).toEqual(parsed);
    expect(simple).toHaveLength(count);
  }
});

test('what the parser takes for a fault: a cast NULL', () => {
  expect(both('(fn == (init_fn)NULL) ? fn : fn').simple?.map((v) => v.name)).toEqual(['fn']);
});

test.each([
  'f(x)',
  '(type)f',
  '-a',
  '*p',
  'a = b',
  'a, b',
  '({ a; })',
  '(T) & x',
  '(T) - x',
  'a ? b : c ? d : e',
  'CONSTANT',
  '"text"',
  '',
])('%s is left to the parser', (expression) => {
  const source = readSource('x.c', Buffer.from(expression), knowledgeOf({}));
  expect(simpleValues(source, sliceToks(source, 0, source.tokens.count), null)).toBeNull();
});
