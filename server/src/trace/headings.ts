/** The lines around frames: what opens a report, what names a stack, whose stack it is, what only lies in between. */
import type { SourcePlace, StackKind } from './types.ts';

/** Longest part of a message that is looked at for words; what matters stands at the front. */
const FRONT = 400;

/** First line of a report. */
export interface Heading {
  kind: StackKind;
  /** task, pid and CPU, where the line names them */
  task?: string;
  pid?: number;
  cpu?: number;
  at?: SourcePlace;
}

/** A source file with a line: `fs/ext4/inode.c:3308`, `:12` a column. Sticky. */
const FILE_LINE = /((?:[A-Za-z]:)?[\w.+\-@/~]{1,400}\.(?:c|h|S|s|rs|cc|cpp|y|l|inc|lds)):(\d{1,9})(?::(\d{1,6}))?/y;

/** Reads `file:line[:column]` at `at`. */
export function sourceAt(text: string, at: number): { place: SourcePlace; end: number } | null {
  FILE_LINE.lastIndex = at;
  const m = FILE_LINE.exec(text);
  if (!m) return null;
  return {
    place: { file: m[1], line: Number(m[2]), column: m[3] ? Number(m[3]) : null, discriminator: null },
    end: FILE_LINE.lastIndex,
  };
}

/** The first `file:line` of a message's front, found by its extension. */
function sourceIn(text: string): SourcePlace | undefined {
  const front = text.slice(0, FRONT);
  for (let at = front.indexOf(':'); at >= 0; at = front.indexOf(':', at + 1)) {
    const digit = front.charCodeAt(at + 1);
    if (digit < 48 || digit > 57) continue;
    const from = front.lastIndexOf(' ', at) + 1;
    const found = sourceAt(front, from);
    if (found) return found.place;
  }
  return undefined;
}

const BUGS: [string, StackKind][] = [
  ['KASAN:', 'kasan'],
  ['KMSAN:', 'kmsan'],
  ['KCSAN:', 'kcsan'],
  ['KFENCE:', 'kfence'],
  ['soft lockup', 'soft-lockup'],
  ['workqueue lockup', 'soft-lockup'],
  ['memory leak', 'leak'],
  ['unable to handle', 'oops'],
  ['kernel NULL pointer', 'oops'],
  ['stack guard page', 'oops'],
  ['Bad rss-counter', 'bug'],
  ['spinlock', 'lockdep'],
  ['MAX_LOCK', 'lockdep'],
];
const LOCKDEP =
  /^(?:circular locking|possible (?:circular|recursive|irq lock|deadlock)|inconsistent lock|suspicious RCU|bad unlock|nested lock|lock held|HARDIRQ|SOFTIRQ|RECLAIM_FS|INITIAL USE|held lock|locking bug|at least one|trying to register|Invalid wait context|unbalanced)/i;
const OOPS =
  /^(?:general protection fault|Oops|Unable to handle kernel|Internal error|invalid opcode|divide error|stack segment|int3|bad mode|Bad mode|Unhandled (?:fault|exception|prefetch)|double fault|PANIC: double fault|traps:|Kernel (?:access|attempted|unaligned|BUG|stack overflow)|kernel (?:tried|stack overflow|access)|unchecked MSR|Insufficient stack space|alignment (?:check|exception)|Unexpected kernel|specification exception|addressing exception|operand exception|page translation|do_IRQ\(\))/;

/** Beginnings of reports, each with what follows from the text behind it. None is the beginning of another. */
const REPORTS: readonly (readonly [front: string, read: (text: string, front: number) => Heading | null])[] = [
  ['BUG: ', (text, n) => bugHeading(text.slice(n, FRONT))],
  ['WARNING: ', (text, n) => warningHeading(text.slice(n, FRONT))],
  ['Watchdog detected hard LOCKUP', () => ({ kind: 'hard-lockup' })],
  ['INFO: ', (text, n) => infoHeading(text.slice(n, FRONT))],
  ['UBSAN: ', (text) => ({ kind: 'ubsan', at: sourceIn(text) })],
  ['Undefined behaviour in ', (text) => ({ kind: 'ubsan', at: sourceIn(text) })],
  ['Kernel panic - ', () => ({ kind: 'panic' })],
  ['Kernel BUG at ', (text) => ({ kind: 'bug', at: sourceIn(text) })],
  ['kernel BUG at ', (text) => ({ kind: 'bug', at: sourceIn(text) })],
  ['unreferenced object 0x', () => ({ kind: 'leak' })],
];
/** The same by their first character, so that most lines are compared with none. */
const REPORTS_BY_CODE = Array.from({ length: 128 }, (_, code) => REPORTS.filter(([f]) => f.charCodeAt(0) === code));

/** SLUB: `BUG kmalloc-96 (Not tainted): Object already free` */
const SLUB = /^BUG [\w:.-]{1,64} \(/;
const SYSRQ = /^sysrq ?: (?:Show|SysRq : Show|Changing|Trigger)/i;
const BREAKPOINT =
  /^(?:Thread \d{1,6} .{0,80}hit )?(?:Breakpoint|Temporary breakpoint|Catchpoint|Hardware watchpoint) \d/;

/** What printk and the watchdog put in front of a heading, taken off: `rcu: INFO:`, `watchdog: BUG:`, `[ INFO: … ]`. */
function headingText(message: string): string {
  const text = message.startsWith('[ ') ? message.slice(2) : message;
  if (text.startsWith('watchdog: ') || text.startsWith('NMI watchdog: ')) return text.slice(text.indexOf(': ') + 2);
  return text.startsWith('rcu: ') ? text.slice(5) : text;
}

/** A report's first line, by what it starts with; null where the message is none. */
export function headingOf(message: string): Heading | null {
  const text = headingText(message);
  const code = text.charCodeAt(0);
  // INFO lines that head no report, and the like, are nothing else either
  for (const [front, read] of REPORTS_BY_CODE[code] ?? []) if (text.startsWith(front)) return read(text, front.length);
  if (code === 66 && SLUB.test(text)) return { kind: 'bug' };
  if ((code === 83 || code === 115) && SYSRQ.test(text)) return { kind: 'sysrq' };
  if (OOPS.test(text) || (text.length < 300 && / \[#\d{1,4}\]/.test(text))) return { kind: 'oops' };
  if (text.startsWith('FAULT_INJECTION: ')) return { kind: 'plain' };
  if (BREAKPOINT.test(text)) return { kind: 'gdb' };
  const oom = text.indexOf(' invoked oom-killer:');
  return oom > 0 && oom < 40 ? { kind: 'oom', task: text.slice(0, oom) } : null;
}

function bugHeading(text: string): Heading {
  for (const [word, kind] of BUGS) if (text.startsWith(word)) return { kind, ...lockupTask(text) };
  return { kind: LOCKDEP.test(text) ? 'lockdep' : 'bug', ...atomicTask(text) };
}

/** `soft lockup - CPU#1 stuck for 22s! [kworker/1:2:345]` */
function lockupTask(text: string): Partial<Heading> {
  const m = /^soft lockup - CPU#(\d{1,5}) stuck for \d{1,9}s! \[([^\]]{1,64}):(\d{1,9})\]/.exec(text);
  return m ? { cpu: Number(m[1]), task: m[2], pid: Number(m[3]) } : {};
}

/** `scheduling while atomic: cat/123/0x00000002` */
function atomicTask(text: string): Partial<Heading> {
  const m = /^scheduling while atomic: ([^\n]{1,64}?)\/(\d{1,9})\/0x/.exec(text);
  return m ? { task: m[1], pid: Number(m[2]) } : {};
}

function warningHeading(text: string): Heading {
  const m = /^(?:CPU: (\d{1,5}) PID: (\d{1,9}) )?at /.exec(text);
  if (m) {
    const at = sourceIn(text);
    return m[1] ? { kind: 'warning', cpu: Number(m[1]), pid: Number(m[2]), at } : { kind: 'warning', at };
  }
  // since 6.16: `WARNING: fs/x.c:12 at f+0x1/0x2, CPU#0: cat/123`
  const modern = /, CPU#(\d{1,5}): ([^\n]{1,64})\/(\d{1,9})/.exec(text);
  if (modern) {
    return { kind: 'warning', cpu: Number(modern[1]), task: modern[2], pid: Number(modern[3]), at: sourceIn(text) };
  }
  return { kind: LOCKDEP.test(text) ? 'lockdep' : 'warning', at: sourceIn(text) };
}

function infoHeading(text: string): Heading | null {
  const hung = /^task ([^\n]{1,64}):(\d{1,9}) (?:blocked|is blocked|<?writer>?|<?reader>?)/.exec(text);
  if (hung) return { kind: 'hung-task', task: hung[1], pid: Number(hung[2]) };
  if (/^rcu\w* .{0,60}stall|^rcu\w* self-detected/.test(text)) return { kind: 'rcu-stall' };
  if (text.startsWith('NMI handler')) return null;
  if (LOCKDEP.test(text) || text.startsWith('lockdep')) return { kind: 'lockdep' };
  if (text.startsWith('task hung')) return { kind: 'hung-task' };
  return null;
}

/** What the line above the frames says. */
export interface Title {
  title: string;
  /** whose stack it is, where the line says so */
  task?: string;
  pid?: number;
  cpu?: number;
  kind?: StackKind;
  /** the frames below are no chain */
  places?: boolean;
  /** a stack of an earlier time: who runs now says nothing of it */
  past?: boolean;
  /** says nothing but that frames follow: a line before it names the stack better, and may have begun it */
  generic?: boolean;
}

const TITLES: { pattern: RegExp; places?: boolean; kind?: StackKind; generic?: boolean; past?: boolean }[] = [
  {
    pattern: /^(?:Call [Tt]race|Backtrace|backtrace|Stack trace|Trace|Kernel stack trace)\s?(?:\(.{0,40}\))?:.{0,60}$/,
    generic: true,
  },
  { pattern: /^(?:stack backtrace|Backtrace for .{1,60}):$/ },
  { pattern: /^(?:Allocated|Freed):$/, past: true },
  // a shell's command, or a path alone
  { pattern: /^(?:\S{0,80}[#$>] ?)?(?:sudo )?(?:cat )?\/proc\/(?<pid>\d{1,9})(?:\/task\/\d{1,9})?\/stack\b.{0,80}$/ },
  { pattern: /^Stack traceback for pid (?<pid>\d{1,9})/ },
  { pattern: /^(?:Allocated|Freed|allocated|freed) by task (?<pid>\d{1,10})\b.{0,80}:$/, past: true },
  { pattern: /^(?:Second to last|Last) (?:potentially related work creation|call_rcu\(\)|step).{0,40}:$/, past: true },
  { pattern: /^Uninit was (?:created|stored to memory) at:$/, past: true },
  { pattern: /^Local variable .{1,120} created at:$/, past: true },
  {
    pattern:
      /^(?:race at unknown origin, with )?(?:read|write|assert no \w+ in|\w+-\w+|marked \w+)[\w ()-]{0,40} to 0x[0-9a-f]+ of \d+ bytes by task (?<pid>\d+) on cpu (?<cpu>\d+):$/,
  },
  { pattern: /^[\w ,()-]{1,60} to 0x[0-9a-f]+ of \d+ bytes by interrupt on cpu (?<cpu>\d+):$/ },
  { pattern: /^-> #\d+ \(.{1,300}$/, kind: 'lockdep', past: true },
  {
    pattern:
      /^(?:\.\.\. )?(?:INITIAL (?:READ )?USE|(?:IN-)?(?:HARDIRQ|SOFTIRQ|RECLAIM_FS)-(?:ON-)?[WR]|[\w-]{1,30}) at:$/,
    kind: 'lockdep',
    past: true,
  },
  { pattern: /^\.{3} (?:acquired|which became .{1,60}) at:$/, kind: 'lockdep', past: true },
  { pattern: /^\{[\w-]{1,40}\} state was registered at:$/, kind: 'lockdep', past: true },
  {
    pattern:
      /^(?:page (?:last )?(?:allocated|free|owner)|page_owner) .{0,390}?(?:\bpid (?<pid>\d{1,9}),?(?: tgid \d{1,9})?(?: \((?<task>[^)]{1,32})\))?.{0,390})?$/,
    past: true,
  },
  {
    pattern: /^(?:and is located at offset \d{1,9} in frame|\[[0-9a-f]{8,16}, [0-9a-f]{8,16}\) created by):$/,
    places: true,
  },
  { pattern: /^Preemption disabled at:$/, places: true },
  { pattern: /^Last Breaking-Event-Address:$/, places: true },
  {
    pattern: /^(?:\d{1,4} locks?|no locks) held by (?<task>.{1,64})\/(?<pid>\d{1,9})[:.]?(?: .{0,40})?$/,
    places: true,
    kind: 'lockdep',
  },
  { pattern: /^irq event stamp: \d+$/, places: true, kind: 'lockdep' },
  { pattern: /^NMI backtrace for cpu (?<cpu>\d{1,5}).{0,80}$/, kind: 'nmi' },
  { pattern: /^\(?kfence-#\d.{0,120}$/ },
  { pattern: /^(?:INFO: )?(?:Freed|Allocated|Slab) in / },
  { pattern: /^(?:Sending NMI .{1,80}|rcu: RCU grace-period kthread stack dump|Task dump for CPU (?<cpu>\d{1,5})):$/ },
  {
    pattern:
      /^(?:but task is already holding lock|and this task is already holding|(?:(?<task>.{1,64})\/(?<pid>\d{1,9})\b)?.{0,120} is trying to (?:acquire|release)(?: lock.{0,60})?):$/,
    places: true,
    kind: 'lockdep',
  },
  { pattern: /^Thread \d{1,6} \(.{0,200}$/ },
];
const TITLE_FRONT =
  /^(?:[A-Z]all|[Bb]ack|[Ss]tack|Kernel st|Trace|[Aa]lloc|[Ff]reed|INFO: |Second|Last|Uninit|Local|race|read|write|assert|marked|-> #|\.{3}|IN|HARD|SOFT|RECL|\{|page|Preempt|\d|no locks|irq ev|NMI b|\(?kfence|Slab|Sending|rcu: RCU|Task dump|but task|and this|and is|\[[0-9a-f]{8}|Thread|[\w-]{1,30} at:)|by interrupt on cpu|is trying to|\/proc\/\d+\//;

/** The title of the frames that follow, or null. `Call Trace:`, `Freed by task 12:`, `-> #1 (lock){+.+.}:` … */
export function titleOf(message: string): Title | null {
  if (message.length > FRONT || !TITLE_FRONT.test(message)) return null;
  for (const { pattern, places, kind, generic, past } of TITLES) {
    const m = pattern.exec(message);
    if (!m) continue;
    const title: Title = { title: generic ? m[0].slice(0, m[0].indexOf(':')).trim() : message.replace(/\s*:\s*$/, '') };
    const { pid, cpu, task } = m.groups ?? {};
    if (pid !== undefined) title.pid = Number(pid);
    if (cpu !== undefined) title.cpu = Number(cpu);
    if (task !== undefined) title.task = task;
    if (places) title.places = true;
    if (past) title.past = true;
    if (kind) title.kind = kind;
    if (generic) title.generic = true;
    return title;
  }
  return null;
}

/** Who runs where: from `CPU: 0 PID: 1 Comm: …` and from the task lines of sysrq and crash. */
export interface Running {
  task?: string;
  pid?: number;
  cpu?: number;
  version?: string;
  /** the line opens another task's stack */
  opens?: boolean;
  kind?: StackKind;
}

const VERSION = /^\d{1,2}\.\d{1,4}[\w.+~-]{0,120}$/;

/** The kernel's version behind `Not tainted` or `Tainted: G  W  OE`. */
function versionIn(text: string): string | undefined {
  const at = text.search(/ainted/);
  if (at < 0) return undefined;
  for (const word of text.slice(at, at + 300).split(' ')) if (VERSION.test(word)) return word;
  return undefined;
}

/** Reads a line that says which task runs where, or which kernel; null where it says neither. */
export function runningOf(message: string): Running | null {
  switch (message.charCodeAt(0)) {
    case 67: {
      // CPU: 0 UID: 0 PID: 115 Comm: insmod Tainted: G  OE  6.1.0-56-cloud-amd64 #1
      const m = /^CPU: {1,2}(\d{1,5}) (?:UID: \d{1,10} )?PID: (\d{1,9}) Comm: /.exec(message);
      if (!m) return null;
      const rest = message.slice(m[0].length, FRONT);
      const end = rest.search(/ (?:Not tainted|Tainted:|Kdump:)/);
      return {
        cpu: Number(m[1]),
        pid: Number(m[2]),
        task: end < 0 ? rest.trim() : rest.slice(0, end),
        version: versionIn(rest),
      };
    }
    case 80: {
      // Pid: 1234, comm: bash Not tainted 2.6.32 (until 3.9); PID: 12 TASK: … CPU: 1 COMMAND: "bash" (crash)
      const old = /^Pid: (\d{1,9}), comm: {1,16}(\S{1,32}) /.exec(message);
      if (old) return { pid: Number(old[1]), task: old[2], version: versionIn(message.slice(0, FRONT)) };
      const allocator = /^PID = (\d{1,9})$/.exec(message);
      if (allocator) return { pid: Number(allocator[1]) };
      const crash = /^PID: (\d{1,9}) {1,8}TASK: [0-9a-f]{8,16} {1,8}CPU: (\d{1,5}) {1,8}COMMAND: "([^"]{0,32})"/.exec(
        message,
      );
      if (crash) return { pid: Number(crash[1]), cpu: Number(crash[2]), task: crash[3], opens: true, kind: 'crash' };
      return null;
    }
    case 99: {
      // kmemleak: comm "swapper", pid 1, jiffies 4294937521
      const m = /^comm "([^"]{0,32})", pid (\d{1,9})/.exec(message);
      return m ? { task: m[1], pid: Number(m[2]) } : null;
    }
    case 76: {
      const m = /^Linux version (\S{1,120})/.exec(message);
      return m ? { version: m[1] } : null;
    }
    case 116: {
      // task:init  state:R  running task  stack:0  pid:1 (since 5.10)
      const m = /^task:(.{1,32}?) {1,16}state:. .{0,80}?pid: {0,8}(\d{1,9})/.exec(message);
      return m ? { task: m[1], pid: Number(m[2]), opens: true } : null;
    }
    default: {
      // syz-executor.1  D30032 16255  25626 0x00000004; rcu_preempt  R  running task  22872  10  2 0x80000000
      if (message.length > 120 || !/0x[0-9a-f]{8}$/.test(message.trimEnd())) return null;
      const m =
        /^(\S{1,32}) {1,16}[RSDTtXZPIK] ?(?: {1,4}running task)? {0,8}\d{1,9} {1,8}(\d{1,9}) {1,8}\d{1,9} {1,4}0x[0-9a-f]{8}$/.exec(
          message.trimEnd(),
        );
      return m ? { task: m[1], pid: Number(m[2]), opens: true } : null;
    }
  }
}

/** Markers of a section of the stack: `<IRQ>`, `</IRQ>`, `<#DF>`, `<EOI>`. */
const SECTION =
  /^(?:--- )?<(\/?)(IRQ|EOI|TASK|NMI|SOFTIRQ|EOE|ENTRY_TRAMPOLINE|ENTRY|SYSENTER|#DF|#DB|#MC|#NMI|#VC2?|DEBUG|DOUBLEFAULT|IRQ stack|NMI exception stack|exception stack|hardirq|softirq)>/;

/** The section that opens (its name) or ends ('') at the front of a message, and where the message goes on. */
export function sectionOf(message: string): { name: string; end: number } | null {
  const c = message.charCodeAt(0);
  if (c !== 60 && c !== 45) return null;
  const m = SECTION.exec(message);
  if (!m) return null;
  const closes = m[1] === '/' || m[2] === 'EOI' || m[2] === 'EOE';
  return { name: closes ? '' : m[2].replace('#', ''), end: m[0].length };
}

/** Lines that end whatever came before. */
export function endsStack(message: string): boolean {
  const c = message.charCodeAt(0);
  if (c === 45) return message.startsWith('---[ end') || message.startsWith('------------[ cut here');
  if (c === 96) return message.startsWith('```');
  if (c === 61) return message.startsWith('========================');
  return false;
}

/** Does a line end the whole report, so that the next heading counts anew? */
export function endsReport(message: string): boolean {
  return (
    message.startsWith('====') ||
    message.startsWith('------------[ cut') ||
    message.startsWith('---[ end') ||
    message.startsWith('```')
  );
}

/** Registers, hex dumps, code bytes: what stands among frames without being one, and without ending a stack. */
export function isNeutral(message: string): boolean {
  if (message === '') return true;
  const c = message.charCodeAt(0);
  if (c === 40) return message.startsWith('(ptrval)') || message.startsWith('(ftrace');
  if (
    /^(?:Code|Stack|Modules linked in|Hardware name|Exception stack|Kernel Offset|Workqueue|Call Trace|Instruction dump|Tainted|Dumping ftrace|NMI|pstate|Process|Register|Oops|Unloaded|Last Breaking|Krnl|Sched)\b/.test(
      message,
    )
  ) {
    return true;
  }
  const colon = message.indexOf(':');
  if (
    colon > 0 &&
    colon < 12 &&
    /^[A-Za-z]{1,2}[A-Za-z0-9$ ]{0,8}\s*:\s*\(?\s*(?:\[<)?(?:0x)?[0-9a-f]{4,16}/.test(message)
  )
    return true;
  return /^(?:0x)?[0-9a-f]{2,16}(?:[: ]|$)/.test(message);
}
