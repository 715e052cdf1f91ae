/** `kerntrail`: the editor's questions from a shell. */
import { runCli } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `kerntrail dump ops | head` closes the pipe early: no fault of anybody's
  if (error.code === 'EPIPE') process.exit(0);
});

runCli(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`kerntrail: ${error.message}\n`);
    if (process.env.KERNTRAIL_DEBUG) process.stderr.write(`${error.stack}\n`);
    process.exitCode = 2;
  },
);
