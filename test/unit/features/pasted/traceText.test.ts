import { expect, test } from 'vitest';
import { traceText } from '../../../../server/src/features/pasted/traceText.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { OOPS, pipes } from '../../support/pipes.ts';

const { requestOf, lineOf } = await pipes();
const textOf = (text: string, stacks: number[] | null, markdown: boolean): string =>
  toEnd(traceText(requestOf(text), stacks, markdown));

test('text keeps the lines of the stack and adds places, a line of its own for what was inlined', () => {
  const text = textOf(OOPS, null, false);
  expect(text).toContain(` pipe_flush+0x12/0x20 (${lineOf('flush-line')})`);
  expect(text).toContain(`drain_one (${lineOf('dispatch')}) [inlined]  /* through ->drain of sink_ops; typed`);
  expect(text).toContain('? old_junk+0x1/0x2  /* not in this tree */\n');
  expect(text).toContain('<TASK>');
  expect(text).not.toContain('noise');
});

test('what is put into a quoted trace is quoted', () => {
  const quoted = OOPS.replace(/^/gm, '> ');
  const line = textOf(quoted, null, false)
    .split('\n')
    .find((l) => l.includes('[inlined]'));
  expect(line).toMatch(/^>\s+drain_one /);
});

test('a place that the trace prints itself is not repeated', () => {
  const where = lineOf('sync-line');
  const text = textOf(`Call Trace:\n pipe_flush+0x12/0x20\n pipe_sync+0x9/0x20 ${where}\n`, null, false);
  expect(text.split(where)).toHaveLength(2);
});

test('Markdown lists the rows below the title, whose signs are escaped', () => {
  const markdown = textOf(OOPS, [0], true);
  expect(markdown).toMatch(/^\*\*BUG: unable to handle page fault/);
  expect(markdown).toContain(`- \`drain_one\` at \`${lineOf('dispatch')}\`, inlined — through ->drain of sink_ops`);
  expect(markdown).toContain('- ? `old_junk` — not in this tree');
  expect(textOf('Call Trace:\n pipe_flush+0x1/0x9\n', null, true)).toMatch(/^\*\*pipe\\_flush\*\*/);
});

test('stacks that the text has not are left out, and more than a hundred are counted', () => {
  expect(textOf(OOPS, [7], true)).toBe('');
  const stack = 'Call Trace:\n elsewhere+0x1/0x9\n\n';
  expect(textOf(stack.repeat(102), null, true)).toMatch(/\n\n… and 2 more stacks\.\n$/);
});
