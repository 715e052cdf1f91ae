import { expect, test } from 'vitest';
import { archByAddress, archByName, archOfMessage, archOfPath } from '../../../server/src/trace/arch.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';

const framesOf = (text: string) => parseTrace(`Call Trace:\n${text}`).stacks[0].frames;

test('by entries, addresses, registers and files that only one architecture has', () => {
  expect(archByName(framesOf(' do_work+0x1/0x2\n el0_svc+0x1/0x2'))).toBe('arm64');
  expect(archByName(framesOf(' do_work+0x1/0x2'))).toBeNull();
  expect(archByAddress(framesOf(' [<ffffffff81234567>] do_work+0x1/0x2'))).toBe('x86');
  expect(archOfMessage('pstate: 60400005 (nZCv daif)')).toBe('arm64');
  expect(archOfMessage('usb 1-1: new device')).toBeNull();
  expect(archOfPath('../arch/riscv/mm/fault.c')).toBe('riscv');
  expect(archOfPath('fs/pipes.c')).toBeNull();
});

const stackOf = (text: string) => {
  const [first] = parseTrace(text).stacks;
  return [first.arch, first.task, first.pid, first.frames.map((f) => `${f.kind} ${f.text}`).join(' ')];
};

test('alpha, parisc, ia64 and csky', () => {
  expect(
    stackOf(`Unable to handle kernel paging request at virtual address 0000000000000018
CPU 0
miller(1430): Oops 0
pc = [<fffffc00003a1234>]  ra = [<fffffc00003a1200>]  ps = 0000    Not tainted
pc is at gear_turn+0x10/0x60
ra is at gear_stop+0x20/0x40
v0 = 0000000000000000  t0 = 0000000000000001  t1 = 0000000000000002
Trace:
[<fffffc0000312f38>] entSys+0xa4/0xc0
`),
  ).toEqual(['alpha', 'miller', 1430, 'pc gear_turn lr gear_stop call entSys']);
  expect(
    stackOf(`PSW: 00001000000001001111111100001111 Not tainted
 IASQ: 00000000 00000000 IAOQ: 1036e5a4 1036e5a8
 IAOQ[0]: gear_turn+0x14/0x20
 IAOQ[1]: gear_turn+0x18/0x20
 RP(r2): gear_stop+0x14/0x20
Backtrace:
 [<000000001036e5a4>] gear_run+0x1c/0x2c
`),
  ).toEqual(['parisc', null, null, 'pc gear_turn lr gear_stop call gear_run']);
  expect(
    stackOf(`miller[77]: Oops 8813272891392 [1]
psr : 0000101008526030 ifs : 8000000000000207 ip  : [<a000000100345670>]    Not tainted
ip is at gear_turn+0x10/0x60
Call Trace:
 [<a000000100014a30>] gear_stop+0x50/0xa0
                                sp=e0000001050afba0 bsp=e0000001050a93c8
 [<a000000100014b10>] gear_run+0x30/0x50
`),
  ).toEqual(['ia64', 'miller', 77, 'pc gear_turn call gear_stop call gear_run']);
  expect(
    stackOf(`Unable to handle kernel paging request at virtual address 0x00000018
CURRENT PROCESS:
COMM=miller PID=77
PC: 0x8010ab12 (gear_turn+0x12/0x40)
LR: 0x8010ab02 (gear_stop+0x8/0x20)
Call Trace:
[<8010ab12>] gear_run+0x12/0x40
`),
  ).toEqual(['csky', 'miller', 77, 'pc gear_turn lr gear_stop call gear_run']);
});

test('sparc: its registers, and the list of callers behind the trace', () => {
  const callers = `Caller[00000000009b8f10]: gear_run+0x30/0x1c0
Caller[0000000001146f5c]: start_mill+0x52c/0x544
`;
  const text = `TSTATE: 0000004480001603 TPC: 00000000009b8b1c TNPC: 00000000009b8ec4 Y: 00000000    Not tainted
TPC: <gear_turn+0x1c/0x3e0>
I7: <gear_run+0x30/0x1c0>
`;
  expect(stackOf(text + callers)).toEqual([
    'sparc',
    null,
    null,
    'pc gear_turn lr gear_run call gear_run call start_mill',
  ]);
  const both = parseTrace(`${text}Call Trace:\n[<00000000009b8f10>] gear_run+0x30/0x1c0\n${callers}`);
  expect(both.stacks.map((s) => [s.title, s.frames.length])).toEqual([
    ['Call Trace', 3],
    ['Caller', 2],
  ]);
});

test('what several architectures have tells nothing; registers tell more', () => {
  const trace = ' [<80162be0>] kthread+0x128/0x150\n [<80103038>] ret_from_kernel_thread+0x14/0x1c\n';
  expect(archByName(framesOf(trace))).toBeNull();
  expect(stackOf(`PrId  : 00019300 (MIPS 24Kc)\nCall Trace:\n${trace}`)[0]).toBe('mips');
});
