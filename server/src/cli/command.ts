/** What a command is: how it is called, what its help says, and what it does. */
import type { Context } from './context.ts';
import type { Given, Options } from './options.ts';

/** A row of the table of commands. An option of a command's own stands in its row, and is read where it is used. */
export interface Command {
  name: string;
  /** Its answer goes to standard output; gives the exit code. `given` are its options, the common ones included. */
  run(context: Context, args: string[], given: Given): Promise<number>;
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
