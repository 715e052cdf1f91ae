/** The ends of a function pointer's way, as data and as the text that the index keeps them by. */
import { slotKey, UNKNOWN_OWNER } from '../store/postings.ts';

/** A function, or what stands in a slot. */
export type Holder = NamedEnd | SlotEnd;

/** A function or table by its name. */
interface NamedEnd {
  kind: 'name';
  name: string;
}

/** The slot `owner.member`. */
export interface SlotEnd {
  kind: 'slot';
  owner: string;
  member: string;
}

/** Where a pointer to a function or table comes from, or gets to. */
export type End =
  | NamedEnd
  | SlotEnd
  /** parameter `index`, from 0, of a function or of what stands in a slot */
  | { kind: 'parameter'; of: Holder; index: number }
  /** what a function returns */
  | { kind: 'result'; of: Holder }
  /** it is called there */
  | { kind: 'called' };

/** In the place of a parameter's number: what the function returns. */
const RETURNED = -1;

const holderKey = (of: Holder): string => (of.kind === 'name' ? of.name : slotKey(of.owner, of.member));

/** The text of an end, which tells it from all others: `f`, `s.m`, `f#2`, `s.m#0`, `f#-1`; '' for `called`. */
export function endKey(end: End): string {
  switch (end.kind) {
    case 'parameter':
      return `${holderKey(end.of)}#${end.index}`;
    case 'result':
      return `${holderKey(end.of)}#${RETURNED}`;
    case 'called':
      return '';
    default:
      return holderKey(end);
  }
}

function holderOf(key: string): Holder {
  const dot = key.indexOf('.');
  if (dot < 0) return { kind: 'name', name: key };
  const owner = key.slice(0, dot);
  return { kind: 'slot', owner: owner === UNKNOWN_OWNER ? '' : owner, member: key.slice(dot + 1) };
}

/** The end that a text stands for: what `endKey` made. */
export function parseEnd(key: string): End {
  if (key === '') return { kind: 'called' };
  const hash = key.lastIndexOf('#');
  if (hash < 0) return holderOf(key);
  const of = holderOf(key.slice(0, hash));
  const index = Number(key.slice(hash + 1));
  return index === RETURNED ? { kind: 'result', of } : { kind: 'parameter', of, index };
}
