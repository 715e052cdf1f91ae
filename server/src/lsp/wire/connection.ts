/** The wire to an editor: messages are checked before any handler sees them, and what is none ends nothing. */
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import {
  type Connection,
  createConnection,
  Emitter,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  type Message,
  type MessageReader,
  type MessageWriter,
  ProposedFeatures,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { newFrames } from './frames.ts';
import { type Refusal, refusalOf } from './messages.ts';

/** What a process does at the end of its input. */
export interface Ending {
  /** after a shutdown, or without */
  end(wasAsked: boolean): void;
  /** the input can't be read any further: why */
  broken(why: string): void;
}

const ENDING: Ending = {
  end: (wasAsked) => process.exit(wasAsked ? 0 : 1),
  broken(why) {
    process.stderr.write(`kerntrail: ${why} The server ends here: start it again.\n`);
    process.exit(1);
  },
};

/** A connection over what the command line names: `--node-ipc`, `--socket=N`, `--pipe=NAME`; else standard input and output. */
export function openConnection(args: readonly string[]): Connection {
  if (args.includes('--node-ipc')) {
    let wasAsked = false;
    // nobody is left to ask: the library looks for its parent only where the editor names one
    process.on('disconnect', () => ENDING.end(wasAsked));
    return checkedConnection(new IPCMessageReader(process), new IPCMessageWriter(process), () => {
      wasAsked = true;
    });
  }
  const port = Number(optionOf(args, '--socket'));
  const pipe = optionOf(args, '--pipe');
  if (port || pipe) {
    const socket = port ? connect(port, '127.0.0.1') : connect(pipe as string);
    return streamConnection(socket, socket, ENDING);
  }
  // whatever a package prints must not stand between messages
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  return streamConnection(process.stdin, process.stdout, ENDING);
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((a) => a === name || a.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return args[at] === name ? args[at + 1] : args[at].slice(name.length + 1);
}

/** A connection over two streams. */
export function streamConnection(input: Readable, output: Writable, ending: Ending): Connection {
  const writer = new StreamMessageWriter(output);
  let wasAsked = false;
  const reader = streamReader(input, writer, {
    end: () => ending.end(wasAsked),
    broken: ending.broken,
  });
  return checkedConnection(reader, writer, () => {
    wasAsked = true;
  });
}

/** The part of a reader that only tells of its end; the library asks for the rest, too. */
function streamReader(
  input: Readable,
  writer: MessageWriter,
  ending: { end(): void; broken(why: string): void },
): MessageReader {
  const errors = new Emitter<Error>();
  const closed = new Emitter<void>();
  const never = new Emitter<never>();
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    closed.fire();
    ending.end();
  };
  const parseError = (message: string) => refuse(writer, { id: null, code: ErrorCodes.ParseError, message });
  return {
    onError: errors.event,
    onClose: closed.event,
    onPartialMessage: never.event,
    listen(callback) {
      const push = newFrames({
        message: (value) => callback(value as Message),
        fault: (why) => void parseError(why),
        broken: (why) => void parseError(why).then(() => ending.broken(why)),
      });
      input.on('data', push);
      input.on('error', (error) => errors.fire(error));
      input.on('end', over);
      input.on('close', over);
      return { dispose: () => input.off('data', push) };
    },
    dispose() {
      for (const emitter of [errors, closed, never]) emitter.dispose();
    },
  };
}

function checkedConnection(reader: MessageReader, writer: MessageWriter, shutdown: () => void): Connection {
  const checked: MessageReader = {
    onError: reader.onError,
    onClose: reader.onClose,
    onPartialMessage: reader.onPartialMessage,
    listen: (callback) =>
      reader.listen((message) => {
        const refusal = refusalOf(message);
        if (refusal) {
          void refuse(writer, refusal);
          return;
        }
        if ((message as { method?: string }).method === 'shutdown') shutdown();
        callback(message);
      }),
    dispose: () => reader.dispose(),
  };
  return createConnection(ProposedFeatures.all, checked, writer);
}

const WARNING = 2;

/** Answers a request with an error; of a notification, which has no answer, the editor's log is told. Never fails. */
async function refuse(writer: MessageWriter, { id, code, message }: Refusal): Promise<void> {
  const isNotification = id === null && code === ErrorCodes.InvalidParams;
  const answer = isNotification
    ? { jsonrpc: '2.0', method: 'window/logMessage', params: { type: WARNING, message } }
    : { jsonrpc: '2.0', id, error: { code, message } };
  try {
    await writer.write(answer);
  } catch {
    // nobody is there any more: the end of the input will tell
  }
}

/**
 * The last resort: what nobody has caught is told to the editor and to standard error, and the server goes on. Each is a
 * fault of ours, as whoever starts something has to own its end.
 */
export function surviveFaults(connection: Connection): void {
  const report = (kind: string) => (error: unknown) => {
    const text = `${kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    process.stderr.write(`kerntrail: ${text}\n`);
    connection.console.error(text);
  };
  process.on('uncaughtException', report('uncaught'));
  process.on('unhandledRejection', report('unhandled'));
}
