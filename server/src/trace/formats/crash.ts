/** What crash prints between its numbered frames: the place of an exception, and with -l the source of a frame. */
import { addFrame, lastFrame, openKind } from '../stacks.ts';
import { crashSource, exceptionFrame } from './debuggers.ts';
import { type Format, Mark, stateless } from './format.ts';

/** `[exception RIP: sysrq_handle_crash+22]`, `/usr/src/linux/kernel/sched/core.c: 3400` */
export const CRASH: Format = {
  name: 'crash',
  marks: Mark.Colon,
  begin: stateless,
  read({ line, segment, text: trimmed }, { assembly }) {
    const { caller, text } = segment;
    const kind = openKind(assembly, caller);
    const exception = trimmed.startsWith('[exception ') ? exceptionFrame(segment, line) : null;
    if (exception) {
      addFrame(assembly, caller, exception, kind === 'crash' ? 'crash' : null);
      return 1;
    }
    const source = kind === 'crash' ? crashSource(text) : null;
    const last = source && lastFrame(assembly, caller);
    if (!last) return 0;
    last.source = { ...source, column: null, discriminator: null };
    return 1;
  },
};
