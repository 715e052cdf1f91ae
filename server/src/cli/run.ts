/** The command line: options, help, exit codes. Each command is a function of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StorageError } from '../index/store.ts';
import { TreeError } from '../index/tree.ts';
import { backtraceCommand } from './backtraceCommand.ts';
import { checkCommand } from './checkCommand.ts';
import { type Context, EXIT, scriptsFolder } from './context.ts';
import { dumpCommand } from './dump.ts';
import { callersCommand, pathCommand, rootsCommand } from './graphCommands.ts';
import { implementationsCommand } from './implementationsCommand.ts';
import { indexCommand } from './indexCommand.ts';
import { lspCommand } from './lspCommand.ts';
import { opsCommand } from './opsCommand.ts';
import { patchCommand } from './patchCommand.ts';
import { symbolCommand } from './symbolCommand.ts';
import { targetsCommand } from './targetsCommand.ts';

interface Command {
  run(context: Context, args: string[]): Promise<number>;
  /** its arguments, as the usage line shows them */
  args: string;
  /** how many there must be */
  count: number;
  /** and how many more there may be */
  more?: number;
  /** one line for the list of commands */
  about: string;
  /** the rest of its own help */
  help: string;
}

const COMMANDS: Record<string, Command> = {
  index: {
    run: indexCommand,
    args: '',
    count: 0,
    about: 'build or update the index of a tree',
    help: 'Reads what has changed since last time. The other commands do so too, unless told --no-update.',
  },
  check: {
    run: checkCommand,
    args: '',
    count: 0,
    about: 'read the whole index, and build it anew where it is damaged',
    help: 'Every value is held against its checksum, every table against the sums that were written. With --no-update, a\ndamaged index is only told of.',
  },
  ops: {
    run: opsCommand,
    args: 'NAME',
    count: 1,
    about: "a table's slots, or a struct's tables",
    help: 'kerntrail ops ext4_file_vm_ops      what the table holds and where it is installed\nkerntrail ops vm_operations_struct  every table of that struct',
  },
  implementations: {
    run: implementationsCommand,
    args: 'STRUCT.MEMBER|STRUCT',
    count: 1,
    about: 'the functions in a slot',
    help: 'kerntrail implementations vm_operations_struct.fault  every function put there, and by which tables',
  },
  callers: {
    run: callersCommand,
    args: 'NAME|STRUCT.MEMBER',
    count: 1,
    about: 'who calls a function or a slot',
    help: 'kerntrail callers ext4_readahead              by its name, through its slots, as an argument\nkerntrail callers vm_operations_struct.fault  every place that calls through the slot',
  },
  targets: {
    run: targetsCommand,
    args: 'FILE:LINE[:COLUMN]',
    count: 1,
    about: 'what a call through a pointer may get to',
    help: 'kerntrail targets mm/memory.c:4279  the functions that the dispatch on that line may call, the nearest first',
  },
  path: {
    run: pathCommand,
    args: 'FROM TO',
    count: 2,
    about: 'chains of calls between two functions',
    help: 'kerntrail path handle_mm_fault ext4_readahead\nkerntrail path __x64_sys_read ext4_file_read_iter --context ext4 --format mermaid\n\n  --context NAME  a subsystem whose tables are preferred at each dispatch; may be repeated\n  --max N         how many chains (default: 3)\n  --format F      text, mermaid or dot',
  },
  roots: {
    run: rootsCommand,
    args: 'NAME',
    count: 1,
    about: 'the entries (system calls, exceptions, interrupts …) a function is reached from',
    help: 'kerntrail roots ext4_readahead  the nearest entries, and the way from each\n\n  --max N  how many entries (default: 12)',
  },
  symbol: {
    run: symbolCommand,
    args: 'QUERY',
    count: 1,
    about: 'where a name is defined',
    help: "Exact names first, else names that hold the query's letters in order. A system call is found by all its names:\nsys_read, ksys_read, __x64_sys_read, __se_sys_read, SyS_read.",
  },
  backtrace: {
    run: backtraceCommand,
    args: '[FILE|-]',
    count: 0,
    more: 1,
    about: 'the frames of a pasted trace, in the source',
    help: 'Reads what the kernel, GDB, crash or a tracer printed, with anything around it, from FILE or standard input. Each\nframe gets its line, and what was inlined there, as far as the source tells.',
  },
  patch: {
    run: patchCommand,
    args: '[FILE|-]',
    count: 0,
    more: 1,
    about: 'the hunks of a mailed patch, in the source',
    help: 'Says of each hunk whether it is applied, applies, has drifted or conflicts; which slots the functions that it\ntouches stand in; which calls and registrations it adds. Takes mails, quoted or not, and .patch files.',
  },
  dump: {
    run: dumpCommand,
    args: 'ops|sites|installs|calls',
    count: 1,
    about: 'everything of a kind, one a line',
    help: 'kerntrail dump ops --json       every function registered in a table\nkerntrail dump sites --json     every call through a member or a pointer, every function put into a member\nkerntrail dump installs --json  every table put into a pointer\nkerntrail dump calls --json     every direct call',
  },
  lsp: {
    run: lspCommand,
    args: '',
    count: 0,
    about: 'the language server, over stdio',
    help: "For editors other than VS Code: see docs/editors.md. --tree and --arch are defaults; the editor's settings go first.",
  },
};

const OPTIONS = `Options
  --tree DIR     the kernel tree (default: the tree around the current folder)
  --arch NAME    architecture in view (default: x86)
  --json         one JSON object a line
  --vmlinux FILE for backtrace: exact lines from a matching vmlinux, .ko or .debug file
  --cache DIR    where indexes live (default: ~/.cache/kerntrail)
  --workers N    worker threads (default: one a core, four at the most)
  --no-update    answer from the index as it is, without looking for changed files
  -h, --help     this text, or a command's own
  --version

Exit codes: 0 found, 1 nothing found, 2 bad use or bad tree.
`;

const usageOf = (name: string): string => `kerntrail ${[name, COMMANDS[name].args].filter(Boolean).join(' ')}`;

const HELP = `Usage: kerntrail COMMAND [ARGUMENTS] [OPTIONS]

Commands
${Object.keys(COMMANDS)
  .map((name) => `  ${usageOf(name).slice(10).padEnd(38)} ${COMMANDS[name].about}`)
  .join('\n')}

${OPTIONS}`;

/** Runs one command. Returns the exit code; throws only for faults of Kerntrail's own. */
export async function runCli(argv: string[]): Promise<number> {
  const badUse = (message: string): number => {
    process.stderr.write(`kerntrail: ${message}\n`);
    return EXIT.badUse;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    return badUse(`${(error as Error).message.split('. ')[0]}. Try 'kerntrail --help'.`);
  }
  const { values, positionals } = parsed;
  if (values.version) {
    process.stdout.write(`kerntrail ${version()}\n`);
    return EXIT.found;
  }
  const [name, ...args] = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (values.help || positionals[0] === 'help') {
    process.stdout.write(
      command ? `Usage: ${usageOf(name)} [OPTIONS]\n\n${command.about}\n\n${command.help}\n\n${OPTIONS}` : HELP,
    );
    return EXIT.found;
  }
  if (name === undefined) {
    process.stderr.write(HELP);
    return EXIT.badUse;
  }
  if (!command) return badUse(`there is no command '${name}'. Try 'kerntrail --help'.`);
  if (args.length < command.count || args.length > command.count + (command.more ?? 0))
    return badUse(`usage: ${usageOf(name)} [OPTIONS]. Try 'kerntrail ${name} --help'.`);
  const workers = values.workers === undefined ? 0 : Number(values.workers);
  if (!Number.isInteger(workers) || workers < 0) return badUse('--workers takes a whole number.');
  const max = values.max === undefined ? 3 : Number(values.max);
  if (!Number.isInteger(max) || max < 1) return badUse('--max takes a whole number from 1.');
  const format = values.format ?? 'text';
  if (!['text', 'mermaid', 'dot'].includes(format)) return badUse('--format takes text, mermaid or dot.');
  const context: Context = {
    tree: values.tree,
    architecture: values.arch ?? 'x86',
    json: values.json ?? false,
    vmlinux: values.vmlinux,
    storage: values.cache,
    workers,
    update: !values['no-update'],
    max,
    paths: values.context ?? [],
    format: format as Context['format'],
  };
  try {
    return await command.run(context, args);
  } catch (error) {
    if (!(error instanceof TreeError || error instanceof StorageError)) throw error;
    return badUse(error.message);
  }
}

/** The package's version: its manifest lies one above dist/. */
function version(): string {
  try {
    return (JSON.parse(readFileSync(join(scriptsFolder(), '..', 'package.json'), 'utf8')) as { version: string })
      .version;
  } catch {
    return 'of unknown version';
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
      vmlinux: { type: 'string' },
      cache: { type: 'string' },
      workers: { type: 'string' },
      'no-update': { type: 'boolean' },
      max: { type: 'string' },
      context: { type: 'string', multiple: true },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
      // what editors say to every language server
      stdio: { type: 'boolean' },
      clientProcessId: { type: 'string' },
    },
  });
}
