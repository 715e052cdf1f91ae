/** What stands in a slot, told apart by where the dispatch's table comes from. */

import { tableKeys, tablesInto } from '../slots/installs.ts';
import type { Implementation, Registered } from '../slots/slots.ts';
import type { World } from '../world.ts';
import type { Origin } from './receiverOrigin.ts';

/** A slot's function as one dispatch sees it. */
export interface Reached extends Implementation {
  /** what puts a table of it into the pointer that the dispatch reads */
  into: Registered[];
}

/** A slot's functions as one dispatch sees them. */
export interface Narrowed {
  reached: Reached[];
  /** why there are fewer than the slot has; null where there are all */
  narrowed: string | null;
  /** a function that some code puts into any table of the type may count, too */
  strangers: boolean;
  /** what the first `count` of them have in common; null where nothing tells them apart */
  group: Group | null;
}

/** The functions that are proven to get to a dispatch, in front of those that may. */
export interface Group {
  /** the pointer that their tables are put into, `vm_area_struct.vm_ops`; '' where the tables are `named` */
  slot: string;
  /** some come there by a copy of another pointer, whatever that held just then */
  copied: boolean;
  /** the tables that the source names */
  named: string[];
  count: number;
  /** how the others may get there */
  others: 'not seen put there' | 'in other tables' | 'put by a pointer into some table';
}

/** A pointer that fewer than one in so many are seen put into is filled in another way, which the others come by. */
const MIN_SHARE = 5;

/** A dispatch's question, with what is known of the tables. */
interface Question {
  world: World;
  all: Reached[];
  origin: Origin;
  from: string;
  isNamed: (r: Registered) => boolean;
  keysOf: (r: Registered) => string[];
}

/**
 * Leaves out what can't get to a dispatch whose table comes from `origin`; where nothing can be left out, what is proven
 * to get there comes first, each part in the order that it had.
 */
export function narrowTo(
  world: World,
  implementations: readonly Implementation[],
  origin: Origin | null,
  from: string,
): Narrowed {
  const all = implementations.map((i) => ({ ...i, into: [] }));
  const whole = { reached: all, narrowed: null, strangers: true, group: null };
  if (!origin) return whole;
  const keysOf = tableKeys(world);
  const names = [...new Set([...origin.tables.values()].map((t) => t.name))];
  const isNamed = (r: Registered): boolean => keysOf(r).some((key) => origin.tables.has(key));
  const question: Question = { world, all, origin, from, isNamed, keysOf };
  if (!origin.open && origin.members.length === 0) return named(question, names) ?? whole;
  // one value that nobody knows, and what the others are says little
  if (origin.open && (origin.pointer || origin.members.length)) return whole;
  return grouped(question, names);
}

/** Only the functions of the tables that are named; null where those hold none. */
function named({ all, origin, isNamed, keysOf }: Question, names: string[]): Narrowed | null {
  const may = (r: Registered) => isNamed(r) || (origin.writable && r.kind === 'assign' && keysOf(r).length === 0);
  const reached = all.flatMap((i) => {
    const registrations = i.registrations.filter(may);
    return registrations.length ? [{ ...i, registrations }] : [];
  });
  const inTable = reached.filter((i) => i.registrations.some(isNamed));
  if (inTable.length === 0) return null;
  const others = reached.filter((i) => !inTable.includes(i));
  const group: Group = {
    slot: '',
    copied: false,
    named: names,
    count: inTable.length,
    others: 'put by a pointer into some table',
  };
  return {
    reached: [...inTable, ...others],
    narrowed: narrowedText(origin.pointer, names),
    strangers: origin.writable,
    group: others.length ? group : null,
  };
}

/** Puts the functions first whose tables are named, or put into the pointer that the dispatch reads. */
function grouped({ world, all, origin, from, isNamed, keysOf }: Question, names: string[]): Narrowed {
  const installed = origin.members.map((m) => tablesInto(world, m.owner, m.member, from));
  const first: Reached[] = [];
  const others: Reached[] = [];
  for (const i of all) {
    const into = new Set<Registered>();
    const isProven = (r: Registered): boolean => {
      const before = into.size;
      if (installed.length > 0)
        for (const key of keysOf(r))
          for (const tables of installed) for (const install of tables.get(key) ?? []) into.add(install);
      // `.ops = &(struct x_ops){ .f = f }`
      return into.size > before || origin.members.some((m) => isWithin(r, m.member)) || isNamed(r);
    };
    const proven: Registered[] = [];
    const rest: Registered[] = [];
    for (const r of i.registrations) (isProven(r) ? proven : rest).push(r);
    if (proven.length === 0) others.push(i);
    else first.push({ ...i, registrations: [...proven, ...rest], into: [...into] });
  }
  const whole = { narrowed: null, strangers: true };
  if (first.length === 0 || (names.length === 0 && first.length * MIN_SHARE < all.length)) {
    const byFunction = new Map(first.map((i) => [i.definition, i]));
    return { ...whole, reached: all.map((i) => byFunction.get(i.definition) ?? i), group: null };
  }
  const slot = origin.members.map((m) => `${m.owner}.${m.member}`).join(' or ');
  const isCopied = ({ into }: Reached) =>
    into.length > 0 && into.every((r) => !origin.members.some((m) => m.owner === r.owner && m.member === r.member));
  const group: Group = {
    slot,
    copied: first.some(isCopied),
    named: names,
    count: first.length,
    others: slot ? 'not seen put there' : 'in other tables',
  };
  return { ...whole, reached: [...first, ...others], group };
}

const isWithin = (r: Registered, member: string): boolean => {
  const at = r.path.indexOf(`${member}->`);
  return at === 0 || (at > 0 && !/\w/.test(r.path[at - 1]));
};

function narrowedText(pointer: string, names: readonly string[]): string {
  const [first, ...others] = names;
  if (!pointer) return `the table itself is named: ${first}`;
  if (others.length === 0) return `${pointer} can only be ${first}`;
  if (others.length > 3)
    return `${pointer} can only be one of ${names.length} tables: ${names.slice(0, 3).join(', ')}, …`;
  return `${pointer} can only be ${[...names.slice(0, -1)].join(', ')} or ${others[others.length - 1]}`;
}

/** What the first group of a dispatch's targets is, in words: `put into vm_area_struct.vm_ops`. */
export function groupText({ slot, copied, named }: Group): string {
  const parts = [
    slot && `put into ${slot}${copied ? ', some by a copy' : ''}`,
    named.length > 0 && `in ${named.slice(0, 3).join(', ')}`,
  ];
  return parts.filter(Boolean).join(', or ');
}
