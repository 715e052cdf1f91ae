import { expect, test } from 'vitest';
import type { TraceModel } from '../../../../client/src/backtrace/traceModel.ts';
import { newTraceNodes, rowNode, type TraceNode } from '../../../../client/src/backtrace/traceNodes.ts';
import { bareItems, stackList } from '../../../../server/src/features/pasted/traceTree.ts';
import { newPastedText } from '../../../../server/src/trace/pastedText.ts';

const TEXT = 'Call Trace:\n a+0x1/0x10\n ? b+0x1/0x10\n c+0x1/0x10\n\nCall Trace:\n a+0x1/0x10\n d+0x1/0x10\n';

function nodesOf(text: string, remark: string | null = null) {
  const pasted = newPastedText(text);
  const list = stackList(pasted);
  const model = { stacks: () => list, rows: async (n: number) => bareItems(pasted, n), remark: () => remark };
  const shown = { merged: false, hidden: { unreliable: false, inferred: false } };
  const nodes = newTraceNodes(model as unknown as TraceModel, () => shown);
  const names = (of: TraceNode[]) => of.map((n) => (n.kind === 'row' ? n.row.function : n.kind));
  return { nodes, shown, names };
}

test('nodes stay the same until they are forgotten: all, or the rows alone', async () => {
  const { nodes } = nodesOf(TEXT);
  const [first] = await nodes.children(undefined);
  const [row] = await nodes.children(first);
  expect((await nodes.children(first))[0]).toBe(row);
  nodes.forget('rows');
  expect((await nodes.children(undefined))[0]).toBe(first);
  expect((await nodes.children(first))[0]).not.toBe(row);
  nodes.forget('all');
  expect((await nodes.children(undefined))[0]).not.toBe(first);
});

test('rows that are left out, and a remark in front of the rest', async () => {
  const { nodes, shown, names } = nodesOf(TEXT, 'another version');
  const [first] = await nodes.children(undefined);
  expect(names(await nodes.children(first))).toEqual(['remark', 'a', 'b', 'c']);
  shown.hidden.unreliable = true;
  expect(names(await nodes.children(first))).toEqual(['remark', 'a', 'c']);
});

test('the node of a row, also below what stacks share; none for a row that is left out', async () => {
  const { nodes, shown } = nodesOf(TEXT);
  const find = async (stack: number, row: number) => {
    const node = await rowNode(await nodes.children(undefined), { stack, row }, nodes.children);
    return node?.kind === 'row' ? node.row.function : null;
  };
  expect(await find(1, 1)).toBe('d');
  shown.merged = true;
  expect(await find(1, 1)).toBe('d');
  shown.hidden.unreliable = true;
  expect(await find(0, 1)).toBeNull();
});
