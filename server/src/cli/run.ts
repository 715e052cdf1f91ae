/** The command line: commands, their options and help, exit codes. Each command is a function of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mostWorkers } from '../index/build/limits.ts';
import { StorageError } from '../index/store/storageError.ts';
import { TreeError } from '../index/tree.ts';
import { backtraceCommand } from './commands/backtrace.ts';
import { checkCommand } from './commands/check.ts';
import { dumpCommand } from './commands/dump.ts';
import { callersCommand, pathCommand, rootsCommand } from './commands/graph.ts';
import { implementationsCommand } from './commands/implementations.ts';
import { indexCommand } from './commands/index.ts';
import { lspCommand } from './commands/lsp.ts';
import { opsCommand } from './commands/ops.ts';
import { patchCommand } from './commands/patch.ts';
import { symbolCommand } from './commands/symbol.ts';
import { targetsCommand } from './commands/targets.ts';
import { type Context, EXIT, Interrupted, scriptsFolder } from './context.ts';
import { type Given, numberOf, type Options, optionLines, readCommandLine, singleValue } from './options.ts';
import { say, sayLines, writeLines } from './output.ts';

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
  /** options that it has beside those of every command */
  options?: Options;
  /** options of every command that mean nothing to it */
  without?: readonly string[];
}

const CONTEXT = {
  value: 'NAME',
  many: true,
  about: 'a subsystem whose tables are preferred at each dispatch; may be repeated',
};
const FORMAT = { value: 'F', about: 'text, mermaid or dot' };

const COMMON: Options = {
  tree: { value: 'DIR', about: 'the kernel tree (default: the tree around the current folder)' },
  arch: { value: 'NAME', about: 'architecture in view (default: x86)' },
  json: { about: 'one JSON object a line' },
  cache: { value: 'DIR', about: 'where indexes live (default: ~/.cache/kerntrail)' },
  workers: { value: 'N', about: 'worker threads (default: one a core, four at the most)' },
  'no-update': { about: 'answer from the index as it is, without looking for changed files' },
  help: { short: 'h', about: "this text, or a command's own" },
  version: { about: 'which Kerntrail this is' },
};

const COMMANDS: Record<string, Command> = {
  index: {
    run: indexCommand,
    args: '',
    count: 0,
    about: 'build or update the index of a tree',
    help: 'Reads what has changed since last time. The other commands do so too, unless told --no-update.',
    without: ['no-update'],
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
    help: 'kerntrail path handle_mm_fault ext4_readahead\nkerntrail path __x64_sys_read ext4_file_read_iter --context ext4 --format mermaid',
    options: { max: { value: 'N', about: 'how many chains (default: 3)' }, context: CONTEXT, format: FORMAT },
  },
  roots: {
    run: rootsCommand,
    args: 'NAME',
    count: 1,
    about: 'the entries (system calls, exceptions, interrupts …) a function is reached from',
    help: 'kerntrail roots ext4_readahead  the nearest entries, and the way from each',
    options: { max: { value: 'N', about: 'how many entries (default: 12)' }, context: CONTEXT },
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
    options: {
      vmlinux: { value: 'FILE', about: 'exact lines from a matching vmlinux, .ko or .debug file' },
    },
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
    // what editors say to every language server
    options: { stdio: {}, clientProcessId: { value: 'ID' } },
    without: ['json', 'workers', 'no-update'],
  },
};

const EXIT_CODES =
  'Exit codes: 0 found, 1 nothing found, 2 bad use or bad tree; 130 and the like: stopped by a signal.';

const MOST_ANSWERS = 1000;

const usageOf = (name: string): string => `kerntrail ${[name, COMMANDS[name].args].filter(Boolean).join(' ')}`;

/** Options of all commands, to read a line before its command is known. */
const ALL: Options = Object.assign({}, COMMON, ...Object.values(COMMANDS).map((c) => c.options ?? {}));

const optionsOf = ({ options, without = [] }: Command): Options => ({
  ...options,
  ...Object.fromEntries(Object.entries(COMMON).filter(([name]) => !without.includes(name))),
});

const helpLines = (): string[] => [
  'Usage: kerntrail COMMAND [ARGUMENTS] [OPTIONS]',
  '',
  'Commands',
  ...Object.entries(COMMANDS).map(([name, { about }]) => `  ${usageOf(name).slice(10).padEnd(38)} ${about}`),
  '',
  "Options ('kerntrail COMMAND --help' tells a command's own)",
  ...optionLines(COMMON),
  '',
  EXIT_CODES,
];

const commandHelpLines = (name: string, command: Command): string[] => [
  `Usage: ${usageOf(name)} [OPTIONS]`,
  '',
  command.about,
  '',
  ...command.help.split('\n'),
  '',
  'Options',
  ...optionLines(optionsOf(command)),
  '',
  EXIT_CODES,
];

/** Runs one command. Returns the exit code; throws only for faults of Kerntrail's own. */
export async function runCli(argv: string[]): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    if (!(error instanceof TreeError || error instanceof StorageError || error instanceof Interrupted)) throw error;
    say(error.message);
    return error instanceof Interrupted ? error.exitCode : EXIT.badUse;
  }
}

async function run(argv: string[]): Promise<number> {
  const { given, args: words } = readCommandLine(argv, ALL);
  if (given.has('version')) {
    await writeLines([`kerntrail ${version()}`]);
    return EXIT.found;
  }
  const isHelp = given.has('help') || words[0] === 'help';
  const [name, ...args] = words[0] === 'help' ? words.slice(1) : words;
  if (name === undefined) {
    if (isHelp) await writeLines(helpLines());
    else sayLines(helpLines());
    return isHelp ? EXIT.found : EXIT.badUse;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new TreeError(`there is no command '${name}'. Try 'kerntrail --help'.`);
  if (isHelp) {
    await writeLines(commandHelpLines(name, command));
    return EXIT.found;
  }
  const help = `Try 'kerntrail ${name} --help'.`;
  const known = optionsOf(command);
  for (const option of given.keys())
    if (!Object.hasOwn(known, option)) throw new TreeError(`'${name}' takes no --${option}. ${help}`);
  if (args.length < command.count || args.length > command.count + (command.more ?? 0))
    throw new TreeError(`usage: ${usageOf(name)} [OPTIONS]. ${help}`);
  if (args.includes('')) throw new TreeError(`an argument is empty. Usage: ${usageOf(name)} [OPTIONS]. ${help}`);
  const context = contextOf(given);
  checkCurrentFolder();
  return command.run(context, args);
}

function contextOf(given: Given): Context {
  const format = singleValue(given, 'format') ?? 'text';
  if (format !== 'text' && format !== 'mermaid' && format !== 'dot')
    throw new TreeError('--format takes text, mermaid or dot.');
  return {
    tree: singleValue(given, 'tree'),
    architecture: singleValue(given, 'arch') ?? 'x86',
    isArchitectureGiven: given.has('arch'),
    json: given.has('json'),
    vmlinux: singleValue(given, 'vmlinux'),
    storage: singleValue(given, 'cache'),
    workers: numberOf(given, 'workers', 0, mostWorkers()) ?? 0,
    update: !given.has('no-update'),
    max: numberOf(given, 'max', 1, MOST_ANSWERS),
    paths: given.get('context') ?? [],
    format,
  };
}

/** Without a current folder Node itself stumbles at every turn. */
function checkCurrentFolder(): void {
  try {
    process.cwd();
  } catch {
    throw new TreeError("the current folder is gone. Change to one that exists, for instance with 'cd ..' or 'cd /'.");
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
