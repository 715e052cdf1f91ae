import { expect, test } from 'vitest';
import {
  noPlaceText,
  resolveTraceLink,
  traceDefinition,
  traceLinks,
} from '../../../../server/src/features/pasted/traceDefinition.ts';
import { marked } from '../../support/marked.ts';
import { OOPS, PATCH, pipes, placeIn } from '../../support/pipes.ts';

const { tree, requestOf, lineOf, places } = await pipes();
const definitionOf = (text: string, word: string): string[] =>
  places(traceDefinition(requestOf(text), ...placeIn(text, word)));

const MAIL = `> When pipe_flush() runs, pipe->ops->drain(pipe) is called; see fs/pipes.c:3 and pipe_operations.drain.
Is ->drain() ever NULL? a struct pipe_operations like sink_ops has it.
`;

test('a name leads to its function, an offset to the line that executes', () => {
  expect(definitionOf(OOPS, 'pipe_sync')).toEqual(marked(tree, 'pipe_sync'));
  expect(definitionOf(OOPS, '+0x9/0x20')).toEqual([`${lineOf('sync-line')}:1`]);
  expect(definitionOf(OOPS, 'noise')).toEqual([]);
});

test('each member of a chain in prose leads to its own place', () => {
  expect(definitionOf(MAIL, 'drain(pipe)')).toEqual(marked(tree, 'drain'));
  expect(definitionOf(MAIL, 'ops->')[0]).toMatch(/^include\/linux\/pipe\.h:/);
});

test('members are found by their struct, by their name alone, and as a bare call of what is no function', () => {
  const owner = 'pipe_operations.drain';
  expect(definitionOf(MAIL.replace(owner, `${owner} `), `${owner} `)).not.toEqual([]);
  expect(definitionOf('see pipe_operations.drain', 'drain')).toEqual(marked(tree, 'drain'));
  expect(definitionOf(MAIL, 'drain()')).toEqual(marked(tree, 'drain'));
  expect(definitionOf('then drain() runs', 'drain')).toEqual(marked(tree, 'drain'));
});

test('a member that the struct lacks leads to the struct', () => {
  const gone = 'pipe_flush() calls pipe->ops->drain_all(pipe)';
  expect(definitionOf(gone, 'drain_all')[0]).toMatch(/^include\/linux\/pipe\.h:/);
});

test('calls, tables and files that prose names lead to them, other words nowhere', () => {
  expect(definitionOf(MAIL, 'pipe_flush()')).toEqual(marked(tree, 'pipe_flush'));
  expect(definitionOf(MAIL, 'sink_ops')).toEqual(marked(tree, 'sink_ops'));
  expect(definitionOf(MAIL, 'fs/pipes.c')).toEqual(['fs/pipes.c:3:1']);
  expect(definitionOf('in /build/x/fs/pipes.c:4', 'pipes')).toEqual(['fs/pipes.c:4:1']);
  expect(definitionOf('in fs/other.c:4', 'other')).toEqual([]);
  expect(definitionOf(MAIL, 'ever')).toEqual([]);
});

test('a line of a hunk leads to its place, found by content', () => {
  expect(definitionOf(PATCH, '-	return drain_one')).toEqual([`${lineOf('flush-line')}:1`]);
  expect(definitionOf(PATCH, '@@ -30')).toEqual([`${lineOf('flush-line')}:1`]);
});

test('a hunk that conflicts leads to the function that its header names, one of a missing file nowhere', () => {
  expect(definitionOf(PATCH, '@@ -90')).toEqual([`${lineOf('pipe_sync')}:1`]);
  expect(definitionOf(PATCH, '@@ -1,2')).toEqual([]);
});

test('links are on offsets, places and, without these, on what stands before the name', () => {
  const text = `${OOPS}
#1  0xffffffff81000000 in pipe_sync (pipe=0x1) at ../fs/pipes.c:19

           a-1     [000] d..1.  1.0: <stack trace>
 => pipe_flush
 => pipe_sync
`;
  const request = requestOf(text);
  const links = traceLinks(request).map((l) => ({
    text: request.text.lines[l.range.start.line].slice(l.range.start.character, l.range.end.character),
    target: resolveTraceLink(request, l, l.data).target?.slice(`file://${tree.root}/`.length),
  }));
  expect(links.map((l) => l.text)).toEqual(['+0x4/0x10', '+0x12/0x20', '+0x9/0x20', '../fs/pipes.c:19', '=>', '=>']);
  expect(links[2].target).toBe(`fs/pipes.c#L${tree.at('sync-line').line}`);
});

test('links are on the headers of hunks, and lead on where the tree has the file', () => {
  const request = requestOf(PATCH);
  const targets = traceLinks(request)
    .filter((l) => l.data.line !== undefined)
    .map((l) => resolveTraceLink(request, l, l.data).target !== undefined);
  expect(targets).toEqual([true, true, false]);
});

test('files that prose names by a path of the tree are links', () => {
  const text = 'see fs/pipes.c:3, not drivers/none.c:1 or https://example.org/fs/pipes.c\n';
  const request = requestOf(text);
  const links = traceLinks(request);
  expect(links.map((l) => text.slice(l.range.start.character, l.range.end.character))).toEqual(['fs/pipes.c:3']);
  expect(resolveTraceLink(request, links[0], links[0].data).target).toMatch(/fs\/pipes\.c#L3$/);
});

test('while the index is being built, every frame is a link: it is looked for when that is followed', () => {
  const request = {
    ...requestOf('Call Trace:\n nobody_knows+0x1/0x2\n pipe_sync+0x9/0x20\n'),
    notYet: 'not indexed yet (15 %)',
  };
  const links = traceLinks(request);
  expect(links.length).toBe(2);
  expect(noPlaceText(request, links[0].data)).toBe('nobody_knows: not indexed yet (15 %)');
  expect(noPlaceText({ ...request, notYet: null }, links[0].data)).toBe('nobody_knows: not in this tree');
});
