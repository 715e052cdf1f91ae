/** `kerntrail check`: reads the whole index, and builds it anew where it is not what was written. */
import { checkIndex } from '../index/check.ts';
import { storeFolder, storeIdentity } from '../index/store.ts';
import { type Context, EXIT, progressLine, storageOf, treeRoot, update } from './context.ts';

/** Runs the command: 0 for an index that is whole, 1 for none, or one that was not and has been built anew. */
export async function checkCommand(context: Context): Promise<number> {
  const root = treeRoot(context);
  const folder = storeFolder(storageOf(context), root, context.architecture);
  const line = progressLine();
  const damaged = storeIdentity(folder);
  const report = await checkIndex(storageOf(context), root, context.architecture, (done, total) =>
    line.show({ phase: 'checking', done, total }),
  );
  line.end();
  const rebuild = report !== null && report.faults.length > 0 && context.update;
  if (context.json) process.stdout.write(`${JSON.stringify({ index: folder, ...report, rebuilt: rebuild })}\n`);
  else if (!report) process.stdout.write(`there is no index of ${root} yet (${folder})\n`);
  else if (report.faults.length === 0)
    process.stdout.write(
      `whole: ${report.values} values of ${report.files} files${report.complete ? '' : ', of a tree that is not indexed to its end'} (${folder})\n`,
    );
  else process.stdout.write(`damaged: ${report.faults.join('\n         ')}\n`);
  if (rebuild) {
    process.stderr.write(`kerntrail: the index in ${folder} is built anew.\n`);
    await update(context, root, { anew: { damaged } });
  }
  return report && report.faults.length === 0 ? EXIT.found : EXIT.nothing;
}
