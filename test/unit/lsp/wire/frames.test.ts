import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newFrames } from '../../../../server/src/lsp/wire/frames.ts';

const framed = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const good = (n: number): string => framed(JSON.stringify({ n, text: 'é\r\n\r\nContent-Length: 4\r\n\r\n' }));

/** What a reader makes of a text that comes in pieces. */
function read(text: string, piece = text.length): { numbers: unknown[]; faults: string[]; broken: string[] } {
  const out = { numbers: [] as unknown[], faults: [] as string[], broken: [] as string[] };
  const push = newFrames({
    message: (value) => out.numbers.push((value as { n?: unknown } | null)?.n ?? value),
    fault: (why) => out.faults.push(why),
    broken: (why) => out.broken.push(why),
  });
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += piece) push(bytes.subarray(at, at + piece));
  return out;
}

test('messages come whole out of pieces of any size', () => {
  const text = [1, 2, 3].map(good).join('');
  for (const piece of [1, 2, 3, 7, 50, 1000])
    expect(read(text, piece)).toEqual({ numbers: [1, 2, 3], faults: [], broken: [] });
  expect(read(`Content-Type: x; charset=utf-8\r\ncontent-length:  6 \r\n\r\n{"n":4`, 5).faults).toHaveLength(1);
  expect(read(`content-length: 7\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n{"n":4}`, 5).numbers).toEqual([4]);
});

test.each([
  ['no JSON', 'Content-Length: 12\r\n\r\n{"jsonrpc":}', 'no JSON'],
  ['an empty body', 'Content-Length: 0\r\n\r\n', 'no JSON'],
  ['no length', 'Content-Type: x\r\n\r\n', 'has no Content-Length'],
  ['no header', 'garbage\r\n\r\n', 'has no Content-Length'],
  ['no number', 'Content-Length: abc\r\n\r\n', 'no number of bytes'],
  ['a negative length', 'Content-Length: -5\r\n\r\n', 'no number of bytes'],
  ['a length that is too small', 'Content-Length: 12\r\n\r\n{"jsonrpc": }', 'no JSON'],
  ['a length that is too large', 'Content-Length: 100\r\n\r\n{"n":1}', 'A message is'],
  ['a length that is much too large', 'Content-Length: 100000\r\n\r\n{"n":1}', 'shorter than its Content-Length'],
])('%s is told, and what follows is read', (_, text, why) => {
  for (const piece of [1, 3, 64, 5000]) {
    const { numbers, faults, broken } = read(`${good(1)}${text}${good(2)}${good(3)}`, piece);
    expect(numbers, `pieces of ${piece}`).toEqual([1, 2, 3]);
    expect(faults.join()).toContain(why);
    expect(broken).toEqual([]);
  }
});

test('what no reader can make sense of ends it, with a reason', () => {
  expect(read('Content-Length: 99999999999999\r\n\r\n').broken).toEqual([
    expect.stringContaining('256 MB are the most'),
  ]);
  expect(read('x'.repeat(70_000), 1000).broken).toEqual([expect.stringContaining('64 KB came without a header')]);
  expect(read(`Content-Length: 99999999999999\r\n\r\n${good(1)}`).numbers).toEqual([]);
});

test('nothing that comes in ends a reader, or loses a later message', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (noise, piece) => {
      const { numbers } = read(`${noise}\r\n\r\n${good(1)}${good(2)}`, piece);
      return numbers.at(-1) === 2;
    }),
  );
});
