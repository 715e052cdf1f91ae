/** Stacks as bcc's tools print them: names alone on their lines. */

import { addStack, tracerStack } from '../../stacks.ts';
import type { Frame } from '../../types.ts';
import { type Format, Mark, type Reading } from '../format.ts';
import { bpfFrame } from './bpftrace.ts';

/** A name alone on an indented line, as bcc's tools print a stack. Runs of them make a stack, one does not. */
function isLoneName(text: string): boolean {
  if (text.charCodeAt(1) !== 32 || text.charCodeAt(0) !== 32) return false;
  return text.length < 200 && /^ {2,24}[a-z_][\w.]{2,150}\s*$/i.test(text);
}

/** Names alone on their lines, until it is clear whether they are a stack, and their indent. */
interface Run {
  frames: Frame[];
  indent: number;
}

/** What bcc's tools print below a stack: a count, a rule, `bash (1234)`, `-  bash (1234)`. */
const BELOW_NAMES = /^(?:\d{1,15}$|-{1,2}(?:\s|$)|(?:- {1,20})?\S{1,32} [[(]\d{1,9}[\])]$)/;

/** Three names in a row, most of them unlike an English word, and bcc's count below them make a stack. */
function endRun(run: Run, below: string, { assembly }: Reading): void {
  const { frames } = run;
  if (frames.length === 0) return;
  run.frames = [];
  if (frames.length < 3 || frames.filter((f) => f.text.includes('_')).length * 2 < frames.length) return;
  if (!BELOW_NAMES.test(below)) return;
  addStack(assembly, tracerStack('bpf', frames[0].line, { frames, endLine: frames[frames.length - 1].line }));
}

/** A name alone on its line joins the run of such lines, if it has the same indent. */
export const BCC: Format<Run> = {
  name: 'bcc',
  marks: Mark.Indent,
  begin: () => ({ frames: [], indent: -1 }),
  read({ line, segment }, reading, run) {
    const isName = !reading.inMap && isLoneName(segment.text);
    const frame = isName ? bpfFrame(segment, line, true) : null;
    if (!frame) return 0;
    const indent = segment.text.length - segment.text.trimStart().length;
    if (indent !== run.indent) endRun(run, '', reading);
    run.indent = indent;
    run.frames.push(frame);
    return 1;
  },
  pass: (below, reading, run) => endRun(run, below, reading),
  close: (reading, run) => endRun(run, '', reading),
};
