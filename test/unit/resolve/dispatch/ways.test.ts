import { expect, test } from 'vitest';
import {
  openWays,
  type Stop,
  stepsFrom,
  stepsInto,
  stopKey,
  walk,
  wayTo,
} from '../../../../server/src/resolve/dispatch/ways.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../../../server/src/resolve/names/scope.ts';
import { waysTree } from '../../support/waysTree.ts';

const world = await waysTree();

test('a walk goes through each stop once, from either end', () => {
  const ways = openWays(world, 'mm/daemon.c');
  const start: Stop = {
    kind: 'function',
    definition: definitionsFrom(world, 'drain', 'mm/daemon.c', FUNCTION_KINDS)[0],
  };
  const forward = [...walk([start], (stop) => stepsFrom(ways, stop).steps)];
  const slot = forward.find((v) => stopKey(v.stop) === 'queue.done');
  expect(slot && wayTo(slot).map((s) => s.by)).toEqual(['start', 'setup_all', 'ring_ops', 'ring_setup']);
  const back = [...walk([{ kind: 'slot', owner: 'queue', member: 'done' }], (stop) => stepsInto(ways, stop))];
  expect(back.flatMap(({ stop }) => (stop.kind === 'function' ? [stop.definition.name] : []))).toEqual(['drain']);
});
