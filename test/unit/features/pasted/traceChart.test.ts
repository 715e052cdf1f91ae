import { expect, test } from 'vitest';
import { traceChart } from '../../../../server/src/features/pasted/traceChart.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { OOPS, pipes } from '../../support/pipes.ts';

const { requestOf } = await pipes();

test('callers stand above what they call; inlined steps and slots are steps of their own', () => {
  const { nodes, links, title, message } = toEnd(traceChart(requestOf(OOPS)));
  const name = (id: string) => nodes.find((node) => node.id === id)?.name;
  expect([title, message]).toEqual([expect.stringMatching(/^BUG: unable to handle/), null]);
  expect(links.map(({ from, to, kind, evidence }) => [name(from), name(to), kind, evidence])).toEqual([
    ['pipe_sync', 'pipe_flush', 'call', 'named'],
    ['pipe_flush', 'drain_one', 'call', 'inlined'],
    ['drain_one', '->drain', 'dispatch', 'typed'],
    ['->drain', 'sink_drain', 'member', 'typed'],
  ]);
  expect(links[3].how).toBe('in sink_ops');
});

test('frames that stacks share stand once; the first stack is the chosen way', () => {
  const two =
    'Call Trace:\n pipe_flush+0x8/0x20\n pipe_sync+0x9/0x20\n\nCall Trace:\n nowhere+0x8/0x20\n pipe_sync+0x9/0x20\n';
  const { nodes, links, chosen, title } = toEnd(traceChart(requestOf(two)));
  expect(nodes.map((node) => node.name).sort()).toEqual(['nowhere', 'pipe_flush', 'pipe_sync']);
  expect([title, links.length, chosen.length]).toEqual(['2 stacks', 2, 1]);
  expect(nodes.find((node) => node.name === 'nowhere')?.file).toBe('');
});

test('a text without frames is no graph', () => {
  expect(toEnd(traceChart(requestOf('nothing here\n')))).toMatchObject({ nodes: [], message: expect.any(String) });
});
