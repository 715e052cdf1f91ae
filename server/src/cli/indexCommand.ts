/** `kerntrail index`: builds or updates the index and says what it holds. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openReader } from '../index/reader.ts';
import { storeFolder } from '../index/store.ts';
import { type Context, EXIT, storageOf, treeRoot, update } from './context.ts';

export async function indexCommand(context: Context): Promise<number> {
  const root = treeRoot(context);
  const started = Date.now();
  const result = await update(context, root);
  const reader = openReader(storageOf(context), root, context.architecture);
  const meta = reader?.meta();
  await reader?.close();
  const folder = storeFolder(storageOf(context), root, context.architecture);
  const bytes = statSync(join(folder, 'data.mdb')).size;
  const totals = meta?.totals;
  const summary = {
    tree: root,
    release: result.tree.release,
    architecture: context.architecture,
    index: folder,
    complete: !result.cancelled,
    seconds: (Date.now() - started) / 1000,
    megabytes: Math.round(bytes / 1e6),
    changed: result.changed,
    removed: result.removed,
    unreadable: result.unreadable.length,
    ...totals,
  };
  if (context.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else
    process.stdout.write(
      `${[
        `${root} (Linux ${result.tree.release ?? '?'}, ${context.architecture})`,
        `${result.cancelled ? 'stopped early; run it again to go on' : 'up to date'}: ${result.changed} files read, ${result.removed} gone, ${summary.seconds.toFixed(1)} s`,
        totals
          ? `${totals.files} files, ${totals.tables} tables, ${totals.registrations} registrations, ${summary.megabytes} MB in ${folder}`
          : '',
        totals
          ? `parse errors: ${totals.errorFiles} of ${totals.parsedFiles} parsed files, ${totals.errorBytes} bytes`
          : '',
        ...result.unreadable.slice(0, 10).map((path) => `could not be read: ${path}`),
      ]
        .filter(Boolean)
        .join('\n')}\n`,
    );
  return result.cancelled ? EXIT.nothing : EXIT.found;
}
