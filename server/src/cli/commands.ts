/** The commands, in the order of the help. */
import type { Command } from './command.ts';
import { backtraceCommand } from './commands/backtrace.ts';
import { callersCommand } from './commands/callers.ts';
import { mapCommand } from './commands/chains/map.ts';
import { checkCommand } from './commands/check.ts';
import { dumpCommand } from './commands/dump.ts';
import { pathCommand, rootsCommand } from './commands/graph.ts';
import { implementationsCommand } from './commands/implementations.ts';
import { indexCommand } from './commands/index.ts';
import { lspCommand } from './commands/lsp.ts';
import { opsCommand } from './commands/ops.ts';
import { patchCommand } from './commands/patch.ts';
import { referencesCommand } from './commands/references.ts';
import { symbolCommand } from './commands/symbol.ts';
import { targetsCommand } from './commands/targets.ts';

/** All there are: each owns its options, its help and what it does. */
export const COMMANDS: readonly Command[] = [
  indexCommand,
  checkCommand,
  opsCommand,
  implementationsCommand,
  callersCommand,
  targetsCommand,
  pathCommand,
  rootsCommand,
  mapCommand,
  symbolCommand,
  referencesCommand,
  backtraceCommand,
  patchCommand,
  dumpCommand,
  lspCommand,
];
