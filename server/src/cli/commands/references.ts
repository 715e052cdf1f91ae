/** `kerntrail references`: every place where a thing is used. */
import { relative, resolve } from 'node:path';
import { readTreeFile } from '../../index/treeFiles.ts';
import { readView } from '../../resolve/cursor/fileView.ts';
import { findReferences, type Reference } from '../../resolve/references/references.ts';
import { type Sought, soughtAt, soughtByName, soughtIn } from '../../resolve/references/sought.ts';
import type { World } from '../../resolve/world.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { say, writeLines } from '../output.ts';
import type { Printer } from '../print.ts';
import { sayLeftOut } from './ops.ts';

/** `kerntrail references`, for the table of commands. */
export const referencesCommand: Command = {
  name: 'references',
  args: 'NAME|FILE:NAME|FILE:LINE:COLUMN',
  count: 1,
  about: 'where a function, macro, member, type or variable is used',
  help: "kerntrail references kfree                        all that the kernel calls so, with its declarations\nkerntrail references vm_operations_struct.fault   a member; 'struct page' is the type\nkerntrail references mm/memory.c:do_fault         what that file means by the name\nUses of members whose struct the source doesn't tell come last, as possible ones.",
  run: references,
};

async function references(context: Context, [what]: string[]): Promise<number> {
  return withIndex(context, async (world, printer) => {
    const sought = soughtFor(world, what);
    let count = 0;
    for (const one of sought) {
      if (sought.length > 1 && !context.json) say(`${one.word} of ${one.from || 'all files'}:`);
      count += await writeUses(context, world, one, printer);
    }
    return count ? EXIT.found : sayNone(world, `no use of ${what} is known.`);
  });
}

/** What is meant on the command line: a place, a name in a file, or a name. */
function soughtFor(world: World, what: string): Sought[] {
  const { index } = world;
  const place = /^(.+?):(\d+)(?::(\d+))?$/.exec(what);
  const named = place ? null : /^(.+):([A-Za-z_]\w*)$/.exec(what);
  const given = place?.[1] ?? named?.[1];
  if (given === undefined) return soughtByName(world, what);
  const path = index.fileId(given) === undefined ? relative(index.root, resolve(given)) : given;
  const view = readView(index, path);
  const one = !view
    ? null
    : named
      ? soughtIn(world, view, named[2])
      : soughtAt(world, view, Number(place?.[2]), Number(place?.[3] ?? 1));
  return one ? [one] : [];
}

/** Writes the uses of a thing as they are found; gives their number. */
async function writeUses(context: Context, world: World, sought: Sought, printer: Printer): Promise<number> {
  const { root } = world.index;
  let waiting: Reference[] = [];
  let count = 0;
  const steps = findReferences(world, sought, {
    read: (path) => readTreeFile(root, path)?.bytes ?? null,
    found(uses) {
      waiting = waiting.length === 0 ? uses : waiting.concat(uses);
    },
  });
  const line = (r: Reference) =>
    `${printer.place(r.file, r.line)}:${r.column}: ${r.use === 'use' ? '' : printer.dim(`(${r.use}) `)}${r.text}`;
  for (;;) {
    const step = steps.next();
    count += waiting.length;
    await writeLines(waiting.map((r) => (context.json ? { word: sought.word, ...r } : line(r))));
    waiting = [];
    if (!step.done) continue;
    sayLeftOut(step.value.leftOut);
    return count;
  }
}
