import { TRACE_SIGNS } from '../../../server/src/lsp/protocol.ts';

/** Longest text that is looked at for traces: its front says what it is. */
export const DETECT_LIMIT = 200_000;

/** The server decides; this keeps it from reading every text. */
const SIGNS = new RegExp(TRACE_SIGNS.join('|'), 'm');

/** May a text be a trace or a patch mail? Cheap, and wrong now and then. */
export const mayBeTrace = (text: string): boolean => SIGNS.test(text.slice(0, DETECT_LIMIT));

/** Frames in a line of a terminal: `f+0x14/0x20 [mod]`, `#3 0xffff… in f (…) at fs/x.c:12`, ` => f`. */
const TERMINAL_FRAME =
  /[A-Za-z_][\w.$]*\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\w+\])?|(?<=^\s*)=> [A-Za-z_][\w.]*(?=\s*$)|(?<=^\s*#\d+\s+(?:0x[0-9a-f]+ in )?)[A-Za-z_][\w.]*(?= \()/g;

/** Where frames stand in a line of a terminal. Of a very long line only the front is read. */
export function framesInTerminalLine(line: string): { start: number; length: number }[] {
  return [...line.slice(0, 4000).matchAll(TERMINAL_FRAME)].map((m) => ({ start: m.index, length: m[0].length }));
}
