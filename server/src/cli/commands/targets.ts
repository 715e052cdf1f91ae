/** `kerntrail targets`: what a dispatch may call, from a shell. */

import { resolve } from 'node:path';
import { pathOfPlace } from '../../index/modules/mounts.ts';
import { readView } from '../../resolve/cursor/fileView.ts';
import { groupText } from '../../resolve/dispatch/narrow.ts';
import type { Target } from '../../resolve/dispatch/slotTargets.ts';
import { type SiteTargets, slotOf, targetsAt } from '../../resolve/dispatch/targets.ts';
import { installsOf } from '../../resolve/slots/installs.ts';
import { nullChecks } from '../../resolve/slots/nullChecks.ts';
import { type Registered, slotName } from '../../resolve/slots/slots.ts';
import type { World } from '../../resolve/world.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { say, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';
import { sayLeftOut } from './ops.ts';

/** `kerntrail targets`, for the table of commands. */
export const targetsCommand: Command = {
  name: 'targets',
  args: 'FILE:LINE[:COLUMN]',
  count: 1,
  about: 'what a call through a pointer may get to',
  help: 'kerntrail targets mm/memory.c:4279  the functions that the dispatch on that line may call, the nearest first',
  run: targets,
};

/** `kerntrail targets FILE:LINE[:COLUMN]`: what a dispatch may call. */
async function targets(context: Context, [where]: string[]): Promise<number> {
  const m = /^(.+?):(\d+)(?::(\d+))?$/.exec(where);
  if (!m) {
    say(`'${where}' is no place. Name one as FILE:LINE or FILE:LINE:COLUMN, for instance mm/memory.c:4279.`);
    return EXIT.badUse;
  }
  return withIndex(context, async (world, printer) => {
    const { index } = world;
    const facts = index.facts(m[1]) ?? index.facts(pathOfPlace(index.root, resolve(m[1])) ?? '');
    if (!facts) {
      sayNone(world, `${m[1]} is not in the index of ${index.root}.`);
      return EXIT.badUse;
    }
    const sites = targetsAt(world, facts, Number(m[2]), Number(m[3] ?? 0));
    if (sites.length === 0) return sayNone(world, `no call through a pointer is known at ${where}.`);
    for (const site of sites) {
      const installs = (t: Target): Registered[] => installsFor(world, t, facts.path);
      if (context.json) await writeLines(site.targets.map((t, i) => targetRow(site, t, i, installs(t))));
      else {
        await writeLines(siteText(site, installs, printer));
        await writeLines(withoutText(world, site, facts.path, printer));
        sayLeftOut(site.leftOut);
      }
    }
    return sites.some((s) => s.targets.length > 0) ? EXIT.found : EXIT.nothing;
  });
}

/** What puts a target's table into a pointer: the one that the dispatch reads, or else any. */
function installsFor(world: World, t: Target, from: string): Registered[] {
  if (t.into.length > 0) return t.into;
  return t.registrations[0] ? installsOf(world, t.registrations[0], from) : [];
}

const targetRow = (site: SiteTargets, t: Target, n: number, installs: Registered[]) => ({
  slot: slotOf(site),
  line: site.line,
  column: site.column,
  function: t.definition.name,
  file: t.definition.file,
  definitionLine: t.definition.line,
  tables: t.registrations.map((r) => r.variable),
  installs: installs.map(installRow),
  // the pointer that the dispatch reads, and what puts the function's tables there
  pointer: site.group?.slot || null,
  into: t.into.map(installRow),
  proven: site.group ? n < site.group.count : null,
  narrowed: site.narrowed,
  passed: t.passed,
  evidence: t.evidence,
});

const installRow = (r: Registered) => ({
  slot: slotName(r),
  function: r.function,
  file: r.filePath,
  line: r.targetLine,
  by: r.by ?? null,
  condition: r.condition,
});

function siteText(site: SiteTargets, installs: (t: Target) => Registered[], printer: Printer): string[] {
  const { targets, group, narrowed } = site;
  const many = `${targets.length} function${targets.length === 1 ? '' : 's'}`;
  const out = [`${printer.bold(slotOf(site))} in ${site.function}: ${many}${narrowed ? ` (${narrowed})` : ''}`];
  const lines = columns(
    targets.map((t) => [
      `  ${printer.place(t.definition.file, t.definition.line)}:`,
      printer.bold(t.definition.name),
      printer.dim(howText(t, installs(t))),
    ]),
  );
  if (!group) return [...out, ...lines];
  out.push(`${groupText(group)}: ${group.count}`, ...lines.slice(0, group.count));
  const others = targets.length - group.count;
  if (others > 0) out.push(`${group.others}: ${others}`, ...lines.slice(group.count));
  return out;
}

function howText(t: Target, [first, ...more]: Registered[]): string {
  if (t.registrations.length === 0)
    return t.passed ? `handed over by ${t.passed.function}, ${t.passed.file}:${t.passed.line}` : '';
  const tables = [...new Set(t.registrations.map((r) => r.variable))];
  const shown = tables.slice(0, 3).join(', ') + (tables.length > 3 ? ', …' : '');
  const others = more.length ? ` and ${more.length} more` : '';
  const installed = first ? ` · installed in ${first.function || first.variable}${others}` : '';
  return `${shown}${installed}${t.evidence === 'typed' ? '' : ` (${t.evidence})`}`;
}

function withoutText(world: World, site: SiteTargets, file: string, printer: Printer): string[] {
  const view = readView(world.index, file);
  const checks = view ? nullChecks(world, view, site, site.function) : [];
  return checks.map((w) => {
    const test = w.where ? `, ${w.where.holds ? 'where' : 'unless'} ${w.where.text}` : '';
    const place = printer.dim(`(${w.function}, ${w.file}:${w.line})`);
    return `  without one${test}: ${w.text || 'the call is left out'} ${place}`;
  });
}
