import { expect, test } from 'vitest';
import { parseTrace } from '../../../server/src/trace/parse.ts';

const briefly = (text: string) =>
  parseTrace(text).stacks.map((s) => [s.heading, s.title, s.task, s.frames.map((f) => f.text).join(' ')]);

test('a stack below a lead of its own has nothing to do with the report before it', () => {
  expect(
    briefly(`BUG: unable to handle page fault for address: 000000008a49c504
CPU: 4 PID: 2527 Comm: miller Not tainted 6.1.6 #1
Call Trace:
 gear_turn+0x44/0x238
 kthread+0xd0/0xd4

That is what I saw.

ref_tracker: mill@000000004bbc008d has 1/1 users at
      gear_alloc (./mill/gears.c:12 mill/alloc.c:27)
      mill_create (mill/create.c:26)
`),
  ).toEqual([
    ['BUG: unable to handle page fault for address: 000000008a49c504', 'Call Trace', 'miller', 'gear_turn kthread'],
    ['', 'ref_tracker: mill@000000004bbc008d has 1/1 users at', null, 'gear_alloc mill_create'],
  ]);
});

test('the place that x86 prints once more behind the end mark is no stack', () => {
  const report = (again: string) => `kernel BUG at mill/gears.c:70!
RIP: 0010:gear_init+0x78/0x90
Call Trace:
 mill_start+0x1/0x2
---[ end trace 0000000000000000 ]---
RIP: 0010:${again}
Code: 89 c8 5b 5d c3
`;
  expect(briefly(report('gear_init+0x78/0x90')).length).toBe(1);
  expect(briefly(report('gear_stop+0x78/0x90')).length).toBe(2);
});

test('what is left of a log is no report', () => {
  expect(
    briefly('INFO: lockdep is turned off.\nLast Breaking-Event-Address:\n [<0000021761597924>] gear_print+0x4c/0x58'),
  ).toEqual([]);
});
