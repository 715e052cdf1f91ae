import { describe, expect, test } from 'vitest';
import { chainOf } from '../../../server/src/trace/chain.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import { brief, cutOut, frames, only } from './support.ts';

describe('x86', () => {
  const oops = `[   12.000100] BUG: kernel NULL pointer dereference, address: 0000000000000010
[   12.000200] #PF: supervisor read access in kernel mode
[   12.000300] Oops: 0000 [#1] PREEMPT SMP NOPTI
[   12.000400] CPU: 3 PID: 211 Comm: kworker/u8:2 Tainted: G        W  OE      6.1.0-13-amd64 #1  Debian 6.1.55-1
[   12.000500] Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2 04/01/2014
[   12.000600] Workqueue: writeback wb_workfn (flush-254:0)
[   12.000700] RIP: 0010:ext4_writepages+0x1f3/0xd40 [ext4]
[   12.000800] Code: 48 8b 45 10 <48> 8b 40 10 0f 1f 44 00 00 48 89 c7 e8
[   12.000900] RSP: 0018:ffffa0e380c0f9a8 EFLAGS: 00010246
[   12.001000] RAX: 0000000000000000 RBX: ffff8c1f4a3b2c00 RCX: 0000000000000000
[   12.001100] CR2: 0000000000000010 CR3: 000000010a3c0005 CR4: 0000000000770ee0
[   12.001200] Call Trace:
[   12.001300]  <IRQ>
[   12.001400]  ? __die+0x23/0x70
[   12.001500]  </IRQ>
[   12.001600]  <TASK>
[   12.001700]  do_writepages+0xd1/0x1b0
[   12.001800]  __writeback_single_inode+0x41/0x270
[   12.001900]  ? wb_over_bg_thresh+0x30/0xc0
[   12.002000]  ret_from_fork+0x22/0x30
[   12.002100]  </TASK>
[   12.002200] Modules linked in: ext4 mbcache jbd2 virtio_blk
[   12.002300] ---[ end trace 0000000000000000 ]---`;

  test('oops: one stack, RIP innermost, sections, who and where', () => {
    const stack = only(oops);
    expect(stack).toMatchObject({
      title: 'Call Trace',
      heading: 'BUG: kernel NULL pointer dereference, address: 0000000000000010',
      kind: 'oops',
      task: 'kworker/u8:2',
      pid: 211,
      cpu: 3,
      arch: 'x86',
      version: '6.1.0-13-amd64',
      order: 'innermost-first',
      line: 7,
      endLine: 20,
    });
    expect(stack.frames.map(brief)).toEqual([
      '7 pc ext4_writepages+0x1f3/0xd40 [ext4]',
      '14 ?__die+0x23/0x70',
      '17 do_writepages+0xd1/0x1b0',
      '18 __writeback_single_inode+0x41/0x270',
      '19 ?wb_over_bg_thresh+0x30/0xc0',
      '20 ret_from_fork+0x22/0x30',
    ]);
    expect(stack.frames.map((f) => f.section)).toEqual([null, 'IRQ', 'TASK', 'TASK', 'TASK', 'TASK']);
    for (const frame of stack.frames) expect(cutOut(oops, frame)).toBe(frame.text);
  });

  test('an interrupted place inside a trace belongs to the chain', () => {
    const stack = only(`Call Trace:
 <IRQ>
 __hrtimer_run_queues+0x112/0x2b0
 asm_sysvec_apic_timer_interrupt+0x16/0x20
 </IRQ>
RIP: 0010:_raw_spin_unlock_irqrestore+0x1a/0x40
Code: 00 00 0f 1f 44 00 00
RSP: 0018:ffffb0a1c0a3bd90 EFLAGS: 00000246
 try_to_wake_up+0x258/0x540
 ? RIP: 0033:0x7f1234
RIP: 0033:0x47b7a0`);
    expect(chainOf(stack).map((f) => `${f.kind} ${f.function}`)).toEqual([
      'call __hrtimer_run_queues',
      'call asm_sysvec_apic_timer_interrupt',
      'pc _raw_spin_unlock_irqrestore',
      'call try_to_wake_up',
    ]);
  });

  test('before 4.10, and 32 bits', () => {
    expect(
      frames(`Call Trace:
 [<ffffffff8120a3c1>] vfs_read+0x91/0x130
 [<ffffffff8120b4f5>] ? SyS_read+0x55/0xc0
 <IRQ>  [<ffffffff810a1b2c>] tick_sched_timer+0x4c/0x80
 [<ffffffffa0123456>] ext4_file_mmap+0x20/0x60 [ext4]
RIP  [<ffffffff8120a3c1>] vfs_read+0x91/0x130
 RSP <ffff88003d2bfe80>`),
    ).toEqual([
      '2 vfs_read+0x91/0x130',
      '3 ?SyS_read+0x55/0xc0',
      '4 tick_sched_timer+0x4c/0x80',
      '5 ext4_file_mmap+0x20/0x60 [ext4]',
      '6 pc vfs_read+0x91/0x130',
    ]);
    const [eip] = parseTrace(`Pid: 1234, comm: mount Not tainted 2.6.32.9 #2
EIP: 0060:[<c04b1d3e>] EFLAGS: 00010246 CPU: 1
EIP is at ext3_readpage+0xe/0x20 [ext3]
EAX: 00000000 EBX: c1234567 ECX: 00000001 EDX: f6e10000
Call Trace:
 [<c0471a2b>] ? read_cache_page+0x1b/0x40`).stacks;
    expect(eip).toMatchObject({ task: 'mount', pid: 1234, version: '2.6.32.9', arch: 'x86' });
    expect(eip.frames.map(brief)).toEqual(['3 pc ext3_readpage+0xe/0x20 [ext3]', '6 ?read_cache_page+0x1b/0x40']);
  });
});

describe('other architectures', () => {
  test('arm64: pc, lr, and the trace that says pc again', () => {
    const stack = only(`[  211.598861][    T1] Internal error: Oops: 96000004 [#1] PREEMPT SMP
[  211.598862][    T1] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 5.9.0-rc8 #3
[  211.600000][    T1] pstate: 60000005 (nZCv daif -PAN -UAO BTYPE=--)
[  211.600001][    T1] pc : simple_recursive_removal+0x28/0x2c0
[  211.600002][    T1] lr : debugfs_remove+0x5c/0x80
[  211.600003][    T1] sp : ffff0000401f7c40
[  211.600004][    T1] x29: ffff0000401f7c40 x28: 0000000000000000
[  211.600005][    T1] Call trace:
[  211.600006][    T1]  simple_recursive_removal+0x28/0x2c0
[  211.600007][    T1]  debugfs_remove+0x5c/0x80 (P)
[  211.600008][    T1]  el0t_64_sync+0x1a0/0x1a4
[  211.600009][    T1] Code: a9b97bfd 910003fd (f9400c13) aa0003f4`);
    expect(stack).toMatchObject({ kind: 'oops', title: 'Call trace', arch: 'arm64', task: 'swapper/0', cpu: 0 });
    expect(stack.frames.map((f) => f.kind)).toEqual(['pc', 'lr', 'call', 'call', 'call']);
    expect(chainOf(stack).map((f) => f.function)).toEqual([
      'simple_recursive_removal',
      'debugfs_remove',
      'el0t_64_sync',
    ]);
  });

  test('arm: who called whom, three generations', () => {
    expect(
      frames(`PC is at n_tty_set_termios+0x14/0x3c4
LR is at tty_set_termios+0x1bc/0x230
pc : [<8062eec8>]    lr : [<80632588>]    psr: 200d0013
sp : 8d2d3e90  ip : 00000000  fp : 8d2d3ed4
r10: 00000000  r9 : 8d2d2000  r8 : 80101204
Process syz (pid: 12, stack limit = 0x(ptrval))
Stack: (0x8d2d3e90 to 0x8d2d4000)
3e80:                                     00000000 00000000 9f7003c0 9f700000
[<8062eec8>] (n_tty_set_termios) from [<80632588>] (tty_set_termios+0x1bc/0x230)
 r7:00000009 r6:83f8b770
[<80632588>] (tty_set_termios+0x1bc/0x230) from [<80632c94>] (set_termios+0x198/0x3f8)
Exception stack(0x8bd2bfb0 to 0x8bd2bff8)`),
    ).toEqual([
      '1 pc n_tty_set_termios+0x14/0x3c4',
      '2 lr tty_set_termios+0x1bc/0x230',
      '9 tty_set_termios+0x1bc/0x230',
      '11 set_termios+0x198/0x3f8',
    ]);
    const stack = only(`Backtrace:
 unwind_backtrace from show_stack+0x18/0x1c
 show_stack from dump_stack_lvl+0x48/0x54
 dump_stack_lvl from ret_fast_syscall+0x0/0x1c`);
    expect(stack.arch).toBe('arm');
    expect(stack.frames.map(brief)).toEqual([
      '2 unwind_backtrace',
      '2 show_stack+0x18/0x1c',
      '3 dump_stack_lvl+0x48/0x54',
      '4 ret_fast_syscall+0x0/0x1c',
    ]);
  });

  test('riscv and powerpc', () => {
    const riscv = only(`epc : __virt_to_phys+0x44/0x5c
 ra : memblock_free+0x1a/0x2c
epc : ffffffff80008a44 ra : ffffffff80a0b3e2 sp : ffffffff81403f20
[<ffffffff80008a44>] __virt_to_phys+0x44/0x5c
[<ffffffff80a0b3e2>] memblock_free+0x1a/0x2c`);
    expect(riscv.arch).toBe('riscv');
    expect(riscv.frames.map(brief)).toEqual([
      '1 pc __virt_to_phys+0x44/0x5c',
      '2 lr memblock_free+0x1a/0x2c',
      '4 __virt_to_phys+0x44/0x5c',
      '5 memblock_free+0x1a/0x2c',
    ]);
    const powerpc = only(`NIP:  c00000000005a2c4 LR: c00000000005a2b0 CTR: c0000000000d0e90
GPR00: c00000000005a2b0 c000000049a87530 c000000001a2f400 0000000000000000
NIP [c00000000005a2c4] exit_aio+0x188/0x2a0
LR [c00000000005a2b0] exit_aio+0x174/0x2a0
Call Trace:
[c000000049a87a10] [c00000000005a2b0] exit_aio+0x174/0x2a0 (unreliable)
[c000000049a87ad0] [c00000000016556c] mmput+0xbc/0x260
[c000000049a87b00] [c00000000016556c] 0xc00000000016556c (unreliable)
--- interrupt: c00 at system_call_exception+0x150/0x300
    LR = system_call_common+0xf0/0x27c`);
    expect(powerpc.arch).toBe('powerpc');
    expect(powerpc.frames.map(brief)).toEqual([
      '3 pc exit_aio+0x188/0x2a0',
      '4 lr exit_aio+0x174/0x2a0',
      '6 ?exit_aio+0x174/0x2a0',
      '7 mmput+0xbc/0x260',
      '8 ?',
      '9 pc system_call_exception+0x150/0x300',
      '10 lr system_call_common+0xf0/0x27c',
    ]);
  });

  test('s390: the last breaking event is a place, no frame', () => {
    const { stacks } = parseTrace(`Krnl PSW : 0704c00180000000 000000000031b2d4 (ext4_readpage+0x24/0x90 [ext4])
Call Trace:
 [<000000000031b2d4>] ext4_readpage+0x24/0x90 [ext4]
([<00000000002a1b00>] filemap_read_page+0x48/0x100)
Last Breaking-Event-Address:
 [<0000000000302700>] _mcount+0x0/0x10`);
    expect(stacks.map((s) => [s.title, s.arch, s.order, s.frames.map(brief)])).toEqual([
      [
        'Call Trace',
        's390',
        'innermost-first',
        ['1 pc ext4_readpage+0x24/0x90 [ext4]', '3 ext4_readpage+0x24/0x90 [ext4]', '4 filemap_read_page+0x48/0x100'],
      ],
      ['Last Breaking-Event-Address', 's390', 'none', ['6 place _mcount+0x0/0x10']],
    ]);
  });

  test('mips and loongarch', () => {
    const mips = only(`$ 0   : 00000000 10008400 00000000 00000000
epc   : 8011f0c4 do_page_fault+0x24/0x400
ra    : 80105d60 handle_tlbl+0x120/0x13c
Call Trace:
[<8011f0c4>] do_page_fault+0x24/0x400
[<80105d60>] ret_from_exception+0x0/0x10`);
    expect(mips.arch).toBe('mips');
    expect(mips.frames.map((f) => f.kind)).toEqual(['pc', 'lr', 'call', 'call']);
    const loongarch = only(`pc 9000000000221d50 ra 9000000000221e84 tp 9000000100270000 sp 9000000100273d60
   ra: 9000000000221e84 load_module+0x1c8/0x2a00
  ERA: 9000000000221d50 load_module+0x94/0x2a00
Call Trace:
[<9000000000221d50>] load_module+0x94/0x2a00
[<9000000000224b70>] sys_finit_module+0xd0/0x110`);
    expect(loongarch.arch).toBe('loongarch');
    expect(loongarch.frames.map(brief)).toEqual([
      '2 lr load_module+0x1c8/0x2a00',
      '3 pc load_module+0x94/0x2a00',
      '5 load_module+0x94/0x2a00',
      '6 sys_finit_module+0xd0/0x110',
    ]);
  });
});

test('sparc and SystemTap', () => {
  expect(
    frames(`TPC: <do_exit+0x1c/0x20>
I7: <do_group_exit+0x44/0xa0>
Call Trace:
 [000000000042a1bc] do_group_exit+0x44/0xa0
 0xffffffff8120a3c1 : vfs_read+0x0/0x130 [kernel]`),
  ).toEqual([
    '1 pc do_exit+0x1c/0x20',
    '2 lr do_group_exit+0x44/0xa0',
    '4 do_group_exit+0x44/0xa0',
    '5 vfs_read+0x0/0x130',
  ]);
});

describe('names', () => {
  test('suffixes, modules with build ids, Rust', () => {
    const stack = only(`Call Trace:
 do_execveat_common.isra.0+0x1ad/0x220
 tt_write.cold+0x2d/0x241 [beep b31b297f8d2e2a7a0b4b7f0d9f1c3a5e6d7c8b9a]
 sched_show.constprop.0.isra.12.part.3+0x1/0x2
 f.llvm.4212345678901234567+0x3/0x4 [nf_tables(OE)]
 _RNvMs0_NtCshgDM7dBCdno_11rust_binder4nodeNtB5_4Node22update_refcount+0x401/0x810
 <rust_binder::process::Process>::update_ref+0x15b/0x160 [rust_binder]
 <kernel::sync::Arc<T> as core::ops::Drop>::drop+0x1/0x20
 rust_binder::thread::{closure#0}+0x1/0x20
 __cfi_foo.weird+0x0/0x10`);
    expect(stack.frames.map((f) => [f.function, f.suffixes.join(' '), f.module, f.buildId])).toEqual([
      ['do_execveat_common', '.isra.0', null, null],
      ['tt_write', '.cold', 'beep', 'b31b297f8d2e2a7a0b4b7f0d9f1c3a5e6d7c8b9a'],
      ['sched_show', '.constprop.0 .isra.12 .part.3', null, null],
      ['f', '.llvm.4212345678901234567', 'nf_tables', null],
      ['_RNvMs0_NtCshgDM7dBCdno_11rust_binder4nodeNtB5_4Node22update_refcount', '', null, null],
      ['<rust_binder::process::Process>::update_ref', '', 'rust_binder', null],
      ['<kernel::sync::Arc<T> as core::ops::Drop>::drop', '', null, null],
      ['rust_binder::thread::{closure#0}', '', null, null],
      ['foo.weird', '', null, null],
    ]);
  });
});

describe('decoded traces', () => {
  test('decode_stacktrace.sh, syzkaller, faddr2line', () => {
    const stack = only(`Call Trace:
 <TASK>
dump_stack_lvl (lib/dump_stack.c:107 (discriminator 4))
? ext4_file_mmap (fs/ext4/file.c:810) ext4
 napi_poll net/core/dev.c:5202 [inline]
 net_rx_action+0xe70/0x1900 net/core/dev.c:5267
 vfs_read+0x91/0x130 (/build/linux/fs/read_write.c:473:9)
 </TASK>`);
    expect(stack.frames.map(brief)).toEqual([
      '3 dump_stack_lvl lib/dump_stack.c:107',
      '4 ?ext4_file_mmap [ext4] fs/ext4/file.c:810',
      '5 ~napi_poll net/core/dev.c:5202',
      '6 net_rx_action+0xe70/0x1900 net/core/dev.c:5267',
      '7 vfs_read+0x91/0x130 /build/linux/fs/read_write.c:473',
    ]);
    expect(stack.frames[0].source?.discriminator).toBe(4);
    expect(stack.frames[4].source?.column).toBe(9);
    const bug = only(`kernel BUG at ./include/linux/skbuff.h:2389!
RIP: 0010:skb_set_owner_r include/linux/skbuff.h:2389 [inline]
RIP: 0010:__sock_queue_rcv_skb+0x8c0/0xda0 net/core/sock.c:425
Call Trace:
 sock_queue_rcv_skb+0x3a/0x50 net/core/sock.c:451`);
    expect(bug).toMatchObject({ kind: 'bug', at: { file: './include/linux/skbuff.h', line: 2389 } });
    expect(bug.frames.map(brief)).toEqual([
      '2 pc ~skb_set_owner_r include/linux/skbuff.h:2389',
      '3 pc __sock_queue_rcv_skb+0x8c0/0xda0 net/core/sock.c:425',
      '5 sock_queue_rcv_skb+0x3a/0x50 net/core/sock.c:451',
    ]);
  });
});

describe('what is no frame', () => {
  test('registers, code, data symbols, stack dumps, module lists', () => {
    expect(
      frames(`Call Trace:
RAX: ffffffff81234567 RBX: 0000000000000000
x29: ffff0000401f7c40 x28: 0000000000000000
Code: 48 8b 45 10 <48> 8b 40 10
Modules linked in: ext4(E) jbd2(E)
Hardware name: linux,dummy-virt (DT)
 ffffffff8165fc37 0000000000006476 ffff8801ca16b8f0 ffff8801ca16b8a0
ffff8801dae066b8: ffffffff8120a3c1 (vfs_read+0x91/0x130)
        (ptrval): ffffffff8120a3c1 (vfs_read+0x91/0x130)
 ... key      at: [<ffffffff8a0b1c40>] __key.61234+0x0/0x40
ODEBUG: free active (active state 0) object type: timer_list hint: delayed_work_timer_fn+0x0/0xa0
Register r7 information: 2-page vmalloc region starting at 0xdf8ac000 allocated at kernel_clone+0x9c/0x3f4
 lock: rcu_sched_state+0xb40/0xc20, .magic: dead4ead, .owner: <none>/-1, .owner_cpu: -1
RIP: 0033:0x452a39`),
    ).toEqual([]);
    expect(frames('The offset in vfs_read+0x91/0x130 is what faddr2line wants.')).toEqual([]);
    expect(frames('Fixes: #1 foo (bar) and #2 in the list\n#define X (1)\n#1 fix the thing (again)')).toEqual([]);
  });
});

test('a frame that another message cuts short does not end its stack', () => {
  const { stacks } = parseTrace(`[   60.000001] Call Trace:
[   60.000002]  dump_stack_lvl+0x4[   60.000003] eth0: link is up
[   60.000004]  vfs_read+0xa1/0x300`);
  expect(stacks.map((s) => s.kind)).toEqual(['plain']);
});

test("nothing follows a task's part of a stack", () => {
  const { stacks } = parseTrace(`[   60.000001] Call Trace:
[   60.000002]  <TASK>
[   60.000003]  vfs_read+0xa1/0x300
[   60.000004]  </TASK>
[   60.000005]  do_idle+0x10/0x20`);
  expect(stacks.map((s) => s.frames.map((f) => f.function))).toEqual([['vfs_read'], ['do_idle']]);
});

test('decode_stacktrace.sh prints inlined lines and then the own one', () => {
  const [frame, other] = only(`Call Trace:
 vfs_read (include/linux/fs.h:2186 (discriminator 1) fs/read_write.c:389 fs/read_write.c:470 (discriminator 4))
 beep_read+0x1/0x20 (beep.c:3 beep.c:9) beep`).frames;
  expect(frame.source).toMatchObject({ file: 'fs/read_write.c', line: 470, discriminator: 4 });
  expect(frame.inlinedAt.map((p) => `${p.file}:${p.line}`)).toEqual(['include/linux/fs.h:2186', 'fs/read_write.c:389']);
  expect(brief(other)).toBe('3 beep_read+0x1/0x20 [beep] beep.c:9');
});
