import { expect, test } from 'vitest';
import { headingOf } from '../../../server/src/trace/headings.ts';
import { isNeutral, sectionOf } from '../../../server/src/trace/marks.ts';
import { runningOf } from '../../../server/src/trace/running.ts';
import { titleOf } from '../../../server/src/trace/titles.ts';

test("a report's first line, whoever prints it", () => {
  for (const [line, kind] of [
    ['BUG: KASAN: slab-use-after-free in pipe_flush+0x1/0x2', 'kasan'],
    ['watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [reader/1:0:431]', 'soft-lockup'],
    ['BUG pipes (Not tainted): Object already free', 'bug'],
    ['rcu: INFO: rcu_sched self-detected stall on CPU', 'rcu-stall'],
    ['INFO: task reader:431 blocked for more than 120 seconds.', 'hung-task'],
    ['WARNING: possible circular locking dependency detected', 'lockdep'],
    ['WARNING: CPU: 0 PID: 1 at fs/pipes.c:12 pipe_flush+0x1/0x2', 'warning'],
    ['Oops: 0000 [#1] SMP', 'oops'],
    ['reader invoked oom-killer: gfp_mask=0x0', 'oom'],
    ['Kernel panic - not syncing: out of pipes', 'panic'],
    ['Breakpoint 1, pipe_flush', 'gdb'],
  ])
    expect(headingOf(line)?.kind, line).toBe(kind);
  for (const line of ['BUG hunting is fun', 'INFO: nothing new', 'Unrelated', 'WARNINGS are on', ''])
    expect(headingOf(line), line).toBeNull();
});

test('what a heading tells of task and place', () => {
  expect(headingOf('BUG: soft lockup - CPU#3 stuck for 22s! [reader:431]')).toMatchObject({
    task: 'reader',
    pid: 431,
    cpu: 3,
  });
  expect(headingOf('kernel BUG at fs/pipes.c:12!')?.at).toMatchObject({ file: 'fs/pipes.c', line: 12 });
});

test('titles, tasks, sections, and what only lies in between', () => {
  expect(titleOf('Freed by task 12:')).toMatchObject({ title: 'Freed by task 12', pid: 12, past: true });
  expect(titleOf('Call Trace:')).toMatchObject({ generic: true });
  expect(titleOf('All is well')).toBeNull();
  expect(runningOf('CPU: 0 PID: 115 Comm: reader Not tainted 6.1.0 #1')).toEqual({
    cpu: 0,
    pid: 115,
    task: 'reader',
    version: '6.1.0',
  });
  expect(sectionOf('<IRQ>')).toEqual({ name: 'IRQ', end: 5 });
  expect(sectionOf('</IRQ>')?.name).toBe('');
  expect(isNeutral('RAX: 0000000000000000 RBX: 0000')).toBe(true);
  expect(isNeutral('the driver says hello')).toBe(false);
});
