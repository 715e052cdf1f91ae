import { expect, test } from 'vitest';
import { addGlue, addTok, newParseText, tokAt } from '../../../server/src/syntax/parseText.ts';
import { toksOf } from '../../../server/src/syntax/toks.ts';

test('a text for the parser, with a way back to the tokens', () => {
  const text = newParseText();
  addGlue(text, 'int v=');
  const toks = toksOf('{ f , "a string" , g }');
  for (const tok of toks) addTok(text, tok);
  addGlue(text, ';\n');
  const whole = text.parts.join('');
  expect(whole).toBe('int v={ f , "" , g } ;\n');
  expect(text.length).toBe(whole.length);
  expect(tokAt(text, whole.indexOf('f'))).toBe(toks[1]);
  expect(tokAt(text, whole.indexOf('g'))).toBe(toks[5]);
  text.offset = whole.indexOf('g');
  expect(tokAt(text, 0)).toBe(toks[5]);
});
