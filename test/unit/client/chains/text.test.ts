import { expect, test } from 'vitest';
import type { Outline } from '../../../../client/src/chains/model.ts';
import { nextRows, rootRow } from '../../../../client/src/chains/rows.ts';
import { asMarkdown, asText } from '../../../../client/src/chains/text.ts';
import { chainLink, chainNode, exploreRoot, stepTo } from '../../support/chainRows.ts';

const top = chainNode('top', 'mm/m.c', 3);
const slot = chainNode('->run');
const held = chainNode('do_"it"', 'fs/one/a_b.c', 9);
const links = [
  stepTo(top, slot, { kind: 'dispatch', evidence: 'typed', how: '1 function' }).link,
  chainLink(slot, held, { kind: 'member', evidence: 'name', how: 'in a_ops' }),
];
const row = rootRow(exploreRoot(top));
const [first] = nextRows(row, { steps: [{ node: slot, link: links[0] }], folds: [], message: null });
const [second] = nextRows(first, { steps: [{ node: held, link: links[1] }], folds: [], message: null });
const outline: Outline = { row, below: [{ row: first, below: [{ row: second, below: [] }] }] };

test('as text', () => {
  expect(asText(outline).split('\n')).toEqual([
    'top  targets · m.c:3  mm/m.c',
    '  ->run  1 function · ops · m.c:7',
    '    do_"it"  in a_ops · (name) · a_b.c:9',
  ]);
});

test("as Markdown, whose own characters are no tree's", () => {
  expect(asMarkdown(outline).split('\n')).toEqual([
    '- `top` targets · m.c:3',
    '  - `->run` 1 function · ops · m.c:7',
    '    - `do_"it"` in a\\_ops · (name) · a\\_b.c:9',
  ]);
});
