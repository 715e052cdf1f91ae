/** `kerntrail index`: builds or updates the index and says what it holds. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { modulesOf } from '../../index/modules/mounts.ts';
import { openReader } from '../../index/read/reader.ts';
import { storeFolder } from '../../index/store/store.ts';
import { listFiles, type Skipped } from '../../index/tree.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, storageOf, treeRoot, update } from '../context.ts';
import { say, writeLines } from '../output.ts';

/** So many names are told of what could not be read. */
const MOST_NAMES = 10;

/** `kerntrail index`, for the table of commands. */
export const indexCommand: Command = {
  name: 'index',
  args: '',
  count: 0,
  about: 'build or update the index of a tree',
  help: 'Reads what has changed since last time. The other commands do so too, unless told --no-update.',
  without: ['no-update'],
  run: buildAndTell,
};

/** `kerntrail index`: says what the index holds, and what was left out. */
async function buildAndTell(context: Context): Promise<number> {
  const root = treeRoot(context);
  const started = Date.now();
  const result = await update(context, root);
  const reader = openReader(storageOf(context), root, context.architecture);
  const totals = reader?.meta()?.totals;
  await reader?.close();
  const folder = storeFolder(storageOf(context), root, context.architecture);
  const modules: string[] = [];
  for (const module of modulesOf(root)) {
    const of = await update(context, root, { module });
    result.lost.push(...of.lost);
    result.unreadable.push(...of.unreadable);
    modules.push(`${module.name} in ${module.folder}: ${of.changed} files read, ${of.removed} gone`);
  }
  const bytes = statSync(join(folder, 'data.mdb')).size;
  const skipped: Skipped[] = [
    ...result.unreadable.map((path) => ({ path, why: 'it could not be read' })),
    ...result.lost,
  ];
  listFiles(root, undefined, (path, why) => skipped.push({ path, why }));
  const summary = {
    tree: root,
    release: result.tree.release,
    architecture: context.architecture,
    index: folder,
    complete: true,
    seconds: (Date.now() - started) / 1000,
    megabytes: Math.round(bytes / 1e6),
    changed: result.changed,
    removed: result.removed,
    unreadable: skipped.length,
    ...(modules.length ? { modules: modulesOf(root) } : {}),
    ...totals,
  };
  sayWhatIsMissing(skipped);
  if (context.json) await writeLines([summary]);
  else
    await writeLines([
      `${root} (Linux ${result.tree.release ?? '?'}, ${context.architecture})`,
      `up to date: ${result.changed} files read, ${result.removed} gone, ${summary.seconds.toFixed(1)} s`,
      ...(totals
        ? [
            `${totals.files} files, ${totals.tables} tables, ${totals.registrations} registrations, ${summary.megabytes} MB in ${folder}`,
            `parse errors: ${totals.errorFiles} of ${totals.parsedFiles} parsed files, ${totals.errorBytes} bytes`,
          ]
        : []),
      ...modules,
    ]);
  return EXIT.found;
}

function sayWhatIsMissing(skipped: readonly Skipped[]): void {
  if (skipped.length === 0) return;
  say(`${skipped.length} ${skipped.length === 1 ? 'name is' : 'names are'} left out of the index:`);
  for (const { path, why } of skipped.slice(0, MOST_NAMES)) say(`  ${path}: ${why}`);
  if (skipped.length > MOST_NAMES) say(`  and ${skipped.length - MOST_NAMES} more`);
}
