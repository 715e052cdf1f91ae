import { expect, test } from 'vitest';
import { mergeStacks, type SharedRun } from '../../../server/src/trace/merge.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';

const stacksOf = (...chains: string[][]) =>
  parseTrace(
    chains.map((c) => `Call Trace:\n${c.map((f) => ` ${f}+0x1/0x2`).join('\n')}\n\n---[ end trace 0 ]---`).join('\n'),
  ).stacks;
const brief = ({ stacks, first, last, branches }: SharedRun): unknown => [
  stacks,
  `${first}…${last}`,
  branches.map(brief),
];

test('inner frames that agree are one run, which parts where they do not', () => {
  const stacks = stacksOf(['lock', 'wait', 'read'], ['lock', 'wait', 'write'], ['run']);
  expect(mergeStacks(stacks).map(brief)).toEqual([
    [
      [0, 1],
      'lock…wait',
      [
        [[0], 'read…read', []],
        [[1], 'write…write', []],
      ],
    ],
    [[2], 'run…run', []],
  ]);
});
