/** The first lines of reports. */
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
  /^(?:CPU \d{1,4} (?=Unable to handle))?(?:general protection fault|Oops|Unable to handle kernel|Internal error|invalid opcode|divide error|stack segment|int3|bad mode|Bad mode|Unhandled (?:fault|exception|prefetch)|double fault|PANIC: double fault|traps:|Kernel (?:access|attempted|unaligned|BUG|stack overflow)|kernel (?:tried|stack overflow|access)|unchecked MSR|Insufficient stack space|alignment (?:check|exception)|Unexpected kernel|specification exception|addressing exception|operand exception|page translation|do_IRQ\(\))/;

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

/** alpha's, sparc's and ia64's: `rmmod(1430): Oops 0`, `swapper/0[1]: Oops 8813272891392 [1]` */
const DIED =
  /^([^\s()[\]:]{1,24})[([](\d{1,9})[)\]]: (?:Oops|Kernel (?:bad|illegal|NULL)|Unaligned|Instruction fault|Arithmetic|General Exception|NaT consumption|bugcheck|error during unaligned)/;
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
  const died = text.includes(']: ') || text.includes('): ') ? DIED.exec(text.slice(0, FRONT)) : null;
  if (died) return { kind: 'oops', task: died[1], pid: Number(died[2]) };
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
  if (LOCKDEP.test(text) || (text.startsWith('lockdep') && !text.startsWith('lockdep is turned')))
    return { kind: 'lockdep' };
  if (text.startsWith('task hung')) return { kind: 'hung-task' };
  return null;
}
