import { expect, test } from 'vitest';
import { stripAttributes, typeArguments } from '../../../server/src/syntax/attributes.ts';
import { joinToks, toksOf } from '../../../server/src/syntax/toks.ts';

test.each([
  ['int __attribute__((a(")"), b)) x asm ("y");', 'int x;'],
  ['int x __attribute__((open', 'int x'],
  ['asm volatile ("nop");', ';'],
  ['typeof(struct x *) p;', 'struct x *p;'],
  ['typeof((u_t)) p;', 'u_t p;'],
  ['typeof(a->b) p;', 'typeof(a->b) p;'],
])('attributes go, and typeof() of a type: %s', (text, expected) => {
  expect(joinToks(stripAttributes(toksOf(text)))).toBe(expected);
});

test('tokens without any stay the same list', () => {
  const toks = toksOf('int x;');
  expect(stripAttributes(toks)).toBe(toks);
  expect(typeArguments(toks)).toBe(toks);
});

test.each([
  ['container_of(p, struct foo, member)', 'container_of(p, (struct foo *) 0, member)'],
  ['f(struct foo *)', 'f((struct foo **) 0)'],
  ['sizeof(struct foo)', 'sizeof(struct foo)'],
  ['f(struct foo x)', 'f((struct foo x *) 0)'],
])('a type as an argument becomes something that parses: %s', (text, expected) => {
  expect(joinToks(typeArguments(toksOf(text)))).toBe(expected);
});
