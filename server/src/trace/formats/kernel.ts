/** Frames and places as the kernel prints them: `vfs_read+0x9f/0x310 [module]`, and addresses that have no name. */
import { headingOf } from '../headings.ts';
import {
  addFrame,
  addFreshFrame,
  addMessage,
  addPlace,
  hasChain,
  hasPlaceIn,
  isOpen,
  noteArch,
  openCallers,
} from '../stacks.ts';
import { type Format, Mark, type Message, type Reading, stateless } from './format.ts';
import { calleeOf, type FoundFrame, offsetFrames, rawFrame } from './frames.ts';

/** Every message with `+0x` in it that names a place in the code. */
export const KERNEL: Format = {
  name: 'kernel',
  marks: Mark.Plus,
  begin: stateless,
  read(message, reading) {
    const found = message.segment.text.includes('+0x') ? offsetFrames(message.segment, message.line) : [];
    if (found.length === 0) return 0;
    if (found.every((f) => f.frame.kind === 'place')) addPlaces(message, reading, found);
    else for (const f of found) addFound(message, reading, f);
    return 1;
  },
};

/** A message that names places: it may be a heading or a title, too. */
function addPlaces({ line, segment, text }: Message, { assembly }: Reading, found: readonly FoundFrame[]): void {
  const { caller, stamped } = segment;
  const sure = stamped || headingOf(text) !== null || isOpen(assembly, caller);
  addMessage(assembly, caller, line, text, stamped);
  for (const { frame, strength } of found) if (sure || strength === 'frame') addPlace(assembly, caller, frame);
}

/** Registers that tell where a CPU was, at the front of a report. */
const FRESH = /^(?:pc|PC|epc|RIP {2}|ERA|IP:|EIP:)/;

function addFound(message: Message, reading: Reading, found: FoundFrame): void {
  const { assembly } = reading;
  const { caller } = message.segment;
  const { frame, strength } = found;
  if (strength === 'loose' && !isOpen(assembly, caller)) return;
  if (frame.kind === 'place') addPlace(assembly, caller, frame);
  else if (frame.kind === 'call') addCall(message, reading, found);
  else {
    noteArch(assembly, caller, message.text);
    if (FRESH.test(message.text)) addFreshFrame(assembly, caller, frame);
    else addFrame(assembly, caller, frame, null);
  }
}

/** A return address. In arm's `callee from caller` the callee stood in the line above, but for the first. */
function addCall({ line, segment, text }: Message, { assembly }: Reading, { frame, end }: FoundFrame): void {
  const { caller } = segment;
  const from = text.includes(' from ');
  const isCallee = from && segment.text.startsWith(' from ', end);
  const callee = isCallee ? frame : from ? calleeOf(segment, line) : null;
  const first = callee && !hasChain(assembly, caller) && !hasPlaceIn(assembly, caller, callee.function);
  if (first) addFrame(assembly, caller, callee, null);
  if (text.startsWith('Caller[')) openCallers(assembly, caller, line);
  if (!isCallee) addFrame(assembly, caller, frame, null);
}

/** An address without a name, where a stack is being printed. */
export const BARE_ADDRESS: Format = {
  name: 'address',
  marks: Mark.X,
  begin: stateless,
  read({ line, segment }, { assembly }) {
    const isAddress = segment.text.includes('0x') && isOpen(assembly, segment.caller);
    const raw = isAddress ? rawFrame(segment, line) : null;
    if (!raw) return 0;
    addFrame(assembly, segment.caller, raw, segment.text.includes('=>') ? 'ftrace' : null);
    return 1;
  },
};
