/** The command line: common options, help, exit codes. Each command is a row of its own (commands.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mostWorkers } from '../index/build/limits.ts';
import { StorageError } from '../index/store/storageError.ts';
import { TreeError } from '../index/tree.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { type Context, EXIT, Interrupted, scriptsFolder } from './context.ts';
import { type Given, numberOf, type Options, optionLines, readCommandLine, singleValue } from './options.ts';
import { say, sayLines, writeLines } from './output.ts';

const COMMON: Options = {
  tree: { value: 'DIR', about: 'the kernel tree (default: the tree around the current folder)' },
  module: {
    value: 'DIR',
    many: true,
    about: 'an out-of-tree module beside the tree; may be given several times',
  },
  arch: { value: 'NAME', about: 'architecture in view (default: x86)' },
  json: { about: 'one JSON object a line' },
  cache: { value: 'DIR', about: 'where indexes live (default: ~/.cache/kerntrail)' },
  workers: { value: 'N', about: 'worker threads (default: one a core, four at the most)' },
  'no-update': { about: 'answer from the index as it is, without looking for changed files' },
  help: { short: 'h', about: "this text, or a command's own" },
  version: { about: 'which Kerntrail this is' },
};

const EXIT_CODES =
  'Exit codes: 0 found, 1 nothing found, 2 bad use or bad tree; 130 and the like: stopped by a signal.';

const usageOf = ({ name, args }: Command): string => `kerntrail ${[name, args].filter(Boolean).join(' ')}`;

/** Options of all commands, to read a line before its command is known. */
const ALL: Options = Object.assign({}, COMMON, ...COMMANDS.map((c) => c.options ?? {}));

const optionsOf = ({ options, without = [] }: Command): Options => ({
  ...options,
  ...Object.fromEntries(Object.entries(COMMON).filter(([name]) => !without.includes(name))),
});

const helpLines = (): string[] => [
  'Usage: kerntrail COMMAND [ARGUMENTS] [OPTIONS]',
  '',
  'Commands',
  ...COMMANDS.map((command) => `  ${usageOf(command).slice(10).padEnd(38)} ${command.about}`),
  '',
  "Options ('kerntrail COMMAND --help' tells a command's own)",
  ...optionLines(COMMON),
  '',
  EXIT_CODES,
];

const commandHelpLines = (command: Command): string[] => [
  `Usage: ${usageOf(command)} [OPTIONS]`,
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
  const command = COMMANDS.find((c) => c.name === name);
  if (!command) throw new TreeError(`there is no command '${name}'. Try 'kerntrail --help'.`);
  if (isHelp) {
    await writeLines(commandHelpLines(command));
    return EXIT.found;
  }
  const help = `Try 'kerntrail ${name} --help'.`;
  const known = optionsOf(command);
  for (const option of given.keys())
    if (!Object.hasOwn(known, option)) throw new TreeError(`'${name}' takes no --${option}. ${help}`);
  if (args.length < command.count || args.length > command.count + (command.more ?? 0))
    throw new TreeError(`usage: ${usageOf(command)} [OPTIONS]. ${help}`);
  if (args.includes('')) throw new TreeError(`an argument is empty. Usage: ${usageOf(command)} [OPTIONS]. ${help}`);
  const context = contextOf(given);
  checkCurrentFolder();
  return command.run(context, args, given);
}

const contextOf = (given: Given): Context => ({
  tree: singleValue(given, 'tree'),
  modules: given.get('module') ?? [],
  architecture: singleValue(given, 'arch') ?? 'x86',
  isArchitectureGiven: given.has('arch'),
  json: given.has('json'),
  storage: singleValue(given, 'cache'),
  workers: numberOf(given, 'workers', 0, mostWorkers()) ?? 0,
  update: !given.has('no-update'),
});

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
