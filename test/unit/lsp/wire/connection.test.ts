import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { streamConnection } from '../../../../server/src/lsp/wire/connection.ts';

/** A connection whose other end is the test. */
function connected() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ended = new Promise<string>((resolve) => {
    const connection = streamConnection(input, output, {
      end: (wasAsked) => resolve(wasAsked ? 'asked' : 'unasked'),
      broken: (why) => resolve(why),
    });
    connection.onRequest('kerntrail/echo', (params) => params);
    connection.onInitialize(() => ({ capabilities: {} }));
    connection.onShutdown(() => {});
    connection.listen();
  });
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    input.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  // head and body of a message come one by one
  const answer = (): Promise<string> =>
    new Promise((resolve) => {
      output.on('data', (bytes: Buffer) => {
        if (bytes.includes('{')) resolve(bytes.toString());
      });
    });
  return { input, send, answer, ended };
}

const INITIALIZE = { id: 0, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } };

test('a message that no handler may see is answered with what is wrong', async () => {
  const { send, answer } = connected();
  const found = answer();
  send({ id: 1, method: 'textDocument/hover', params: { textDocument: {} } });
  expect(await found).toMatch(/"code":-32602.*textDocument\.uri must be a string/);
});

test('an end without a shutdown, and one after it', async () => {
  const rude = connected();
  rude.input.end();
  expect(await rude.ended).toBe('unasked');
  const polite = connected();
  const first = polite.answer();
  polite.send(INITIALIZE);
  await first;
  const second = polite.answer();
  polite.send({ id: 1, method: 'shutdown' });
  await second;
  polite.input.end();
  expect(await polite.ended).toBe('asked');
});
