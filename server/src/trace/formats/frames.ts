/**
 * Frames as the kernel prints them (`%pS`: `name+0xoffset/0xsize [module]`, see Documentation/core-api/printk-formats.rst),
 * on every architecture, and the same lines after scripts/decode_stacktrace.sh or syzkaller's symbolizer.
 * What stands before the name decides what the line means.
 */

import { sourceAt } from '../headings.ts';
import { columnOf, linesDown, type Segment } from '../lines/clean.ts';
import { baseName, isNameCode, isSymbol, nameStart } from '../names.ts';
import type { Frame, FrameKind, SourcePlace } from '../types.ts';

/** A frame with all its fields, from those that are known. */
export function makeFrame(segment: Segment, line: number, at: number, text: string, known: Partial<Frame>): Frame {
  const start = columnOf(segment, at);
  const down = linesDown(segment, at);
  // of a name that a line break cut in two, the first part
  let last = at + text.length - 1;
  while (last > at && linesDown(segment, last) !== down) last--;
  const base = baseName(text);
  const frame: Frame = {
    line: line + down,
    start,
    end: text === '' ? start : columnOf(segment, last) + 1,
    text,
    function: base.function,
    suffixes: base.suffixes,
    offset: null,
    size: null,
    module: null,
    buildId: null,
    address: null,
    source: null,
    inlinedAt: [],
    reliable: true,
    inlined: false,
    kind: 'call',
    number: null,
    section: null,
    depth: null,
    label: null,
    user: false,
  };
  return Object.assign(frame, known);
}

/** How sure the line's own form is: `frame` alone proves it, `loose` needs a stack around it. */
export interface FoundFrame {
  frame: Frame;
  strength: 'frame' | 'loose';
  /** where the text of the frame ends in the segment */
  end: number;
}

const hexValue = (c: number) =>
  c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1;

/** Hex digits at `at`: their value and end. Null where there are none or more than a number holds. */
export function hexAt(s: string, at: number): { value: number; end: number } | null {
  let i = at;
  let value = 0;
  for (let digit = hexValue(s.charCodeAt(i)); digit >= 0; digit = hexValue(s.charCodeAt(i))) {
    value = value * 16 + digit;
    i++;
  }
  return i > at && i - at <= 13 ? { value, end: i } : null;
}

/** What stands before a name says about it. */
interface Role {
  kind: FrameKind;
  reliable: boolean;
  address: string | null;
  label: string | null;
  strength: 'frame' | 'loose';
}

const PC =
  /(?:(?:^|\s)(?:[ER]?IP|RIP):?(?: {1,2}[0-9a-f]{4}:)?|^(?:PC|EIP|RIP|NIP|IP|pc|ip) is at|^IAOQ\[0\]:|^\[ERET {2}\]:|(?:^|\s)(?:pc|epc|ERA|era|NIP|PC)\s{0,8}[:=]?(?: {1,4}[0-9a-f]{8,16})?|^--- [Ii]nterrupt: [0-9a-f]{1,5} at|^--- Exception: [0-9a-f]{1,5} at|^EIP: [0-9a-f]{4}:\[<[0-9a-f]{8}>\] EFLAGS: [0-9a-f]{8} CPU: \d{1,5})$/;
const LR =
  /(?:^(?:LR|ra|PR|rp) is at|^RP\(r2\):|^\[BLINK \]:|(?:^|\s)(?:lr|ra|LR|RA|rp)\s{0,8}[:=]?(?: {1,4}[0-9a-f]{8,16})?)$/;
/** words after which the kernel names a place in the code */
const SURE_PLACE =
  /(?:[)}], at:?|^at:|^, at:|caller is|\blast {1,2}(?:en|dis)abled at \(\d{1,20}\):|\bcalled from|\b(?:Freed|Allocated) in)$/;
/** words after which it may, and a sentence too: a time stamp or a report's first line must prove it */
const PLACE = /(?:\bat:?|\bin:?|\bfrom|\bip:|\bPC:|function:?)$/;
/** messages that name a symbol which is no place in the code, or a register's or object's content */
const NO_PLACE = /^(?:\.\.\. )?key {1,8}at:|^Register [a-z]{1,2}\d{0,2} information|object type:|^lock:|^Object 0x/;

/** The part of `before` that is looked at by patterns: a message's end. */
const TAIL = 160;

/** Takes `[<address>]`, `[address]` and `?` off the end. */
function addressesOff(before: string): { rest: string; reliable: boolean; address: string | null } {
  let rest = before.trimEnd();
  let reliable = true;
  let address: string | null = null;
  for (let turn = 0; turn < 5; turn++) {
    const c = rest.charCodeAt(rest.length - 1);
    if (c === 63) {
      const p = rest.charCodeAt(rest.length - 2);
      if (rest.length > 1 && p !== 32 && p !== 93 && p !== 9 && p !== 62) break;
      reliable = false;
      rest = rest.slice(0, -1).trimEnd();
    } else if (c === 93) {
      const open = rest.lastIndexOf('[', rest.length - 2);
      if (open < 0 || rest.length - open > 24) break;
      const m = /^\[<?(?:0x)?([0-9a-f]{1,16}|\(?ptrval\)?|\(____ptrval____\))>?\]$/.exec(rest.slice(open));
      if (!m) break;
      address ??= /^(?:0|[0-9a-f]{8,})$/.test(m[1]) ? m[1] : null;
      rest = rest.slice(0, open).trimEnd();
    } else break;
  }
  return { rest, reliable, address };
}

/** sparc: `TPC: <f+0x1/0x2>` */
const SPARC: Readonly<Record<string, FrameKind>> = {
  'TPC: <': 'pc',
  'PC: <': 'pc',
  'RPC: <': 'lr',
  'I7: <': 'lr',
};

/** Reads the text before a name; null where the name is not a place in the code that the line is about. */
function roleOf(before: string): Role | null {
  const { rest, reliable, address } = addressesOff(before.length > 2 * TAIL ? before.slice(-2 * TAIL) : before);
  const role = (kind: FrameKind, strength: 'frame' | 'loose' = 'frame', label: string | null = null): Role => ({
    kind,
    reliable,
    address,
    label,
    strength,
  });
  const t = rest.trimStart();
  if (t === '' || t === '=>') return role('call');
  const c = t.charCodeAt(t.length - 1);
  // <IRQ> [<…>] f: a section's marker on the frame's own line
  if (c === 62 && /<[/#\w ]{1,24}>$/.test(t)) return role('call');
  if (c === 40) return parenRole(t.slice(0, -1).trimEnd(), role);
  if (c === 60) return SPARC[t] ? role(SPARC[t]) : null;
  // SystemTap: 0xffffffff8120a3c1 : vfs_read+0x0/0x130 [kernel]
  if (c === 58 && /^0x[0-9a-f]{8,16} :$/.test(t)) return { ...role('call'), address: t.slice(2, -2) };
  // sparc: the return addresses in the registers' windows
  if (c === 58 && /^Caller\[[0-9a-f]{8,16}\]:$/.test(t)) return { ...role('call'), address: t.slice(7, -2) };
  if (t.length === 1 && '-*+|#'.includes(t)) return role('call', 'loose');
  const tail = t.slice(-TAIL);
  if (PC.test(tail)) return role('pc');
  if (LR.test(tail)) return role('lr');
  if (NO_PLACE.test(t) || t.includes('object type:')) return null;
  // unwind_backtrace from f+0x1/0x2: arm since 5.17
  if (t.endsWith(' from') && /^[\w.$]{1,200} from$/.test(t)) return role('call');
  if (/^\d{1,4}\)\s{1,8}\d{1,8}\s{1,8}\d{1,8}$/.test(t)) return role('call');
  if (SURE_PLACE.test(tail)) return role('place', 'frame', placeLabel(t));
  if (PLACE.test(tail)) return role('place', 'loose', placeLabel(t));
  // WARNING: CPU: 0 PID: 1 at fs/x.c:12 f+0x1/0x2
  if (/\bat \S{1,400}:\d{1,9}$/.test(t.slice(-420))) return role('place', 'frame', placeLabel(t));
  return null;
}

/** `(` before the name: arm's `from [<…>] (f+0x1/0x2)`, s390's PSW and `([<…>] f+0x1/0x2)`. Stack dumps have it too. */
function parenRole(t: string, role: (kind: FrameKind, strength?: 'frame' | 'loose') => Role): Role | null {
  if (t === '') return role('call');
  const { rest, address } = addressesOff(t);
  const withAddress = (r: Role): Role => ({ ...r, address: r.address ?? address });
  if (rest === 'from' || rest.endsWith(' from')) return withAddress(role('call'));
  if (rest === '' && address) return withAddress(role('call'));
  if (/^Krnl PSW : [0-9a-f]{8,16} {1,2}[0-9a-f]{8,16}$/.test(rest)) return role('pc');
  if (/\b(?:rIP|RIP|IP|ip|pc|PC): ?(?:0x)?[0-9a-f]{4,16}$/.test(rest.slice(-TAIL))) return role('pc');
  if (/^(?:LR|lr|ra): ?(?:0x)?[0-9a-f]{4,16}$/.test(rest)) return role('lr');
  return null;
}

/** What a message says before the place that it names: the lock's name, or the message itself. */
function placeLabel(t: string): string {
  const lock = /^(?:#\d{1,3}:\s{0,4})?(?:[0-9a-f]{8,16}\s{1,4})?(\(.{1,400}), at:?$/.exec(t.slice(0, 500));
  return (lock ? lock[1] : t.replace(/\s*[:,]?\s*$/, '')).slice(0, 400);
}

/** What follows a name: module, source, remarks. */
interface Rest {
  module: string | null;
  buildId: string | null;
  source: SourcePlace | null;
  inlinedAt: SourcePlace[];
  inlined: boolean;
  reliable: boolean;
  end: number;
  /** nothing unknown follows */
  clean: boolean;
}

const MODULE = /\s{1,3}\[([A-Za-z0-9_-]{1,64})(?:\([A-Z+-]{1,12}\))?(?: ([0-9a-f]{6,40}))?(?: \([^()\]]{1,60}\))?\]/y;
const BARE_MODULE = /\s([a-z][a-z0-9_-]{1,63})$/y;
const REMARK =
  /\s{0,3}(?:\((?:unreliable|[A-Z]{1,4})\)|\(\)|\[inline\]|RSP:? <?[0-9a-f:]{4,24}>?|SS:ESP [0-9a-f:]{4,16}|at addr [0-9a-f]{4,16})/y;
const DISCRIMINATOR = /\s\(discriminator (\d{1,6})\)/y;

/** decode_stacktrace.sh without lines for a module: its name without brackets, alone behind the frame */
const BARE_END = /^\s[a-z][a-z0-9_-]{1,63}$/;

/** More parts than any frame has. */
const MOST_PARTS = 6;

function restOf(s: string, at: number): Rest {
  const rest: Rest = {
    module: null,
    buildId: null,
    source: null,
    inlinedAt: [],
    inlined: false,
    reliable: true,
    end: at,
    clean: false,
  };
  let parts = 0;
  while (parts < MOST_PARTS && readPart(s, rest)) parts++;
  if (parts < MOST_PARTS && rest.source) readBareModule(s, rest);
  // the parenthesis of arm's and s390's forms
  if (s.charCodeAt(rest.end) === 41) rest.end++;
  rest.clean = /^[\s,;.]*$/.test(s.slice(rest.end, rest.end + 80)) && s.length - rest.end < 80;
  return rest;
}

/** Reads a module, a remark or a source at the end of what is read; false where none of them stands there. */
function readPart(s: string, rest: Rest): boolean {
  MODULE.lastIndex = rest.end;
  const module = rest.module === null ? MODULE.exec(s) : null;
  if (module && module[1] !== 'inline') {
    rest.module = module[1] === 'kernel' ? null : module[1];
    rest.buildId = module[2] ?? null;
    rest.end = MODULE.lastIndex;
    return true;
  }
  REMARK.lastIndex = rest.end;
  const remark = REMARK.exec(s);
  if (remark) {
    if (remark[0].includes('unreliable')) rest.reliable = false;
    if (remark[0].includes('inline')) rest.inlined = true;
    rest.end = REMARK.lastIndex;
    return true;
  }
  const source = rest.source === null ? sourceBehind(s, rest.end) : null;
  if (!source) return false;
  rest.source = source.places.pop() ?? null;
  rest.inlinedAt = source.places;
  rest.end = source.end;
  return true;
}

/** decode_stacktrace.sh prints the module behind the source, without brackets. */
function readBareModule(s: string, rest: Rest): void {
  BARE_MODULE.lastIndex = rest.end;
  const bare = BARE_MODULE.exec(s);
  if (!bare) return;
  rest.module = bare[1];
  rest.end = s.length;
}

/** Lines that one frame may have: its own and those of what was inlined there. */
const MOST_PLACES = 40;

/** ` fs/x.c:12`, ` (include/linux/x.h:3 fs/x.c:12 (discriminator 3))` at `at`: the frame's own line comes last. */
function sourceBehind(s: string, at: number): { places: SourcePlace[]; end: number } | null {
  let i = at;
  while (i < at + 4 && (s.charCodeAt(i) === 32 || s.charCodeAt(i) === 9)) i++;
  if (i === at) return null;
  const paren = s.charCodeAt(i) === 40;
  if (paren) i++;
  const places: SourcePlace[] = [];
  for (;;) {
    const found = sourceAt(s, i);
    if (!found) return null;
    places.push(found.place);
    i = found.end;
    DISCRIMINATOR.lastIndex = i;
    const discriminator = DISCRIMINATOR.exec(s);
    if (discriminator) {
      found.place.discriminator = Number(discriminator[1]);
      i = DISCRIMINATOR.lastIndex;
    }
    if (!paren) return { places, end: i };
    if (s.charCodeAt(i) === 41) return { places, end: i + 1 };
    if (s.charCodeAt(i) !== 32 || places.length >= MOST_PLACES) return null;
    i++;
  }
}

/** More frames than a line can hold; the rest of a hostile line is not searched. */
const MOST_PER_LINE = 100;

/**
 * The frames of one message that carry an offset. Most lines have none or one; arm's `(f) from (g+0x1/0x2)` gives the
 * caller here and the callee by `calleeOf`. `sizeless` takes `f+0x1` without a size (perf).
 */
export function offsetFrames(segment: Segment, line: number): FoundFrame[] {
  const s = segment.text;
  const found: FoundFrame[] = [];
  let from = 0;
  for (let plus = s.indexOf('+0x'); plus >= 0 && found.length < MOST_PER_LINE; plus = s.indexOf('+0x', plus + 3)) {
    const next = offsetFrameAt(segment, line, plus, from, found.at(-1)?.frame ?? null);
    if (!next) continue;
    // a web form lost the line breaks: frame stands behind frame
    const above = found.at(-1);
    if (above && next.frame.kind === 'call' && next.role === 'frame') above.strength = 'frame';
    found.push(next);
    from = next.end;
  }
  return found;
}

/** The frame whose `+0x` stands at `plus`; what it may reach back to begins at `from`, behind the frame `last`. */
function offsetFrameAt(
  segment: Segment,
  line: number,
  plus: number,
  from: number,
  last: Frame | null,
): (FoundFrame & { role: Role['strength'] }) | null {
  const s = segment.text;
  const offset = hexAt(s, plus + 3);
  if (!offset || s.charCodeAt(offset.end) !== 47 || !s.startsWith('0x', offset.end + 1)) return null;
  const size = hexAt(s, offset.end + 3);
  if (!size || isNameCode(s.charCodeAt(size.end))) return null;
  const at = nameStart(s, plus);
  const name = s.slice(at, plus);
  if (at < from || !isSymbol(name)) return null;
  // KCSAN: data-race in a+0x1/0x2 / b+0x3/0x4
  const beside = last?.kind === 'place' && s.slice(from, at).trim() === '/';
  const role = beside ? roleOf('at ') : roleOf(s.slice(from, at));
  if (!role) return null;
  if (beside) role.label = last.label;
  const rest = restOf(s, size.end);
  const strength = role.strength === 'frame' && (rest.clean || role.kind !== 'call') ? 'frame' : 'loose';
  const bare = rest.end === size.end && role.kind === 'call' ? BARE_END.exec(s.slice(size.end)) : null;
  const frame = makeFrame(segment, line, at, name, {
    offset: offset.value,
    size: size.value,
    module: bare ? bare[0].trim() : rest.module,
    buildId: rest.buildId,
    address: role.address,
    source: rest.source,
    inlinedAt: rest.inlinedAt,
    reliable: role.reliable && rest.reliable,
    inlined: rest.inlined,
    kind: role.kind,
    label: role.label,
  });
  return { frame, strength, end: rest.end, role: role.strength };
}

/** The callee of arm's `[<…>] (callee) from [<…>] (caller+0x1/0x2)` and `callee from caller+0x1/0x2`. */
export function calleeOf(segment: Segment, line: number): Frame | null {
  const from = segment.text.indexOf(' from ');
  if (from < 0) return null;
  const m =
    /^\s*(?:\[<([0-9a-f]{8,16})>\] \()?([A-Za-z_][\w.$]{0,200})(?:\+0x([0-9a-f]{1,8})\/0x([0-9a-f]{1,8}))?\)?$/.exec(
      segment.text.slice(0, Math.min(from, 400)),
    );
  if (!m) return null;
  const at = segment.text.indexOf(m[2], m[1] ? m[1].length + 2 : 0);
  return makeFrame(segment, line, at, m[2], {
    address: m[1] ?? null,
    offset: m[3] ? Number.parseInt(m[3], 16) : null,
    size: m[4] ? Number.parseInt(m[4], 16) : null,
  });
}

const SOURCE_HINT = /\.(?:[chSs]|rs):\d/;
const DECODED =
  /^\s*(?:(RIP|EIP|PC|NIP|pc|lr|ra|epc|LR)\s?:? ?(?:[0-9a-f]{4}:)?)?(?:\[<?[0-9a-f]{8,16}>?\] ?)*(?:(\?) )?((?:[A-Za-z_.$][\w.$]{0,200})|(?:[<_A-Za-z][\w.:<>{}#, $&*']{0,300}))$/;

/**
 * A decoded frame without an offset: `napi_poll net/core/dev.c:5202 [inline]`, `ext4_file_mmap (fs/ext4/file.c:810)
 * ext4`. Only `[inline]` and the form in parentheses prove that the line is a frame.
 */
export function decodedFrame(segment: Segment, line: number): FoundFrame | null {
  const s = segment.text;
  if (s.length > 1000 || !SOURCE_HINT.test(s)) return null;
  const colon = s.search(SOURCE_HINT);
  const space = s.lastIndexOf(' ', colon);
  if (space <= 0) return null;
  const paren = s.charCodeAt(space + 1) === 40;
  const head = s.slice(0, space);
  const m = DECODED.exec(head);
  if (!m || m[3].includes(' ') !== m[3].includes('<')) return null;
  const rest = restOf(s, space);
  if (!rest.source || !rest.clean) return null;
  const kind: FrameKind = !m[1] ? 'call' : /^(?:lr|ra|LR)$/.test(m[1]) ? 'lr' : 'pc';
  const frame = makeFrame(segment, line, head.length - m[3].length, m[3], {
    module: rest.module,
    source: rest.source,
    inlinedAt: rest.inlinedAt,
    reliable: m[2] !== '?' && rest.reliable,
    inlined: rest.inlined,
    kind,
  });
  return { frame, strength: rest.inlined || (paren && /^\s/.test(s)) ? 'frame' : 'loose', end: rest.end };
}

/** An address without a name: ` 0xffffffffc025f0c8`, ` => 0xffff…`, powerpc's `[c…] [c…] 0xc… (unreliable)`. */
export function rawFrame(segment: Segment, line: number): Frame | null {
  const s = segment.text;
  if (s.length > 120) return null;
  const m =
    /^\s*(?:=> ?|\[[0-9a-f]{16}\] )?(?:\[<?[0-9a-f]{1,16}>?\] )?(\? )?(0x([0-9a-f]{8,16}))(?: \(unreliable\))?\s*$/.exec(
      s,
    );
  if (!m) return null;
  return makeFrame(segment, line, s.indexOf(m[2]), m[2], {
    function: '',
    suffixes: [],
    address: m[3],
    reliable: m[1] === undefined && !s.includes('(unreliable)'),
  });
}
