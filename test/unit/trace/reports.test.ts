import { describe, expect, test } from 'vitest';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import { brief, only } from './support.ts';

/** `kind title (task/pid cpu): functions` of each stack. */
function outline(text: string): string[] {
  return parseTrace(text).stacks.map((s) => {
    const who = s.pid === null && s.task === null ? '' : ` (${s.task ?? ''}/${s.pid ?? ''})`;
    const cpu = s.cpu === null ? '' : ` cpu${s.cpu}`;
    return `${s.kind} ${s.title}${who}${cpu}: ${s.frames.map((f) => f.function).join(' ')}`;
  });
}

describe('sanitizers', () => {
  test('KASAN: access, allocation, free', () => {
    expect(
      outline(`==================================================================
BUG: KASAN: slab-use-after-free in consume_skb+0x39f/0x530 [kfence]
Read of size 4 at addr ffff8801cbeda574 by task cat/4676

CPU: 1 PID: 4676 Comm: cat Not tainted 6.5.0 #1
Call Trace:
 <TASK>
 kasan_report+0xda/0x110
 consume_skb+0x39f/0x530
 </TASK>

Allocated by task 4655:
 kasan_save_stack+0x33/0x60
 __alloc_skb+0x11f/0x2b0

Freed by task 4655:
 kasan_save_stack+0x33/0x60
 kfree_skb+0x59/0x150

Last potentially related work creation:
 __queue_work+0x1d0/0x5f0

The buggy address belongs to the object at ffff8801cbeda480
 which belongs to the cache skbuff_head_cache of size 248
Memory state around the buggy address:
 ffff8801cbeda400: fc fc fc fc fc fc fc fc fc fc fc fc fc fc fc fc
>ffff8801cbeda480: fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb
==================================================================`),
    ).toEqual([
      'kasan Call Trace (cat/4676) cpu1: consume_skb kasan_report consume_skb',
      'kasan Allocated by task 4655 (/4655): kasan_save_stack __alloc_skb',
      'kasan Freed by task 4655 (/4655): kasan_save_stack kfree_skb',
      'kasan Last potentially related work creation: __queue_work',
    ]);
  });

  test('KASAN: places of a stack and a mapping are no part of the chain', () => {
    const { stacks } = parseTrace(`Call Trace:
 <TASK>
 vfs_read+0x1/0x2
 </TASK>
The buggy address belongs to stack of task cat/13922
 and is located at offset 31 in frame:
 lock_acquire+0x0/0x3c0

The buggy address belongs to the virtual mapping at
 [ffffc9000b7d8000, ffffc9000b7e1000) created by:
 dup_task_struct+0x8b/0x490`);
    expect(stacks.map((s) => [s.order, s.frames.map((f) => f.function).join()])).toEqual([
      ['innermost-first', 'vfs_read'],
      ['none', 'lock_acquire'],
      ['none', 'dup_task_struct'],
    ]);
  });

  test('KASAN: who allocated the page', () => {
    const [stack] = parseTrace(`CPU: 1 PID: 77 Comm: cat Not tainted 6.1.0 #1
page last allocated via order 0, migratetype Unmovable, gfp_mask 0x1, pid 1, tgid 1 (swapper/0), ts 1, free_ts 0
 prep_new_page mm/page_alloc.c:2531 [inline]
 get_page_from_freelist+0x1/0x2 mm/page_alloc.c:4283`).stacks;
    expect(stack).toMatchObject({ task: 'swapper/0', pid: 1, cpu: null });
  });

  test('KMSAN, KCSAN, UBSAN', () => {
    expect(
      outline(`BUG: KMSAN: uninit-value in tcp_recvmsg+0x6c1/0x2aa0
 tcp_recvmsg+0x6c1/0x2aa0
 inet_recvmsg+0x100/0x200
Uninit was stored to memory at:
 skb_copy_datagram+0x12/0x90
Uninit was created at:
 __kmalloc+0x51/0x200
Local variable ----address@SYSC_connect created at:
 __sys_connect+0x88/0x120`),
    ).toEqual([
      'kmsan : tcp_recvmsg tcp_recvmsg inet_recvmsg',
      'kmsan Uninit was stored to memory at: skb_copy_datagram',
      'kmsan Uninit was created at: __kmalloc',
      'kmsan Local variable ----address@SYSC_connect created at: __sys_connect',
    ]);
    expect(
      outline(`BUG: KCSAN: data-race in do_exit / wait_task_zombie

write to 0xffff8880b588efb2 of 2 bytes by task 19788 on cpu 0:
 do_exit+0x196/0x910

read to 0xffff8880b588efb2 of 2 bytes by interrupt on cpu 1:
 wait_task_zombie+0x92/0xb0`),
    ).toEqual([
      'kcsan write to 0xffff8880b588efb2 of 2 bytes by task 19788 on cpu 0 (/19788) cpu0: do_exit',
      'kcsan read to 0xffff8880b588efb2 of 2 bytes by interrupt on cpu 1 cpu1: wait_task_zombie',
    ]);
    const ubsan = only(`UBSAN: shift-out-of-bounds in fs/ext4/super.c:4512:13
CPU: 0 UID: 0 PID: 7 Comm: mount Not tainted 6.12.1-arch #1
Call Trace:
 __ubsan_handle_shift_out_of_bounds+0x1d/0x40`);
    expect(ubsan).toMatchObject({
      kind: 'ubsan',
      at: { file: 'fs/ext4/super.c', line: 4512, column: 13 },
      version: '6.12.1-arch',
    });
  });
});

describe('locks', () => {
  test('held locks are places, chains are stacks, both tasks are there', () => {
    const text = `======================================================
WARNING: possible circular locking dependency detected
5.11.0 #1 Not tainted
------------------------------------------------------
cat/5627 is trying to acquire lock:
ffff8880120b9168 (&mm->mmap_lock){++++}-{3:3}, at: do_user_addr_fault+0x1b0/0x560

but task is already holding lock:
ffff88806a4a6028 (&ei->i_data_sem){++++}-{3:3}, at: ext4_map_blocks+0x8a/0x5f0

which lock already depends on the new lock.

the existing dependency chain (in reverse order) is:

-> #1 (&ei->i_data_sem){++++}-{3:3}:
       lock_acquire+0x29d/0x740
       ext4_truncate+0x1f0/0x4d0

-> #0 (&mm->mmap_lock){++++}-{3:3}:
       __lock_acquire+0x2bd/0x3410
       __might_fault+0x110/0x1d0

 Possible unsafe locking scenario:

       CPU0                    CPU1
       ----                    ----
  lock(&ei->i_data_sem);
                               lock(&mm->mmap_lock);

 *** DEADLOCK ***

1 lock held by cat/5627:
 #0: ffff88806a4a6028 (&ei->i_data_sem){++++}-{3:3}, at: ext4_map_blocks+0x8a/0x5f0

stack backtrace:
CPU: 1 PID: 5627 Comm: cat Not tainted 5.11.0 #1
Call Trace:
 dump_stack+0x107/0x163
hardirqs last  enabled at (79893): [<ffffffff81007bd9>] do_page_fault+0x1a/0x1c`;
    expect(outline(text).map((o) => o.replace(/ \(cat.*?\)(?= cpu|:)/, ''))).toEqual([
      'lockdep cat/5627 is trying to acquire lock: do_user_addr_fault',
      'lockdep but task is already holding lock: ext4_map_blocks',
      'lockdep -> #1 (&ei->i_data_sem){++++}-{3:3}: lock_acquire ext4_truncate',
      'lockdep -> #0 (&mm->mmap_lock){++++}-{3:3}: __lock_acquire __might_fault',
      'lockdep 1 lock held by cat/5627: ext4_map_blocks',
      'lockdep stack backtrace cpu1: dump_stack',
      'lockdep  cpu1: do_page_fault',
    ]);
    const held = parseTrace(text).stacks[4];
    expect(held).toMatchObject({ order: 'none', task: 'cat', pid: 5627 });
    expect(held.frames[0]).toMatchObject({ kind: 'place', label: '(&ei->i_data_sem){++++}-{3:3}' });
  });
});

describe('stalls and lists of tasks', () => {
  test('hung task, soft lockup, RCU stall, NMI', () => {
    expect(
      outline(`INFO: task khugepaged:31 blocked for more than 143 seconds.
      Not tainted 5.1.0-rc3 #1
khugepaged      D28672    31      2 0x80004000
Call Trace:
 __schedule+0x3cc/0xed0
Showing all locks held in the system:
1 lock held by khungtaskd/342:
 #0: 000000007cacd2b6 (rcu_read_lock){....}, at: debug_show_all_locks+0x28/0x260
NMI backtrace for cpu 1
CPU: 1 PID: 9 Comm: rcu_sched Not tainted 5.1.0-rc3 #1
RIP: 0010:rcu_gp_kthread+0xd8/0x1b0
Call Trace:
 kthread+0xda/0x100
NMI backtrace for cpu 2 skipped: idling at native_safe_halt+0x6/0x10
watchdog: BUG: soft lockup - CPU#2 stuck for 136s! [syz:4888]
RIP: 0010:smp_call_function_many+0x8d5/0xb10
Call Trace:
 smp_call_function+0x42/0x90
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: RCU grace-period kthread stack dump:
task:rcu_preempt     state:R  running task     stack:28000 pid:   16 ppid:     2 flags:0x00004000
Call Trace:
 schedule_timeout+0x94/0x150`),
    ).toEqual([
      'hung-task Call Trace (khugepaged/31): __schedule',
      'lockdep 1 lock held by khungtaskd/342 (khungtaskd/342): debug_show_all_locks',
      'nmi NMI backtrace for cpu 1 (rcu_sched/9) cpu1: rcu_gp_kthread kthread',
      'nmi NMI backtrace for cpu 2 skipped: idling at native_safe_halt+0x6/0x10 (rcu_sched/9) cpu2: native_safe_halt',
      'soft-lockup Call Trace (syz/4888) cpu2: smp_call_function_many smp_call_function',
      'rcu-stall rcu: RCU grace-period kthread stack dump (rcu_preempt/16): schedule_timeout',
    ]);
  });

  test('sysrq-t, OOM, WARNING', () => {
    expect(
      outline(`sysrq: Show State
task:init            state:S stack:0     pid:1     ppid:0      flags:0x00000000
Call Trace:
 <TASK>
 __schedule+0x34d/0xa00
 do_wait+0x114/0x320
 </TASK>
task:kworker/0:1H    state:I stack:0     pid:14    ppid:2      flags:0x00004000
Call Trace:
 <TASK>
 __schedule+0x34d/0xa00
 worker_thread+0x50/0x3a0
 </TASK>
stress invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0
CPU: 0 PID: 77 Comm: stress Not tainted 6.1.0 #1
Call Trace:
 dump_header+0x4a/0x200
------------[ cut here ]------------
WARNING: CPU: 2 PID: 5944 at include/net/sock.h:1508 strp_data_ready+0x2b7/0x390 [kcm]
RIP: 0010:strp_data_ready+0x2b7/0x390 [kcm]
Call Trace:
 tcp_data_queue+0x5d/0x90
---[ end trace 0000000000000000 ]---
random: get_random_bytes called from start_kernel+0x153/0xa2b with crng_init=0`),
    ).toEqual([
      'sysrq Call Trace (init/1): __schedule do_wait',
      'sysrq Call Trace (kworker/0:1H/14): __schedule worker_thread',
      'oom Call Trace (stress/77) cpu0: dump_header',
      'warning Call Trace (/5944) cpu2: strp_data_ready strp_data_ready tcp_data_queue',
      'plain : start_kernel',
    ]);
  });

  test('headings that name places', () => {
    const places = (text: string) =>
      parseTrace(text).stacks.flatMap((s) => s.frames.map((f) => `${s.kind} ${f.kind} ${f.function}`));
    expect(places('BUG: KCSAN: data-race in do_exit+0x1/0x2 / wait_task_zombie+0x3/0x4')).toEqual([
      'kcsan place do_exit',
      'kcsan place wait_task_zombie',
    ]);
    const [warning] = parseTrace('WARNING: fs/ext4/inode.c:12 at ext4_writepages+0x1f3/0xd40, CPU#3: cat/211').stacks;
    expect(warning).toMatchObject({
      kind: 'warning',
      task: 'cat',
      pid: 211,
      cpu: 3,
      at: { file: 'fs/ext4/inode.c', line: 12 },
    });
    expect(places('watchdog: Watchdog detected hard LOCKUP on cpu 3\nRIP: 0010:f_x+0x1/0x2')).toEqual([
      'hard-lockup pc f_x',
    ]);
    expect(
      places('[  1.123456] do not call blocking ops; state=1 set at [<ffffffff81094815>] prepare_to_wait+0x75/0xf0'),
    ).toEqual(['plain place prepare_to_wait']);
    expect(places('caller is __this_cpu_preempt_check+0x13/0x20')).toEqual(['plain place __this_cpu_preempt_check']);
  });

  test('/proc/PID/stack', () => {
    expect(
      outline(`# cat /proc/10/stack   (mm_percpu_wq)
[<0>] rescuer_thread+0x2ae/0x3a0
[<0>] kthread+0xda/0x100
# cat /proc/106/stack
[<0>] kjournald2+0x265/0x280`).map((o) => o.split(': ')[1]),
    ).toEqual(['rescuer_thread kthread', 'kjournald2']);
  });
});

describe('prefixes', () => {
  const wanted = ['vfs_read+0x90/0x14c', 'ksys_read+0x60/0xc0'];
  const shapes: Record<string, (message: string) => string> = {
    printk: (m) => `[  640.907585] ${m}`,
    'caller id': (m) => `[  640.907585][  T123] ${m}`,
    level: (m) => `<4>[  640.907585] ${m}`,
    syslog: (m) => `Jan  5 12:34:56 host kernel: [  640.907585] ${m}`,
    journald: (m) => `Jan 05 12:34:56 host kernel: ${m}`,
    'journald, precise': (m) => `Jan 05 12:34:56.123456 host kernel: ${m}`,
    rsyslog: (m) => `2024-01-05T12:34:56.123456+01:00 host kernel: [  640.907585] ${m}`,
    'dmesg -T': (m) => `[Fri Jan  5 12:34:56 2024] ${m}`,
    'dmesg -H': (m) => `[  +0.000012] ${m}`,
    'dmesg -d': (m) => `[  640.907585 <    0.000012>] ${m}`,
    OpenWrt: (m) => `Fri Jan  5 12:34:56 2024 kern.warn kernel: [  640.907585] ${m}`,
    'dmesg -x': (m) => `kern  :warn  : [  640.907585] ${m}`,
    logcat: (m) => `01-05 12:34:56.789  1234  1234 E kernel  : [  640.907585] ${m}`,
    kmsg: (m) => `4,1234,640907585,-,caller=T123;${m}`,
    quoted: (m) => `> > ${m}`,
    'quoted stamp': (m) => `>> [  640.907585] ${m}`,
    html: (m) => `[  640.907585] ${m}`.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    ansi: (m) => `\x1b[32m[  640.907585]\x1b[0m \x1b[1m${m}\x1b[0m`,
    crlf: (m) => `[  640.907585] ${m}\r`,
    dropped: (m) => `** 4418 printk messages dropped ** [  640.907585] ${m}`,
    prompt: (m) => `login: [  640.907585] ${m}`,
  };
  test.each(Object.entries(shapes))('%s', (_name, shape) => {
    const text = ['Call Trace:', ...wanted.map((f) => ` [<ffff0000082b2454>] ${f}`)].map(shape).join('\n');
    const stack = only(text);
    expect(stack.title).toBe('Call Trace');
    expect(stack.frames.map((f) => brief(f).slice(2))).toEqual(wanted);
    for (const f of stack.frames) expect(text.split('\n')[f.line - 1].slice(f.start, f.end)).toBe(f.text);
  });

  test('CPUs that print at once are told apart by their caller', () => {
    expect(
      outline(`[ 1.000001][  T100] Call Trace:
[ 1.000002][    C1] Call Trace:
[ 1.000003][  T100]  vfs_read+0x90/0x14c
[ 1.000004][    C1]  tick_sched_timer+0x4c/0x80
[ 1.000005][  T100]  ksys_read+0x60/0xc0
[ 1.000006][    C1]  __hrtimer_run_queues+0x112/0x2b0`),
    ).toEqual(['plain Call Trace: vfs_read ksys_read', 'plain Call Trace cpu1: tick_sched_timer __hrtimer_run_queues']);
  });

  test('a line break inside a frame', () => {
    const { stacks, problems } = parseTrace(`[  640.1] x
[  640.907585] Call trace:
[  640.923021] [<ffff0000008f00a0>] test_simple_readpage+0x20/0x5
8 [myfs]
[  640.936106]  generic_file_
read_iter+0x11c/0x16c
[  640.942345] [<ffff0000082b235c>] __vfs_read+0x1
10/0x178
[  640.942346] [<ffff0000082b235c>] vfs_read+0x10/0x178
dead`);
    expect(stacks.flatMap((s) => s.frames.map(brief))).toEqual([
      '3 test_simple_readpage+0x20/0x58 [myfs]',
      '5 generic_file_read_iter+0x11c/0x16c',
      '7 __vfs_read+0x110/0x178',
      '9 vfs_read+0x10/0x178',
    ]);
    expect(problems.map((p) => p.line)).toEqual([3, 5, 7]);
  });

  test('two messages on one line', () => {
    expect(
      outline(`[  168.262774] Call Trace:
[  168.262775]  <IRQ> [  168.262776]  [<ffffffff81c8b9d4>] dump_stack+0xc1/0x128
[  168.262777]  kasan_report+0xda/0x110[  168.262778]  vfs_read+0x90/0x14c`),
    ).toEqual(['plain Call Trace: dump_stack kasan_report vfs_read']);
  });
});
