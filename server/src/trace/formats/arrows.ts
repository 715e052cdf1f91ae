/** Frames of ftrace's stacks: ` => vfs_read`. */

import type { Segment } from '../lines/clean.ts';
import { addFrame } from '../stacks.ts';
import type { Frame } from '../types.ts';
import { type Format, Mark, stateless } from './format.ts';
import { makeFrame } from './frames.ts';

/** ` => vfs_read`, ` => vfs_read (ffffffff8123)`, with or without an offset; the offset is left to `offsetFrames`. */
function arrowFrame(segment: Segment, line: number): Frame | null {
  const s = segment.text;
  const arrow = s.indexOf('=>');
  if (arrow < 0 || arrow > 8 || s.length > 700) return null;
  const m =
    /^\s*=> ?([A-Za-z_.$<][\w.$]{0,400})(?:\+0x([0-9a-f]{1,8})(?:\/0x([0-9a-f]{1,8}))?)?(?: \[([\w-]{1,64})\])?(?: \(([0-9a-f]{8,16})\))?(?: <[0-9a-f]{8,16}>)?\s*$/.exec(
      s,
    );
  if (!m) return null;
  return makeFrame(segment, line, s.indexOf(m[1], arrow + 2), m[1], {
    offset: m[2] ? Number.parseInt(m[2], 16) : null,
    size: m[3] ? Number.parseInt(m[3], 16) : null,
    module: m[4] ?? null,
    address: m[5] ?? null,
  });
}

/** What stands below `<stack trace>` of a trace, and of trace-cmd's report. */
export const ARROWS: Format = {
  name: 'ftrace stack',
  marks: Mark.FirstEquals,
  begin: stateless,
  read({ line, segment }, { assembly }) {
    const frame = arrowFrame(segment, line);
    if (!frame) return 0;
    addFrame(assembly, segment.caller, frame, 'ftrace');
    return 1;
  },
};
