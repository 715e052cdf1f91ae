/** Guesses of the architecture that printed a trace. Names are those of the folders in arch/. */
import type { Frame } from './types.ts';

/** Names of functions that only one architecture has: names that several share, as ret_from_kernel_thread, tell nothing. */
const BY_NAME: [RegExp, string][] = [
  [
    /^(?:__x64_sys_|__ia32_sys_|asm_(?:exc|sysvec|common_interrupt)|entry_SYSCALL|entry_SYSENTER|entry_INT80|secondary_startup_64|do_syscall_64|x64_sys_call|ret_from_fork_asm)/,
    'x86',
  ],
  [
    /^(?:__arm64_sys_|el[01](?:t_64|h_64|_svc|_sync|_irq|t_32)|el0_svc|do_el0_svc|do_mem_abort$|__primary_switched$)/,
    'arm64',
  ],
  [
    /^(?:ret_fast_syscall|__irq_svc|__irq_usr|__dabt_svc|__und_svc|__pabt_svc|do_DataAbort$|do_PrefetchAbort$|unwind_backtrace$|__sys_trace_return)/,
    'arm',
  ],
  [/^(?:__riscv_sys_|do_trap_ecall_u$|riscv_intc_irq$|do_trap_insn)/, 'riscv'],
  [
    /^(?:system_call_common|system_call_exception|system_call_vectored|ret_from_except_lite$|interrupt_return_|decrementer_common|data_access_common|handle_page_fault_ppc)/,
    'powerpc',
  ],
  [/^(?:__s390x?_sys_|__do_syscall_s390|do_dat_exception$|pgm_check_handler$)/, 's390'],
  [/^(?:handle_sys64|handle_int$|handle_tlb|handle_ri_int$|rollback_handle_int$|rollback_except_vec_vi$)/, 'mips'],
  [/^(?:do_vint$|handle_vint$)/, 'loongarch'],
  [/^(?:tl0_\w+$|do_sparc64_fault$|linux_sparc_syscall|sparc64_\w+|sparc_(?:breakpoint|do_fork))/, 'sparc'],
  [/^(?:entSys|entMM|entInt|entUna|entArith|entIF)$/, 'alpha'],
  [/^(?:ia64_(?:fault|leave_\w+|ret_from_\w+|native_\w+|do_page_fault|trace_syscall)|break_fault$)/, 'ia64'],
  [/^csky_(?:systemcall|irq|pagefault|trap|exception)$/, 'csky'],
];

/** Words at the front of a message that only one architecture prints, by the letters that they start with. */
const BY_MESSAGE: [first: string, RegExp, string][] = [
  ['HRESC', /^(?:Hardware name: .{0,120}, BIOS |RIP: |RIP {1,2}\[|EIP: |EIP is|RSP: 00|ESI: |RAX: |CR2: )/, 'x86'],
  [
    'pMEsxI',
    /^(?:pstate: |Mem abort info|ESR = 0x|swapper pgtable|x2[89]\s?: |Internal error: Oops(?: - \w+)?: [0-9a-f]{16} |pc : (?:\[<?(?:0x)?[0-9a-f]{16}>?\] )?[A-Za-z_][\w.$]*\+0x)/,
    'arm64',
  ],
  [
    'PpEIF',
    /^(?:PC is at|pc : \[<[0-9a-f]{8}>\] {1,4}lr|Exception stack\(|Internal error: Oops: [0-9a-f]{1,4} \[#\d{1,4}\] (?:SMP |PREEMPT )*ARM|Flags: \w{4} {2}IRQs )/,
    'arm',
  ],
  ['esgt', /^(?:epc : |status: 0000\w{12} badaddr: |gp : |t0 : )/, 'riscv'],
  ['NLGMC', /^(?:NIP[: ]|LR \[c|GPR\d\d: [0-9a-f]{16}|MSR: {1,3}[0-9a-f]{8,16} <|CFAR: )/, 'powerpc'],
  ['K', /^(?:Krnl PSW : |Krnl GPRS: |Krnl Code: )/, 's390'],
  [
    'ec$SPC',
    /^(?:epc {3}: |Cause : |\$ ?0 {1,4}: |Status: [0-9a-f]{8}|PrId {2}: |CPU \d{1,4} Unable .{1,80}, epc == )/,
    'mips',
  ],
  ['ECPp', /^(?:ERA: |CRMD: |PRMD: |pc [0-9a-f]{16} ra |CPU \d{1,4} Unable .{1,80}, era == )/, 'loongarch'],
  ['TRIPgoli', /^(?:TSTATE: |TPC: <|RPC: <|I7: <|PSR: [0-9a-f]{8} PC: |[goli]0: [0-9a-f]{8,16} [goli]1: )/, 'sparc'],
  ['pgrv', /^(?:pc = \[<[0-9a-f]{16}>\]|pc is at |ra is at |v0 = [0-9a-f]{16} )/, 'alpha'],
  ['IRPsrY ', /^(?:IASQ: |IAOQ\[|RP\(r2\): | ?IIR: |PSW: [01]{32}|sr00-03 |r00-03 |YZrvWEST)/, 'parisc'],
  ['piu', /^(?:psr : [0-9a-f]{16} |ip is at |unat: [0-9a-f]{16} )/, 'ia64'],
  ['CPL', /^(?:CURRENT PROCESS:|PC: 0x[0-9a-f]{8} \(|LR: 0x[0-9a-f]{8} \()/, 'csky'],
  ['P', /^(?:PR is at |PC {2}: [0-9a-f]{8} SP )/, 'sh'],
  ['PS', /^(?:PC: \[<[0-9a-f]{8}>\]|SR: [0-9a-f]{4} {2}SP: )/, 'm68k'],
  ['[', /^\[(?:ECR {3}|EFA {3}|BLINK |ERET {2})\]: /, 'arc'],
];

/** The same by the first letter's code, so that most messages are held against none or a few. */
const BY_CODE = Array.from({ length: 128 }, (_, code) =>
  BY_MESSAGE.filter(([first]) => first.includes(String.fromCharCode(code))),
);

/** The architecture that a message outside the frames gives away, or null. */
export function archOfMessage(message: string): string | null {
  for (const [, pattern, arch] of BY_CODE[message.charCodeAt(0)] ?? []) if (pattern.test(message)) return arch;
  return null;
}

/** The architecture of frames by functions that only one has, or null. */
export function archByName(frames: Frame[]): string | null {
  // entry code stands at the outer end
  for (let i = frames.length - 1; i >= 0; i--) {
    for (const [pattern, arch] of BY_NAME) if (pattern.test(frames[i].function)) return arch;
  }
  return null;
}

/** The architecture of frames by where its kernel lies in memory, or null. */
export function archByAddress(frames: Frame[]): string | null {
  for (const { address, user } of frames) {
    if (address === null || user || address.length !== 16) continue;
    if (address.startsWith('ffffffff8') || address.startsWith('ffffffffc')) return 'x86';
    if (/^ffff(?:0|8|ff80[01])/.test(address)) return 'arm64';
    if (address.startsWith('c00000')) return 'powerpc';
    if (/^9000000/.test(address)) return 'loongarch';
    if (address.startsWith('fffffc00')) return 'alpha';
    if (address.startsWith('a0000001')) return 'ia64';
  }
  return null;
}

/** The architecture of a file in arch/, or null. */
export function archOfPath(path: string | undefined): string | null {
  const m = path === undefined ? null : /(?:^|\/)arch\/(\w+)\//.exec(path);
  return m ? m[1] : null;
}
