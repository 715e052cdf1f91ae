/** The line above frames: what names a stack. */
import type { StackKind } from './types.ts';

/** Longest part of a message that is looked at for words; what matters stands at the front. */
const FRONT = 400;

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
