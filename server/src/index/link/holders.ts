/**
 * Functions are held by members of structs, and by what is none: a pointer variable, an array of pointers, a static call.
 * Those are slots without an owner, told apart by the variable: `*name`, `static_call(name)`.
 */
/** A holder as a slot: see `SlotEnd`. */
interface HolderSlot {
  kind: 'slot';
  owner: '';
  member: string;
}

/** The slot of a pointer variable, or of all elements of an array of them. */
export const holderOf = (variable: string): HolderSlot => ({ kind: 'slot', owner: '', member: `*${variable}` });

/** The slot of a static call. */
export const staticCallHolder = (name: string): HolderSlot => ({
  kind: 'slot',
  owner: '',
  member: `static_call(${name})`,
});

/** The variable of `holderOf`; null for any other slot's member. */
export const heldVariable = (member: string): string | null => (member.startsWith('*') ? member.slice(1) : null);

/** Is a slot's member such a holder? */
export const isHolder = (member: string): boolean => member.startsWith('*') || member.startsWith('static_call(');

/** A slot's member as people read it: of a holder the variable, of a static call what calls it. */
export const holderName = (member: string): string => heldVariable(member) ?? member;
