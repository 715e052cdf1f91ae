/**
 * Functions are held by members of structs, and by what is none: a pointer variable, an array of pointers, a static call,
 * a section of the linker's that macros fill, a tracepoint. Those are slots without an owner: `*name`,
 * `static_call(name)`, `(initcall_t)`, `tracepoint(name)`.
 */

/** A holder as a slot: see `SlotEnd`. */
interface HolderSlot {
  kind: 'slot';
  owner: '';
  member: string;
}

const slot = (member: string): HolderSlot => ({ kind: 'slot', owner: '', member });

/** The slot of a pointer variable, or of all elements of an array of them. */
export const holderOf = (variable: string): HolderSlot => slot(`*${variable}`);

/** The slot of a static call. */
export const staticCallHolder = (name: string): HolderSlot => slot(`static_call(${name})`);

/** The slot of a tracepoint's probes. */
export const tracepointHolder = (name: string): HolderSlot => slot(`tracepoint(${name})`);

/** Is a slot's member that of a tracepoint? */
export const isTracepoint = (member: string): boolean => member.startsWith('tracepoint(');

/**
 * The slot of pointers of one type that macros put into a section, which are called by going through it; `group` tells
 * sections of one type apart. Null for a type that is no typedef, or a pointer to one.
 */
export function listHolder(type: string, group = ''): HolderSlot | null {
  const name = /^(?:const )?(\w+_t)(?: [*[\]]+)?$/.exec(type)?.[1];
  return name ? slot(`(${name})${group}`) : null;
}

/** Type and group of a `listHolder`; null for any other slot's member. */
export function listOf(member: string): { type: string; group: string } | null {
  const m = /^\((\w+)\)(\w*)$/.exec(member);
  return m && { type: m[1], group: m[2] };
}

/** The variable of `holderOf`; null for any other slot's member. */
export const heldVariable = (member: string): string | null => (member.startsWith('*') ? member.slice(1) : null);

/** Is a slot's member a holder? */
export const isHolder = (member: string): boolean =>
  member.startsWith('*') || member.startsWith('(') || member.startsWith('static_call(') || isTracepoint(member);

/** A holder as people read it: `hook`, `static_call(name)`, `tracepoint(name)`, `list of initcall_t`; any other slot's member as it is. */
export function holderName(member: string): string {
  const list = listOf(member);
  if (list) return `list of ${list.type}${list.group ? ` (${list.group})` : ''}`;
  return heldVariable(member) ?? member;
}
