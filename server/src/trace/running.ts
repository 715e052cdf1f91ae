/** The lines that say whose stack it is, on which CPU, of which kernel. */
import type { StackKind } from './types.ts';

/** Longest part of a message that is looked at for words; what matters stands at the front. */
const FRONT = 400;

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
      // csky
      const csky = /^COMM=(\S{1,32}) PID=(\d{1,9})$/.exec(message);
      if (csky) return { task: csky[1], pid: Number(csky[2]) };
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
