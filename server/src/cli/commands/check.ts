/** `kerntrail check`: reads the whole index, and builds it anew where it is not what was written. */
import { type CheckReport, checkIndex } from '../../index/store/check.ts';
import { storeFolder, storeIdentity } from '../../index/store/store.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, storageOf, treeRoot, update } from '../context.ts';
import { progressLine, say, writeLines } from '../output.ts';

/** `kerntrail check`, for the table of commands. */
export const checkCommand: Command = {
  name: 'check',
  args: '',
  count: 0,
  about: 'read the whole index, and build it anew where it is damaged',
  help: 'Every value is held against its checksum, every table against the sums that were written. With --no-update, a\ndamaged index is only told of.',
  run: checkAndMend,
};

/** Runs the command: 0 for an index that is whole, 1 for none, or one that was not and has been built anew. */
async function checkAndMend(context: Context): Promise<number> {
  const root = treeRoot(context);
  const folder = storeFolder(storageOf(context), root, context.architecture);
  const line = progressLine();
  const damaged = storeIdentity(folder);
  const report = await checkIndex(storageOf(context), root, context.architecture, (done, total) =>
    line.show({ phase: 'checking', done, total }),
  );
  line.end();
  const rebuild = report !== null && report.faults.length > 0 && context.update;
  await writeLines(
    [context.json ? { index: folder, ...report, rebuilt: rebuild } : wordsOf(report, root, folder)].flat(),
  );
  if (rebuild) {
    say(`the index in ${folder} is built anew.`);
    await update(context, root, { anew: { damaged } });
  }
  return report && report.faults.length === 0 ? EXIT.found : EXIT.nothing;
}

function wordsOf(report: CheckReport | null, root: string, folder: string): string[] {
  if (!report) return [`there is no index of ${root} yet (${folder})`];
  if (report.faults.length) return report.faults.map((fault, n) => (n ? `         ${fault}` : `damaged: ${fault}`));
  const end = report.complete ? '' : ', of a tree that is not indexed to its end';
  return [`whole: ${report.values} values of ${report.files} files${end} (${folder})`];
}
