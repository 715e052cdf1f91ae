import { beforeAll, expect, test } from 'vitest';
import { resolveStack } from '../../../../server/src/backtrace/backtrace.ts';
import { newTraceContext } from '../../../../server/src/backtrace/resolvedTrace.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ mm/gears.c
static int gear_check(int n)
{
	return n + 1;
}
int gear_turn(int n)
{
	int m = gear_check(n);

	BUG_ON(m);
	return m;
}
int gear_run(int n)
{
	return gear_turn(n);
}
`);
});

function resolved(text: string) {
  const trace = parseTrace(text);
  const context = newTraceContext({ index: tree.index, architecture: 'x86' }, trace);
  return trace.stacks.flatMap((s) => resolveStack(context, s).frames);
}

test("the line of a BUG's header is the one that executes", () => {
  const report = (line: number) => `kernel BUG at mm/gears.c:${line}!
RIP: 0010:gear_turn+0x72/0x80
Call Trace:
 gear_run+0xcd/0x1d0
`;
  expect(resolved(report(9))[0]).toMatchObject({ call: { file: 'mm/gears.c', line: 9 }, note: null });
  const [moved] = resolved(report(14));
  expect(moved).toMatchObject({ call: null, note: { kind: 'moved-line', printed: 14 } });
});

test('what a note says was inlined', () => {
  const frames = resolved(`PID: 77   TASK: ffff888104a50000  CPU: 2   COMMAND: "mill"
 #0 [ffffc90001b3bd68] gear_turn+25 at ffffffff81c13619
((inlined by) gear_check at
/home/user/mill/mm/gears.c:3)
 #1 [ffffc90001b3bf10] gear_run+279 at ffffffff810b9167
`);
  expect(frames[0].inlined).toEqual([{ function: 'gear_check', file: 'mm/gears.c', line: 3 }]);
});

test('the padding in front of a function is shown as the function, with a word about it', () => {
  const [frame] = resolved('Call Trace:\n ? __pfx_gear_turn+0x10/0x10\n');
  expect(frame).toMatchObject({ definition: { name: 'gear_turn', line: 5 }, note: { kind: 'in-front' } });
});
