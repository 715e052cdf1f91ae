import { expect, test } from 'vitest';
import { calleeOf, decodedFrame, hexAt, offsetFrames, rawFrame } from '../../../../server/src/trace/formats/frames.ts';
import { cleanLine } from '../../../../server/src/trace/lines/clean.ts';

const segment = (line: string) => cleanLine(line)[0];
const one = (line: string) => offsetFrames(segment(line), 1).map(({ frame }) => frame)[0];

test('what stands before a name decides what the line means', () => {
  for (const [line, kind, reliable] of [
    [' pipe_flush+0x1/0x20', 'call', true],
    [' ? pipe_flush+0x1/0x20', 'call', false],
    ['RIP: 0010:pipe_flush+0x1/0x20', 'pc', true],
    ['LR is at pipe_flush+0x1/0x20', 'lr', true],
    ['TPC: <pipe_flush+0x1/0x20>', 'pc', true],
    ['I7: <pipe_flush+0x1/0x20>', 'lr', true],
    ['BUG: KASAN: bad access in pipe_flush+0x1/0x20', 'place', true],
  ] as const)
    expect(one(line), line).toMatchObject({ kind, reliable, function: 'pipe_flush', offset: 1, size: 32 });
  expect(one('the size is x+0x1/0x20 or so')).toBeUndefined();
});

test('what stands behind it: module, remarks, sources', () => {
  expect(one(' f+0x1/0x20 [pipes 0123abcd]')).toMatchObject({ module: 'pipes', buildId: '0123abcd' });
  expect(one(' f+0x1/0x20 (unreliable)')).toMatchObject({ reliable: false });
  expect(one(' f+0x1/0x20 (include/linux/x.h:3 fs/pipes.c:12 (discriminator 2)) pipes')).toMatchObject({
    module: 'pipes',
    source: { file: 'fs/pipes.c', line: 12, discriminator: 2 },
    inlinedAt: [{ file: 'include/linux/x.h', line: 3 }],
  });
});

test("decoded frames, arm's callees, bare addresses", () => {
  expect(decodedFrame(segment(' pipe_poll fs/pipes.c:52 [inline]'), 1)?.frame).toMatchObject({
    function: 'pipe_poll',
    inlined: true,
  });
  expect(decodedFrame(segment('see fs/pipes.c:52 for more'), 1)).toBeNull();
  expect(calleeOf(segment(' pipe_flush from pipe_sync+0x1/0x2'), 1)?.function).toBe('pipe_flush');
  expect(rawFrame(segment(' 0xffffffffc025f0c8'), 1)).toMatchObject({ function: '', address: 'ffffffffc025f0c8' });
  expect(hexAt('+1fz', 1)).toEqual({ value: 0x1f, end: 3 });
  expect(hexAt('z', 0)).toBeNull();
});
