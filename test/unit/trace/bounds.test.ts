import { describe, expect, test } from 'vitest';
import { traceFolding, traceSymbols } from '../../../server/src/features/pasted/traceOutline.ts';
import { stackList } from '../../../server/src/features/pasted/traceTree.ts';
import { newAssembly } from '../../../server/src/trace/channel.ts';
import { parsePatch } from '../../../server/src/trace/mail/patch.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import { newPastedText } from '../../../server/src/trace/pastedText.ts';
import { addFrame, addPlace, hasChain, hasPlaceIn } from '../../../server/src/trace/stacks.ts';
import type { Frame } from '../../../server/src/trace/types.ts';
import { workOf } from './support.ts';

const trace = (frames: number): string => `Call Trace:\n${' a+0x1/0x2\n'.repeat(frames)}`;

describe('a trace that is too long', () => {
  const long = newPastedText(trace(201_000));

  test('is read up to a bound, and says where that is', () => {
    const { stacks, problems, lines, cut } = long.trace();
    expect(stacks[0].frames).toHaveLength(200_000);
    expect([lines, cut]).toEqual([201_001, 200_002]);
    expect(problems.at(-1)).toEqual({
      line: 200_002,
      message: expect.stringContaining('Cut out the part that matters'),
    });
  });

  test('has an outline, folding and a list of an end', () => {
    const [stack, rest] = traceSymbols(long);
    expect(stack.children?.length).toBeLessThan(20_001);
    expect([rest.name, rest.detail]).toEqual(['The rest is not listed', 'nothing was read from line 200002 on']);
    expect(stackList(long).stacks.map((s) => s.title)).toEqual(['a … a', 'The text is read up to line 200001']);
  });

  test('of very many stacks, too', () => {
    const text = newPastedText('Call Trace:\n a+0x1/0x2\n b+0x1/0x2\n'.repeat(25_000));
    expect(traceSymbols(text)).toHaveLength(20_001);
    expect(traceFolding(text)).toHaveLength(20_000);
    const { stacks, merged } = stackList(text);
    expect(stacks).toHaveLength(5001);
    expect(merged[0].stacks).toHaveLength(5000);
  });

  test('an ordinary one says nothing of it', () => {
    const text = newPastedText(trace(500));
    expect(text.trace()).toMatchObject({ problems: [], cut: null });
    expect(traceSymbols(text)).toHaveLength(1);
    expect(stackList(text).stacks).toHaveLength(1);
  });
});

describe('what a stack knows of its frames', () => {
  const frame = (kind: Frame['kind'], name: string): Frame => ({
    ...parseTrace('Call Trace:\n a+0x1/0x2\n').stacks[0].frames[0],
    ...{ kind, function: name, text: name },
  });

  test('goes with the stack', () => {
    const assembly = newAssembly();
    addPlace(assembly, '', frame('place', 'here'));
    addFrame(assembly, '', frame('pc', 'there'), null);
    expect([hasChain(assembly, ''), hasPlaceIn(assembly, '', 'there'), hasPlaceIn(assembly, '', 'here')]).toEqual([
      ...[false, true, false],
    ]);
    addFrame(assembly, '', frame('call', 'caller'), null);
    expect(hasChain(assembly, '')).toBe(true);
    addFrame(assembly, '', frame('pc', 'other'), 'gdb');
    expect([hasChain(assembly, ''), hasPlaceIn(assembly, '', 'there')]).toEqual([false, false]);
  });

  test('is not asked of each of them for each line', () => {
    // no string is searched there: the frames' kinds are counted by how often they are read
    let reads = 0;
    const counting = (n: number): Frame => {
      const plain = frame('place', `g${n}`);
      return Object.defineProperty({ ...plain }, 'kind', {
        get() {
          reads++;
          return 'place';
        },
      });
    };
    const assembly = newAssembly();
    for (let n = 0; n < 2000; n++) addPlace(assembly, '', counting(n));
    expect(reads).toBeLessThan(20 * 2000);
  });
});

test('a patch of very many files and hunks is read up to a bound', () => {
  const hunks = (n: number) => `--- a/x.c\n+++ b/x.c\n${'@@ -1,2 +1,2 @@\n a\n-b\n+c\n'.repeat(n)}`;
  const { patches, problems } = parsePatch(hunks(45_000));
  expect(patches[0].files[0].hunks).toHaveLength(39_999);
  expect(problems).toEqual([{ line: 159_999, message: expect.stringContaining('Give it in parts') }]);
  expect(parsePatch(hunks(100)).problems).toEqual([]);
  expect(workOf(() => parsePatch(hunks(400)))).toBeLessThan(5 * workOf(() => parsePatch(hunks(100))));
});

test('of damaged hunks some are listed', () => {
  const text = `--- a/x.c\n+++ b/x.c\n${'@@ -1,9 +1,9 @@\n a\n-b\n'.repeat(500)}`;
  expect(parsePatch(text).problems).toHaveLength(100);
});
