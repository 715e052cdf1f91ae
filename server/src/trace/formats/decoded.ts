/** Frames that another program has decoded: decode_stacktrace.sh, syzkaller's symbolizer, addr2line, faddr2line. */
import { addFrame, addFreshFrame, isOpen, lastFrame } from '../stacks.ts';
import { type Format, Mark, segmentFrom, stateless } from './format.ts';
import { decodedFrame } from './frames.ts';

const INLINED_BY = /^\s*(\()?\(inlined by\) ([A-Za-z_.][\w.$]{0,200}) at (?=\S)/;

/** ` (inlined by) vfs_read at fs/read_write.c:450` of addr2line -i and scripts/faddr2line; the frame above it is inlined. */
export const ADDR2LINE: Format = {
  name: 'addr2line',
  marks: Mark.FirstParen,
  begin: stateless,
  read({ line, segment, marks }, { assembly }) {
    const m = (marks & Mark.Colon) !== 0 ? INLINED_BY.exec(segment.text) : null;
    if (!m) return 0;
    const own = segmentFrom(segment, segment.text.indexOf(m[2], segment.text.indexOf(')')));
    const decoded = decodedFrame({ ...own, text: own.text.replace(/ at /, ' (') }, line);
    const last = lastFrame(assembly, segment.caller);
    // a note in parentheses of its own, behind a frame: what was inlined there
    if (m[1] && last && decoded?.frame.source) {
      last.inlinedAt.unshift({ ...decoded.frame.source, function: decoded.frame.function });
      return 1;
    }
    if (last) last.inlined = true;
    if (!decoded) return 0;
    addFrame(assembly, segment.caller, decoded.frame, null);
    return 1;
  },
};

/** `ext4_file_mmap (fs/ext4/file.c:810) ext4`, `napi_poll net/core/dev.c:5202 [inline]` */
export const DECODED: Format = {
  name: 'decoded',
  marks: Mark.Colon,
  begin: stateless,
  read({ line, segment, text }, { assembly }) {
    const decoded = decodedFrame(segment, line);
    if (!decoded || (decoded.strength !== 'frame' && !isOpen(assembly, segment.caller))) return 0;
    if (decoded.frame.kind === 'pc' && /^(?:pc|PC|epc)/.test(text))
      addFreshFrame(assembly, segment.caller, decoded.frame);
    else addFrame(assembly, segment.caller, decoded.frame, null);
    return 1;
  },
};
