/** Calls that the function_graph tracer saw, indented by their depth. */

import type { Segment } from '../../lines/clean.ts';
import { addStack, tracerStack } from '../../stacks.ts';
import type { Frame, Stack } from '../../types.ts';
import { type Format, Mark, type Reading } from '../format.ts';
import { makeFrame } from '../frames.ts';

/** A line of the function_graph tracer: its CPU and, where a function begins, the function and its depth. */
interface GraphLine {
  cpu: number | null;
  task: string | null;
  pid: number | null;
  frame: Frame | null;
}

const GRAPH_FRONT = /^\s*(?:[\d.]{1,20} {1,3}\|\s{1,4})?(?:(\d{1,5})\)|\[(\d{1,5})\])\s/;
const GRAPH_TASK = /\s(\S{1,20})-(\d{1,9})\s{1,8}\|/;
const GRAPH_CALL = /^([A-Za-z_.$][\w.$]{0,400})(?: \[([\w-]{1,64})\])?\((?:[^()]{0,400})\)\s?(?:\{|;)/;

/** ` 1) + 55.179 us   |          __cond_resched();` and its like; null for other lines. */
function graphLine(segment: Segment, line: number): GraphLine | null {
  const s = segment.text;
  const bar = s.lastIndexOf('|', 160);
  if (bar < 0) return null;
  const front = GRAPH_FRONT.exec(s.slice(0, 80));
  if (!front) return null;
  let at = bar + 1;
  while (at < s.length && s.charCodeAt(at) === 32) at++;
  const call = GRAPH_CALL.exec(s.slice(at, at + 1000));
  const task = GRAPH_TASK.exec(s.slice(0, bar + 1));
  const frame = call
    ? makeFrame(segment, line, at, call[1], {
        kind: 'event',
        module: call[2] ?? null,
        // two columns a level behind `|  `
        depth: Math.max(0, (at - bar - 3) >> 1),
      })
    : null;
  return { cpu: Number(front[1] ?? front[2]), task: task ? task[1] : null, pid: task ? Number(task[2]) : null, frame };
}

/** A stack for each CPU: its lines stand among those of others. */
export const FUNCTION_GRAPH: Format<Map<number, Stack>> = {
  name: 'function graph',
  marks: Mark.Bar,
  begin: () => new Map(),
  read({ line, segment }, reading, stacks) {
    const graph = graphLine(segment, line);
    if (!graph) return 0;
    addGraphLine(reading, stacks, line, graph);
    return 1;
  },
  close({ assembly }, stacks) {
    for (const stack of stacks.values()) addStack(assembly, stack);
  },
};

function addGraphLine({ assembly }: Reading, stacks: Map<number, Stack>, line: number, graph: GraphLine): void {
  const { frame } = graph;
  const cpu = graph.cpu ?? 0;
  let stack = stacks.get(cpu);
  if (frame && (!stack || frame.depth === 0)) {
    if (stack) addStack(assembly, stack);
    stack = tracerStack('function-graph', line, { title: frame.text, cpu, order: 'outermost-first' });
    stacks.set(cpu, stack);
  }
  if (!stack) return;
  stack.task ??= graph.task;
  stack.pid ??= graph.pid;
  stack.endLine = line;
  if (!frame) return;
  stack.frames.push(frame);
  assembly.frames++;
}
