/** `kerntrail`: the editor's questions from a shell. */
import { outputProblem, say, sayLines } from './output.ts';
import { runCli } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `kerntrail dump ops | head` closes the pipe early: no fault of anybody's
  if (error.code === 'EPIPE') process.exit(0);
  say(outputProblem(error));
  process.exit(2);
});

// nobody is left to tell
process.stderr.on('error', () => {});

runCli(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    say(error.message);
    if (process.env.KERNTRAIL_DEBUG) sayLines((error.stack ?? '').split('\n'));
    process.exitCode = 2;
  },
);
