/** The command line: options, help, exit codes. Each command is a function of its own. */
import { parseArgs } from 'node:util';
import { TreeError } from '../index/tree.ts';
import { dumpCommand } from './dump.ts';
import { indexCommand } from './indexCommand.ts';
import { EXIT, type Context } from './context.ts';

const HELP = `Usage: kerntrail COMMAND [ARGUMENTS] [OPTIONS]

Commands
  index                      build or update the index of a tree
  dump ops                   every function registered in a table, one a line

Options
  --tree DIR     the kernel tree (default: the tree around the current folder)
  --arch NAME    architecture in view (default: x86)
  --json         one JSON object a line
  --cache DIR    where indexes live (default: ~/.cache/kerntrail)
  --workers N    worker threads (default: one a core, four at the most)
  --no-update    answer from the index as it is, without looking for changed files
  -h, --help     this text;  --version

Exit codes: 0 found, 1 nothing found, 2 bad use or bad tree.
`;

/** Runs one command. Returns the exit code; throws only for faults of Kerntrail's own. */
export async function runCli(argv: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    process.stderr.write(`kerntrail: ${(error as Error).message}\nTry 'kerntrail --help'.\n`);
    return EXIT.badUse;
  }
  const { values, positionals } = parsed;
  if (values.help || positionals[0] === 'help') {
    process.stdout.write(HELP);
    return EXIT.found;
  }
  const [command, ...rest] = positionals;
  const context: Context = {
    tree: values.tree,
    architecture: values.arch ?? 'x86',
    json: values.json ?? false,
    storage: values.cache,
    workers: values.workers === undefined ? 0 : Number(values.workers),
    update: !values['no-update'],
  };
  try {
    switch (command) {
      case 'index':
        return await indexCommand(context);
      case 'dump':
        return await dumpCommand(context, rest);
      default:
        process.stderr.write(command ? `kerntrail: no command '${command}'. Try 'kerntrail --help'.\n` : HELP);
        return EXIT.badUse;
    }
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    process.stderr.write(`kerntrail: ${error.message}\n`);
    return EXIT.badUse;
  }
}

function parse(argv: string[]) {
  return parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      tree: { type: 'string' },
      arch: { type: 'string' },
      json: { type: 'boolean' },
      cache: { type: 'string' },
      workers: { type: 'string' },
      'no-update': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });
}
