import { expect, test } from 'vitest';
import { parseTrace } from '../../../../../server/src/trace/parse.ts';

test('a stack for each outermost call of each CPU, with depths', () => {
  const lines = [
    ' 0)               |  pipe_sync() {',
    ' 1)               |  other() {',
    ' 0)   0.379 us    |    pipe_flush();',
  ];
  lines.push(' 1)   0.100 us    |  }', ' 0)   1.000 us    |  }', ' 0)               |  again() {');
  const { stacks } = parseTrace(lines.join('\n'));
  const brief = stacks.map((s) => `${s.cpu} ${s.frames.map((f) => `${f.function}:${f.depth}`).join(' ')}`);
  expect(brief.sort()).toEqual(['0 again:0', '0 pipe_sync:0 pipe_flush:1', '1 other:0']);
  expect(stacks[0].order).toBe('outermost-first');
});
