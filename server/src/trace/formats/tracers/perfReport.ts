/** Call graphs of `perf report --stdio -g`: trees whose every way from the root to a leaf is a stack. */

import type { Segment } from '../../lines/clean.ts';
import { addStack, endOpen, tracerStack } from '../../stacks.ts';
import type { Frame, Stack } from '../../types.ts';
import { type Format, Mark, type Message, type Reading } from '../format.ts';
import { makeFrame } from '../frames.ts';

/** `    14.04%     0.10%  writer   [kernel.kallsyms]   [k] try_grab_folio_fast`; the second share is there with --children */
const ENTRY =
  /^\s{0,20}\d{1,3}\.\d\d%(?<self>\s{1,8}\d{1,3}\.\d\d%)?\s{1,8}(?:\d{1,12}\s{1,8})?(?<task>\S.{0,40}?)\s{2,40}\S.{0,80}?\s{1,40}\[[k.Hgu]\]\s{1,2}(?<symbol>\S{1,400})/;
/** `|--13.85%--iov_iter_extract_pages`, `--14.04%--f`, `---f`: where a branch begins, and the column of its name */
const BRANCH = /^[\s|]{1,300}-{2,3}(?:\d{1,3}\.\d{1,2}%--|(?=[A-Za-z_0]))(?=\S)/;
/** A name below another, with the bars of the branches that go on further down. */
const BELOW = /^[\s|]{3,300}(?=[A-Za-z_0])/;
const SYMBOL = /^([A-Za-z_.$][\w.$]{0,400}|0x[0-9a-f]{4,16})(?:\+0x[0-9a-f]{1,8})?(?: \(inlined\))?\s*$/;
/** Entries of the kernel: what lies beyond is a program. */
const KERNEL_ENTRY =
  /^(?:entry_SYSCALL|entry_INT80|asm_|ret_from_fork|secondary_startup|el0|ret_fast_syscall|system_call|__do_softirq$|ret_from_kernel_user|handle_exception)/;

/** One name of the graph: its frame, the column it stands in, and the name that it hangs on. */
interface Node {
  frame: Frame;
  column: number;
  parent: Node | null;
  depth: number;
  hasBelow: boolean;
}

/** An entry of the report while its graph is read. */
interface Entry {
  task: string;
  symbol: string;
  /** callers are printed above what they call (--children) */
  callersFirst: boolean;
  nodes: Node[];
  last: Node | null;
}

/** Deepest graph, and most ways of one entry that are told as stacks: those of the largest shares come first. */
const DEEPEST = 256;
const MOST_WAYS = 200;

/** The graph below an entry of perf's report. Each way from its root to a leaf is a stack. */
export const PERF_REPORT: Format<{ entry: Entry | null }> = {
  name: 'perf report',
  marks: Mark.Square | Mark.Bar | Mark.Indent,
  begin: () => ({ entry: null }),
  read(message, reading, state) {
    const { segment } = message;
    if (message.marks & Mark.Square) {
      const m = ENTRY.exec(segment.text.slice(0, 800));
      if (m?.groups) {
        endEntry(reading, state.entry);
        endOpen(reading.assembly, segment.caller);
        const { task, symbol, self } = m.groups;
        state.entry = { task, symbol, callersFirst: self !== undefined, nodes: [], last: null };
        return 1;
      }
    }
    if (!state.entry) return 0;
    if (/^[\s|]*$/.test(segment.text.slice(0, 400))) return 1;
    return addNode(message, reading, state.entry) ? 1 : 0;
  },
  pass(below, reading, state) {
    if (below === '' || !state.entry) return;
    endEntry(reading, state.entry);
    state.entry = null;
  },
  close: (reading, { entry }) => endEntry(reading, entry),
};

function addNode({ line, segment }: Message, { assembly }: Reading, entry: Entry): boolean {
  const branch = BRANCH.exec(segment.text);
  const column = (branch ?? (entry.last ? BELOW.exec(segment.text) : null))?.[0].length ?? 0;
  const frame = column > 0 ? nodeFrame(segment, line, column) : null;
  if (!frame) return false;
  let parent = entry.last;
  if (branch) while (parent && parent.column >= column) parent = parent.parent;
  else while (parent && parent.column > column) parent = parent.parent;
  const depth = (parent?.depth ?? -1) + 1;
  if (depth >= DEEPEST) return true;
  // a new branch leaves the name above it as it is; the way down goes on from its parent
  entry.last = { frame, column, parent, depth, hasBelow: false };
  if (parent) parent.hasBelow = true;
  entry.nodes.push(entry.last);
  assembly.frames++;
  return true;
}

function nodeFrame(segment: Segment, line: number, at: number): Frame | null {
  const m = SYMBOL.exec(segment.text.slice(at, at + 500));
  if (!m) return null;
  const isAddress = m[1].startsWith('0x');
  const known = isAddress ? { function: '', suffixes: [], address: m[1].slice(2) } : {};
  return makeFrame(segment, line, at, m[1], { ...known, inlined: m[0].includes('(inlined)') });
}

function endEntry({ assembly }: Reading, entry: Entry | null): void {
  if (!entry) return;
  let ways = 0;
  for (const leaf of entry.nodes) {
    if (leaf.hasBelow || ways++ >= MOST_WAYS) continue;
    const frames: Frame[] = [];
    for (let node: Node | null = leaf; node; node = node.parent) frames.unshift({ ...node.frame });
    addStack(assembly, wayStack(entry, frames));
  }
}

function wayStack({ task, symbol, callersFirst }: Entry, frames: Frame[]): Stack {
  const isOutermostFirst = callersFirst || KERNEL_ENTRY.test(frames[0].function);
  // beyond the entry from user space there are functions of a program
  const inward = isOutermostFirst ? [...frames].reverse() : frames;
  const entry = inward.findIndex((f) => KERNEL_ENTRY.test(f.function));
  if (entry >= 0) for (const f of inward.slice(entry + 1)) f.user = !KERNEL_ENTRY.test(f.function);
  const [first] = frames;
  return tracerStack('perf', first.line, {
    title: symbol,
    task,
    frames,
    order: isOutermostFirst ? 'outermost-first' : 'innermost-first',
    endLine: frames[frames.length - 1].line,
  });
}
