import { expect, test } from 'vitest';
import { emptyFacts, finishVisit, newVisit } from '../../../server/src/facts/visit.ts';
import { addGlue, addTok } from '../../../server/src/syntax/parseText.ts';
import { readSource } from '../../../server/src/syntax/source.ts';
import { toksOf } from '../../../server/src/syntax/toks.ts';
import { knowledgeOf, parsers } from './factsOf.ts';

test.each(parsers.map((parser) => [parser.kind, parser] as const))(
  'each text gets its node, a fault in one costs no other (%s)',
  (_, parser) => {
    const facts = emptyFacts('a.c');
    const visit = newVisit(readSource('a.c', Buffer.from(''), knowledgeOf({})), facts, false);
    const seen: string[] = [];
    const values: string[] = [];
    for (const value of ['one', ') ( {', 'two + 1']) {
      const at = visit.text.length;
      addGlue(visit.text, 'int v=');
      for (const tok of toksOf(value)) addTok(visit.text, tok);
      addGlue(visit.text, ';\n');
      visit.pending.push({
        at,
        done: (node) =>
          values.push(node.childForFieldName('declarator')?.childForFieldName('value')?.text.trim() ?? '-'),
      });
    }
    visit.finish.push(() => seen.push('finished'));
    finishVisit(visit, parser);
    expect([values[0], values[2]]).toEqual(['one', 'two + 1']);
    expect(seen).toEqual(['finished']);
    expect(facts.errorBytes).toBeGreaterThan(0);
  },
);

test('a text that nests too deep for the stack makes the facts partial', () => {
  const facts = emptyFacts('a.c');
  const visit = newVisit(readSource('a.c', Buffer.from(''), knowledgeOf({})), facts, false);
  addGlue(visit.text, 'int v=1;');
  visit.pending.push({
    at: 0,
    done() {
      throw new RangeError('Maximum call stack size exceeded');
    },
  });
  finishVisit(visit, parsers[0]);
  expect(facts.partial).toBe(true);
});
