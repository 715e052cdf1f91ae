import { expect, test } from 'vitest';
import {
  linkOfEdges,
  linkOfHeld,
  registrationsIn,
  registrationText,
} from '../../../../../server/src/features/source/chains/links.ts';
import { nodeOfGraph } from '../../../../../server/src/features/source/chains/nodes.ts';
import { newColumns } from '../../../../../server/src/features/source/hierarchy/items.ts';
import { heldBy } from '../../../../../server/src/features/source/hierarchy/outgoing.ts';
import { edgesInto } from '../../../../../server/src/resolve/graph/graph.ts';
import { nodesNamed } from '../../../../../server/src/resolve/graph/named.ts';
import { openGraph } from '../../../../../server/src/resolve/graph/nodes.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { world, request } = await chainTree();
const asked = request('mm/space.c');
const [shared] = nodesNamed(world, 'shared_fill');
const edges = edgesInto(openGraph(world), shared);
const linkOf = (...kinds: string[]) => {
  const some = edges.filter((e) => kinds.includes(e.kind));
  const [from, to] = [nodeOfGraph(asked, some[0].from), nodeOfGraph(asked, shared)];
  return linkOfEdges(asked, some, from, to, newColumns(asked));
};

test('edges in words, with what they go by', () => {
  expect(linkOf('call')).toMatchObject({ kind: 'call', evidence: 'named', why: ['fs/one/file.c:2'] });
  expect(linkOf('argument')).toMatchObject({ kind: 'argument', evidence: 'flow', how: 'hands it to each_page' });
  expect(linkOf('registered').how).toBe('in one_ops, two_more_ops');
  expect(linkOf('registered').why).toContain('one_ops · fs/one/file.c:6 · if CONFIG_ONE_DRAIN');
});

test('what code puts into a slot is in no table', () => {
  const edge = edges.find((e) => e.kind === 'registered' && e.through.length === 0);
  const [through] = edges.flatMap((e) => e.through);
  if (!edge) throw new Error('shared_fill stands in tables');
  const [from, to] = [nodeOfGraph(asked, edge.from), nodeOfGraph(asked, shared)];
  const put = { ...edge, by: 'set_up', through: [through] };
  expect(linkOfEdges(asked, [put], from, to, newColumns(asked)).how).toBe('put there by set_up');
  expect(linkOfEdges(asked, [put, edge], from, to, newColumns(asked)).how).toBe(`in ${edge.by}`);
});

test('what a slot holds: its tables, and their places', () => {
  const [slot] = nodesNamed(world, 'space_ops.drain');
  const data = {
    kind: 'slot' as const,
    owner: 'space_ops',
    member: 'drain',
    from: '',
    sites: [],
    reached: null,
    folder: null,
  };
  const [held] = heldBy(asked, data);
  const link = linkOfHeld(asked, held, { from: nodeOfGraph(asked, slot).id, to: nodeOfGraph(asked, shared).id }, true);
  expect(link).toMatchObject({ kind: 'member', evidence: 'typed', how: 'in one_ops', places: { length: 1 } });
  expect(registrationText(held.registrations[0])).toBe('one_ops · fs/one/file.c:6 · if CONFIG_ONE_DRAIN');
});

test('where a function is put into a slot, the tables near to a file first', () => {
  if (shared.kind === 'slot') throw new Error('shared_fill is a function');
  const tables = (member: string, from: string) =>
    registrationsIn(asked, { owner: 'space_ops', member }, shared.definition, from).map((r) => r.variable);
  expect([tables('fill', ''), tables('drain', 'fs/one/x.c')]).toEqual([['two_more_ops'], ['one_ops']]);
});
