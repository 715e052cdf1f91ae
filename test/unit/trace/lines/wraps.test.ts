import { expect, test } from 'vitest';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { brief, cutOut, frames, only } from '../support.ts';

test('a mailer put the frame, its question mark and its module on lines of their own', () => {
  const text = `Mar  3 10:01:02 mill kernel: [  512.100001] RIP: 
0010:gear_turn+0x8/0x110
Mar  3 10:01:02 mill kernel: [  512.100002] Call Trace:
Mar  3 10:01:02 mill kernel: [  512.100003]  <TASK>
Mar  3 10:01:02 mill kernel: [  512.100004]  
__gear_stop+0x1b4/0x2a0 [gears]
Mar  3 10:01:02 mill kernel: [  512.100005]  ? 
wheel_dispatch+0x10/0x20 [gears]
Mar  3 10:01:02 mill kernel: [  512.100006]  mill_recv+0x7e5/0x9b0 
[millrpc]
Mar  3 10:01:02 mill kernel: [  512.100007]  kthread+0xfc/0x230`;
  const stack = only(text);
  expect(stack.frames.map(brief)).toEqual([
    '2 pc gear_turn+0x8/0x110',
    '6 __gear_stop+0x1b4/0x2a0 [gears]',
    '8 ?wheel_dispatch+0x10/0x20 [gears]',
    '9 mill_recv+0x7e5/0x9b0 [millrpc]',
    '11 kthread+0xfc/0x230',
  ]);
  for (const f of stack.frames) expect(cutOut(text, f)).toBe(f.text);
});

test("a report's first line and the one of who runs go on below", () => {
  const text = `6,41,8812,-;WARNING: CPU: 3 PID: 77 at
mills/gears/turn.c:15 gear_turn+0x2f6/0x3e0
[gears]
6,42,8813,-;CPU: 3 UID: 0 PID:
77 Comm: miller Not tainted 6.5.0 #1
6,43,8814,-;Call Trace:
6,44,8815,-; gear_stop+0x10/0x40 [gears]`;
  const stack = only(text);
  expect(stack.heading).toBe('WARNING: CPU: 3 PID: 77 at mills/gears/turn.c:15 gear_turn+0x2f6/0x3e0 [gears]');
  expect([stack.task, stack.pid, stack.cpu, stack.at?.line]).toEqual(['miller', 77, 3, 15]);
  expect(stack.frames.map(brief)).toEqual([
    '2 place gear_turn+0x2f6/0x3e0 [gears] mills/gears/turn.c:15',
    '7 gear_stop+0x10/0x40 [gears]',
  ]);
});

test('sources that stand below the names of a decoded trace', () => {
  const text = `[Thu Jun 11 14:15:16 2020] Call Trace:
[Thu Jun 11 14:15:16 2020] gear_turn
(/srv/mill/lib/gears.c:107)
[Thu Jun 11 14:15:16 2020] ? wheel_end
(/srv/mill/include/wheel.h:75
/srv/mill/drivers/wheel.c:310 (discriminator 2))
[Thu Jun 11 14:15:16 2020] shaft_end+0x1bd/0x710 shaft_mod`;
  const { frames: found } = only(text);
  expect(found.map(brief)).toEqual([
    '2 gear_turn /srv/mill/lib/gears.c:107',
    '4 ?wheel_end /srv/mill/drivers/wheel.c:310',
    '7 shaft_end+0x1bd/0x710 [shaft_mod]',
  ]);
  expect(found[1].inlinedAt.map((p) => p.line)).toEqual([75]);
});

test('an arm frame whose caller is on the next line', () => {
  expect(frames('Backtrace:\n[<c170b8cc>] (gear_init) from [<c1706020>] \n(mill_setup+0x690/0xd64)\n')).toEqual([
    '2 gear_init',
    '3 mill_setup+0x690/0xd64',
  ]);
});

test("a lock's name below the number in lockdep's chain", () => {
  const text = `WARNING: possible circular locking dependency detected
-> #1 (a_lock){+.+.}-{0:0}:
       lock_gear+0x3a/0x100
-> #0
((work_completion)(&p->work)){+.+.}-{0:0}:
       turn_gear+0x24/0x40`;
  expect(parseTrace(text).stacks.map((s) => s.title)).toEqual([
    '-> #1 (a_lock){+.+.}-{0:0}',
    '-> #0 ((work_completion)(&p->work)){+.+.}-{0:0}',
  ]);
});

test('prose, notes and what programs print stay lines of their own', () => {
  expect(frames(' gear_turn+0x1/0x20\n[snip]\n gear_stop+0x1/0x20')).toEqual([
    '1 gear_turn+0x1/0x20',
    '3 gear_stop+0x1/0x20',
  ]);
  const text = `[    1.000001] BUG: kernel NULL pointer dereference, address: 0000000000000010
[  OK  ] Started the mill.
[    1.000002] Call Trace:
[    1.000003]  kthread+0xfc/0x230
Any ideas?`;
  expect(only(text).heading).toBe('BUG: kernel NULL pointer dereference, address: 0000000000000010');
  expect(frames(text)).toEqual(['4 kthread+0xfc/0x230']);
});

test('a console broke a name in two', () => {
  const text =
    '[    1.000002] Call Trace:\n[    1.000003]  gear_tu\nrn+0xfc/0x230 [gears]\n[    1.000004]  kthread+0x1/0x2';
  const stack = only(text);
  expect(stack.frames.map(brief)).toEqual(['2 gear_turn+0xfc/0x230 [gears]', '4 kthread+0x1/0x2']);
  expect(cutOut(text, stack.frames[0])).toBe('gear_tu');
});
