import { describe, expect, test } from 'vitest';
import { chainOf } from '../../../server/src/trace/chain.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import { brief, cutOut, frames, only } from './support.ts';

describe('GDB', () => {
  test('bt: addresses, inlined frames, sources relative to a build folder', () => {
    const text = `(gdb) bt
#0  ext4_readpages (file=0xffff88001dbe1100, pages=0xffffc900007ffb80, nr_pages=4) at ../fs/ext4/inode.c:3308
#1  0xffffffff811b6288 in read_pages (gfp=<optimised out>, filp=<optimized out>) at ../mm/readahead.c:121
#2  __do_page_cache_readahead (mapping=<optimised out>, offset=3) at ../mm/readahead.c:199
#3  0xffffffff811b64b8 in ra_submit (ra=0x0 <irq_stack_union>, buf=0xffff "a (b \\" c") at ../mm/internal.h:66
#4  ondemand_readahead.isra.0 (argv=...) at ../mm/readahead.c:478
#5  0xffffffff818ab0ab in entry_SYSCALL_64 () at /build/linux-6.1/arch/x86/entry/entry_64.S:245
#6  0x00007f5e51a0 in ?? ()
#7  <signal handler called>
#8  0xffffffffa0001234 in ext4_file_mmap () from /lib/modules/6.1.0/kernel/fs/ext4/ext4.ko
(gdb) bt
#0  vfs_read (file=0x1) at fs/read_write.c:452`;
    const { stacks } = parseTrace(text);
    expect(stacks.map((s) => s.kind)).toEqual(['gdb', 'gdb']);
    expect(stacks[0].frames.map(brief)).toEqual([
      '2 ext4_readpages ../fs/ext4/inode.c:3308',
      '3 ~read_pages ../mm/readahead.c:121',
      '4 __do_page_cache_readahead ../mm/readahead.c:199',
      '5 ~ra_submit ../mm/internal.h:66',
      '6 ondemand_readahead ../mm/readahead.c:478',
      '7 entry_SYSCALL_64 /build/linux-6.1/arch/x86/entry/entry_64.S:245',
      '8 ',
      '9 ',
      '10 ext4_file_mmap [ext4]',
    ]);
    expect(stacks[0].frames.map((f) => f.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(stacks[0].frames[1].address).toBe('ffffffff811b6288');
    for (const s of stacks) for (const f of s.frames) expect(cutOut(text, f)).toBe(f.text);
  });

  test('frames that a terminal or a mailer wrapped', () => {
    const text = `> #0  ext4_readpages (file=0xffff88001dbe1100, mapping=0xffff88001d1d5288,
>     pages=0xffffc900007ffb80, nr_pages=4)
>     at ../fs/ext4/inode.c:3308
> #1  0xffffffff811b6288 in read_pages (gfp=<optimised
> out>, nr_pages=<optimised out>) at
> ../mm/readahead.c:121
> #2  0xffffffff811b6289 in
> __do_page_cache_readahead (offset=3) at ../mm/readahead.c:199
>
> What do you make of it?`;
    const stack = only(text);
    expect(stack.frames.map(brief)).toEqual([
      '1 ext4_readpages ../fs/ext4/inode.c:3308',
      '4 read_pages ../mm/readahead.c:121',
      '8 __do_page_cache_readahead ../mm/readahead.c:199',
    ]);
    for (const f of stack.frames) expect(cutOut(text, f)).toBe(f.text);
  });

  const bt = [
    '#0  ext4_readpages (file=0xffff88001dbe1100, mapping=0xffff88001d1d5288, pages=0xffffc900007ffb80) at ../fs/ext4/inode.c:3308',
    '#1  0xffffffff811b6288 in read_pages (gfp=<optimised out>, nr_pages=<optimised out>, pages=<optimised out>) at ../mm/readahead.c:121',
    '#2  __do_page_cache_readahead (mapping=<optimised out>, filp=<optimised out>, offset=3, nr_to_read=<optimised out>) at ../mm/readahead.c:199',
    '#3  0xffffffff811b678e in page_cache_sync_readahead (mapping=<optimised out>, ra=<optimised out>) at ../mm/readahead.c:510',
    '#4  0xffffffff811a7a62 in do_generic_file_read (written=<optimised out>, iter=<optimised out>, ppos=<optimised out>) at ../mm/filemap.c:1813',
    '#5  0xffffffff81003b5b in do_syscall_64 (regs=0xffff88001dbe1100) at ../arch/x86/entry/common.c:284',
  ];
  /** Cut at a width as terminals do, in the middle of words. */
  const cutAt = (width: number) => (line: string) => (line.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');
  /** Broken between words as mailers do. */
  const breakAt = (width: number) => (line: string) => {
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const at = rest.lastIndexOf(' ', width);
      lines.push(rest.slice(0, at));
      rest = rest.slice(at + 1);
    }
    return [...lines, rest].join('\n');
  };
  const noLine = (f: string) => f.slice(f.indexOf(' '));
  test.each([70, 76, 79, 80, 81, 100, 120])('wrapped at %i, by a terminal and by a mailer', (width) => {
    const plain = frames(bt.join('\n')).map(noLine);
    expect(plain).toHaveLength(6);
    for (const wrap of [cutAt(width), breakAt(width)]) {
      const text = bt.map(wrap).join('\n');
      expect(frames(text).map(noLine)).toEqual(plain);
      expect(frames(text.replace(/^/gm, '> ')).map(noLine)).toEqual(plain);
    }
  });

  test('addresses off: nothing is called inlined', () => {
    expect(only('#0  a (x=1) at m.c:1\n#1  b () at m.c:2\n#2  c () at m.c:3').frames.some((f) => f.inlined)).toBe(
      false,
    );
  });

  test('frames of the kernel without debug information of their own', () => {
    const stack = only('#0  vfs_read () from /usr/lib/debug/boot/vmlinux-6.1.0\n#1  ksys_read () from ../vmlinux\n');
    expect(stack.frames.map((f) => [f.function, f.module, f.user])).toEqual([
      ['vfs_read', null, false],
      ['ksys_read', null, false],
    ]);
  });

  test('bt full and threads', () => {
    const { stacks } = parseTrace(`Thread 2 hit Breakpoint 20, filemap_map_pages (vmf=0x1) at mm/filemap.c:3459
3459	in mm/filemap.c
#0  filemap_map_pages (vmf=0x1) at mm/filemap.c:3459
        rcu = 0
        page = 0x0
No locals.
#1  0xffffffff812bd3a7 in do_fault_around (vmf=0x1) at mm/memory.c:4599`);
    expect(stacks).toHaveLength(1);
    expect(stacks[0].heading).toContain('Breakpoint 20');
    expect(stacks[0].frames.map((f) => f.function)).toEqual(['filemap_map_pages', 'do_fault_around']);
  });
});

describe('crash and drgn', () => {
  test('one after the other: whose stack it is does not pass on', () => {
    const { stacks } = parseTrace(`PID: 5510     TASK: ffff9d3d40f1c000  CPU: 1    COMMAND: "bash"
 #0 [ffffb0a1c0a3bb60] machine_kexec at ffffffff8106e0a3
>>> prog.stack_trace(1)
#0  context_switch (kernel/sched/core.c:5245:2)
#1  entry_SYSCALL_64+0x7c/0x15b (./arch/x86/entry/entry_64.S:113)
[0]kdb> bt
Stack traceback for pid 1
0xffff888100278000        1        0  1    0   R  0xffff888100278b40 *swapper/0
CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0 #1
Call Trace:
 <TASK>
 kdb_show_stack+0x7d/0x90
 kdb_bt1+0xaa/0x120
 </TASK>`);
    expect(stacks.map((s) => [s.kind, s.task, s.pid, s.frames.length])).toEqual([
      ['crash', 'bash', 5510, 1],
      ['drgn', null, null, 2],
      ['plain', 'swapper/0', 1, 2],
    ]);
    expect(brief(stacks[1].frames[1])).toBe('5 entry_SYSCALL_64+0x7c/0x15b ./arch/x86/entry/entry_64.S:113');
  });

  test('crash bt, with the interrupted place and -l', () => {
    const { stacks } = parseTrace(`PID: 5510     TASK: ffff9d3d40f1c000  CPU: 1    COMMAND: "bash"
 #0 [ffffb0a1c0a3bb60] machine_kexec at ffffffff8106e0a3
    /usr/src/linux/arch/x86/kernel/machine_kexec_64.c: 334
 #1 [ffffb0a1c0a3bbb8] __crash_kexec at ffffffff811569aa
    [exception RIP: sysrq_handle_crash+22]
    RIP: ffffffff816b1a26  RSP: ffffb0a1c0a3bd90  RFLAGS: 00010286
 #2 [ffffb0a1c0a3bd90] ext4_file_write_iter at ffffffffc0a3bd90 [ext4]
PID: 0        TASK: ffffffff82a1a940  CPU: 0    COMMAND: "swapper/0"
 #0 [fffffe000000be50] crash_nmi_callback at ffffffff81061c21`);
    expect(stacks.map((s) => [s.kind, s.task, s.pid, s.cpu, s.frames.map(brief)])).toEqual([
      [
        'crash',
        'bash',
        5510,
        1,
        [
          '2 machine_kexec /usr/src/linux/arch/x86/kernel/machine_kexec_64.c:334',
          '4 __crash_kexec',
          '5 pc sysrq_handle_crash+0x16',
          '7 ext4_file_write_iter [ext4]',
        ],
      ],
      ['crash', 'swapper/0', 0, 0, ['9 crash_nmi_callback']],
    ]);
  });

  test('drgn', () => {
    const stack = only(`>>> prog.stack_trace(115)
#0  context_switch (./kernel/sched/core.c:4683:2)
#1  __schedule (kernel/sched/core.c:5940:8)
#2  schedule+0x4b/0x90
#3  at 0xffffffff8114e8a1 (do_wait+0x1c1/0x230) in wait_local at kernel/exit.c:1629:3 (inlined)`);
    expect(stack.kind).toBe('drgn');
    expect(stack.frames.map(brief)).toEqual([
      '2 context_switch ./kernel/sched/core.c:4683',
      '3 __schedule kernel/sched/core.c:5940',
      '4 schedule+0x4b/0x90',
      '5 ~wait_local kernel/exit.c:1629',
    ]);
  });
});

describe('crash', () => {
  test('bt -s: decimal offsets, a mailer’s wraps, what people note', () => {
    const text = `crash> bt -s 77
PID: 77   TASK: ffff888104a50000  CPU: 2   COMMAND: "mill"
 #0 [ffffc90001b3bc60] __schedule+617 at ffffffff81c12df9
 #1 [ffffc90001b3bd08] gear_turn+877 at
ffffffffc016b90d [gears] (/home/user/mill/gears/turn.c:497)
 #2 [ffffc90001b3bd68] io_schedule_timeout+0x19 at ffffffff81c13619
((inlined by) io_schedule_finish at
/home/user/mill/sched/core.c:62)
 #3 [ffffc90001b3bf10] kthread+279 at ffffffff810b9167
    ffffc90001b3bf18: ffffffff810b9050 [ffff888104a50000:task_struct]
    ffffc90001b3bf28: kthread+0 0000000000000000`;
    const stack = only(text);
    expect(stack.frames.map(brief)).toEqual([
      '3 __schedule+0x269',
      '4 gear_turn+0x36d [gears] /home/user/mill/gears/turn.c:497',
      '6 io_schedule_timeout+0x19',
      '9 kthread+0x117',
    ]);
    expect(stack.frames[2].inlinedAt).toMatchObject([{ line: 62, function: 'io_schedule_finish' }]);
    for (const f of stack.frames) expect(cutOut(text, f)).toBe(f.text);
  });
});

describe('ftrace', () => {
  test('stack traces, kprobe events, the function tracer', () => {
    const { stacks } = parseTrace(`# tracer: nop
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
            work-184     [000] .....    22.214894: ext4_lookup: (ext4_lookup+0x0/0x270)
      jbd2/vda-8-105     [001] d..2.     6.556075: kfree: call_site=skb_release_data+0x10/0x20 [virtio_net] ptr=1
            work-184     [000] .....    22.214994: <stack trace>
 => kprobe_ftrace_handler+0x10b/0x1b0
 => 0xffffffffc025f0c8
 => ext4_lookup
 => do_syscall_64 (ffffffff81a03f4d)
            work-184     [000] .....    22.215000: vfs_read <-ksys_read`);
    expect(stacks.map((s) => [s.title, s.order, s.task, s.cpu, s.heading, s.frames.map(brief)])).toEqual([
      [
        ...['places of events', 'none', null, null, ''],
        ['4 event ext4_lookup+0x0/0x270', '5 place skb_release_data+0x10/0x20 [virtio_net]'],
      ],
      [
        '<stack trace>',
        'innermost-first',
        'work',
        0,
        'ext4_lookup: (ext4_lookup+0x0/0x270)',
        ['7 kprobe_ftrace_handler+0x10b/0x1b0', '8 ', '9 ext4_lookup', '10 do_syscall_64'],
      ],
      ['function', 'innermost-first', 'work', 0, '', ['11 event vfs_read', '11 ksys_read']],
    ]);
  });

  test('events make a stack of places where no stack is printed', () => {
    const events = `            work-184     [000] .....    22.214894: ext4_lookup: (ext4_lookup+0x0/0x270)
      jbd2/vda-8-105     [001] d..2.     6.556075: kfree: call_site=skb_release_data+0x10/0x20 [virtio_net] ptr=1`;
    const { stacks } = parseTrace(events);
    expect(stacks.map((s) => [s.title, s.order, s.task, s.frames.map(brief)])).toEqual([
      ['events', 'none', null, ['1 event ext4_lookup+0x0/0x270', '2 place skb_release_data+0x10/0x20 [virtio_net]']],
    ]);
  });

  test('the latency tracers', () => {
    const { stacks } = parseTrace(`  <idle>-0       3dN.1   12us : wake_up_idle_cpu <-add_timer_on
    bash-2042    1d...    0us!: _raw_spin_unlock <-__close_fd
    bash-2042    1d..2    7us : <stack trace>
 => sub_preempt_count
 => irq_exit`);
    expect(stacks.map((s) => [s.title, s.task, s.pid, s.cpu, s.frames.map((f) => f.function).join(' ')])).toEqual([
      ['function', '<idle>', 0, 3, 'wake_up_idle_cpu add_timer_on'],
      ['function', 'bash', 2042, 1, '_raw_spin_unlock __close_fd'],
      ['<stack trace>', 'bash', 2042, 1, 'sub_preempt_count irq_exit'],
    ]);
  });

  test('function_graph: per CPU, outermost first, with depths', () => {
    const { stacks } = parseTrace(`# CPU  DURATION                  FUNCTION CALLS
# |     |   |                     |   |   |   |
 1)               |  do_sys_openat2() {
 0)   1.483 us    |  __rcu_read_lock();
 1)               |    getname_flags.part.0() {
 1) + 55.179 us   |      __cond_resched();
 1) ! 282.202 us  |    }
 1)   2.739 us    |    ext4_lookup [ext4]();
 1) # 1359.438 us |  }
 1)               |  vfs_open() {
 0)  cat-12       |  1.0 us |  kfree();`);
    expect(
      stacks.map((s) => [s.title, s.cpu, s.order, s.frames.map((f) => `${f.depth}${f.function}`).join(' ')]),
    ).toEqual([
      ['do_sys_openat2', 1, 'outermost-first', '0do_sys_openat2 1getname_flags 2__cond_resched 1ext4_lookup'],
      ['__rcu_read_lock', 0, 'outermost-first', '0__rcu_read_lock'],
      ['vfs_open', 1, 'outermost-first', '0vfs_open'],
      ['kfree', 0, 'outermost-first', '0kfree'],
    ]);
    expect(chainOf(stacks[2]).map((f) => f.function)).toEqual(['vfs_open']);
  });
});

describe('perf and BPF', () => {
  test('perf script', () => {
    const { stacks } = parseTrace(`cat  1234 [001]  2035.123456:     250000 cycles:ppp:
	ffffffff8129c4a1 clear_page_erms+0x7 ([kernel.kallsyms])
	ffffffffc0a3bd90 ext4_file_read_iter+0x51 ([ext4])
	ffffffff812b1234 call_read_iter (inlined)
	    7f1a2b3c4d5e __libc_read+0x4e (/usr/lib/x86_64-linux-gnu/libc.so.6)
	    7f1a2b3c4d5f [unknown] (/usr/bin/cat)

dd 99 2035.2: cycles:
	ffffffff8129c4a1 vfs_write+0x17 (/usr/lib/debug/boot/vmlinux-6.1)
`);
    expect(stacks.map((s) => [s.kind, s.title, s.task, s.pid, s.cpu])).toEqual([
      ['perf', 'cycles:ppp', 'cat', 1234, 1],
      ['perf', 'cycles', 'dd', 99, null],
    ]);
    expect(stacks[0].frames.map((f) => `${brief(f)}${f.user ? ' user' : ''}`)).toEqual([
      '2 clear_page_erms+0x7',
      '3 ext4_file_read_iter+0x51 [ext4]',
      '4 ~call_read_iter',
      '5 __libc_read+0x4e user',
      '6  user',
    ]);
    expect(stacks[1].frames[0].user).toBe(false);
  });

  test('bpftrace and bcc', () => {
    const { stacks } = parseTrace(`Attaching 1 probe...
@[
    vfs_read+1
    ksys_read+183
    do_syscall_64
]: 12
@reads[
    ext4_file_read_iter+5
, cat]: 3

  submit_bio
  ext4_mpage_readpages
  ext4_readahead
    4

        vfs_write+1
        ksys_write+103
`);
    expect(stacks.map((s) => [s.kind, s.title, s.frames.map((f) => `${f.function}+${f.offset}`).join(' ')])).toEqual([
      ['bpf', '@', 'vfs_read+1 ksys_read+183 do_syscall_64+null'],
      ['bpf', '@reads', 'ext4_file_read_iter+5'],
      ['bpf', '', 'submit_bio+null ext4_mpage_readpages+null ext4_readahead+null'],
      ['bpf', '', 'vfs_write+1 ksys_write+103'],
    ]);
    expect(frames('  numa_memory_policy\n  page_owner\n  page_frags\n\nText.')).toEqual([]);
    expect(frames('  the\n  quick\n  brown\n  fox\n')).toEqual([]);
  });
});

test('bpftrace with other keys in front of the stack', () => {
  const { stacks } = parseTrace(`cat 1234/1235 12345.700000: page-faults:
\tffffffff8123abcd handle_mm_fault+0x9d ([kernel.kallsyms])

@stacks[1234, cat,
    vfs_read+1
    ksys_read+103
]: 3`);
  expect(stacks.map((s) => [s.kind, s.title, s.frames.length])).toEqual([
    ['perf', 'page-faults', 1],
    ['bpf', '@stacks[1234, cat', 2],
  ]);
  expect(stacks[1].heading).toBe('');
});
