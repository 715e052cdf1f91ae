import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DocumentSymbol, MarkupContent } from 'vscode-languageserver';
import { hunkLenses } from '../../../../server/src/features/pasted/patchView.ts';
import { newPastedRequest, type PastedRequest } from '../../../../server/src/features/pasted/request.ts';
import {
  resolveTraceLink,
  traceDefinition,
  traceLinks,
} from '../../../../server/src/features/pasted/traceDefinition.ts';
import { traceHover } from '../../../../server/src/features/pasted/traceHover.ts';
import { traceFolding, traceSymbols } from '../../../../server/src/features/pasted/traceOutline.ts';
import { traceText } from '../../../../server/src/features/pasted/traceText.ts';
import { frameItems, stackList } from '../../../../server/src/features/pasted/traceTree.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import type { SharedRun } from '../../../../server/src/trace/merge.ts';
import { looksLikeTrace, newPastedText, pointedAt } from '../../../../server/src/trace/pastedText.ts';
import { askIn, type IndexedTree, indexTree, marked, placesOf } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/pipe.h
struct pipe { int depth; struct pipe_operations *ops; };
struct pipe_operations {
	int (*drain)(struct pipe *pipe);
	//    ^drain
};
int pipe_flush(struct pipe *pipe);

//@ fs/pipes.c
#include <linux/pipe.h>
static inline int drain_one(struct pipe *pipe)
//                ^drain_one
{
	return pipe->ops->drain(pipe);
	// ^dispatch
}
int pipe_flush(struct pipe *pipe)
//  ^pipe_flush
{
	if (!pipe)
		return 0;
	return drain_one(pipe) + 1;
	// ^flush-line
}
int pipe_sync(struct pipe *pipe)
//  ^pipe_sync
{
	int err;

	err = pipe_flush(pipe);
	// ^sync-line
	return err ? err : 1;
}

//@ drivers/wet/sink.c
#include <linux/pipe.h>
static int sink_drain(struct pipe *pipe)
//         ^sink_drain
{
	pipe->depth = 0;
	return pipe->depth;
}
static struct pipe_operations sink_ops = { .drain = sink_drain };
//                            ^sink_ops
`);
});

const requestOf = (text: string): PastedRequest => newPastedRequest(newPastedText(text), askIn(tree, ''));
/** Line (1-based) and column (0-based) in the middle of the first occurrence of a word. */
const at = (text: string, word: string): [number, number] => {
  const offset = text.indexOf(word);
  const before = text.slice(0, offset).split('\n');
  return [before.length, before[before.length - 1].length + 1];
};
const hoverOf = (text: string, word: string): string =>
  (traceHover(requestOf(text), ...at(text, word))?.contents as MarkupContent | undefined)?.value ?? '';
const definitionOf = (text: string, word: string): string[] =>
  placesOf(tree, traceDefinition(requestOf(text), ...at(text, word)));
const lineOfMark = (name: string): string => `${tree.at(name).file}:${tree.at(name).line}`;

const OOPS = `some noise
[    1.000001] BUG: unable to handle page fault for address: 0000000000000010
[    1.000002] RIP: 0010:sink_drain+0x4/0x10 [sink]
[    1.000003] Call Trace:
[    1.000004]  <TASK>
[    1.000005]  pipe_flush+0x12/0x20
[    1.000006]  ? old_junk+0x1/0x2
[    1.000007]  pipe_sync+0x9/0x20
[    1.000008]  </TASK>
`;

describe('frames', () => {
  test('hover tells the signature, the line, the dispatch with its evidence, and the caller', () => {
    const text = hoverOf(OOPS, 'pipe_flush');
    expect(text).toContain('int pipe_flush(struct pipe *pipe)');
    expect(text).toContain(`[${lineOfMark('flush-line')}]`);
    expect(text).toMatch(/Calls `sink_drain` at .*through -\\>drain of sink\\_ops _\(typed/);
    expect(text).toMatch(/Inlined here, as far as the source tells:\n- `drain_one`/);
    expect(text).toMatch(/Reached from `pipe_sync`/);
  });

  test('hover of a frame that the kernel does not vouch for, and that the tree lacks', () => {
    const text = hoverOf(OOPS, 'old_junk');
    expect(text).toContain('**old\\_junk**');
    expect(text).toContain('left over from an earlier call');
    expect(text).toMatch(/no .*tree|not in this tree/i);
  });

  test('a name leads to its function, an offset to the line that executes', () => {
    expect(definitionOf(OOPS, 'pipe_sync')).toEqual(marked(tree, 'pipe_sync'));
    expect(definitionOf(OOPS, '+0x9/0x20')).toEqual([`${lineOfMark('sync-line')}:1`]);
    expect(definitionOf(OOPS, 'noise')).toEqual([]);
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

  test('the view: rows innermost first, what was inlined above its frame, edges on the row that takes them', () => {
    const request = requestOf(OOPS);
    const rows = frameItems(request, 0).map((r) => [r.function, r.inlined, r.where, r.edge, r.evidence]);
    expect(rows).toEqual([
      ['sink_drain', false, lineOfMark('sink_drain'), '', ''],
      ['drain_one', true, lineOfMark('dispatch'), 'through ->drain of sink_ops', expect.stringContaining('typed')],
      ['pipe_flush', false, lineOfMark('flush-line'), '', ''],
      ['old_junk', false, '', '', ''],
      ['pipe_sync', false, lineOfMark('sync-line'), '', expect.any(String)],
    ]);
  });

  test('text to copy keeps the lines and adds places; Markdown lists the rows', () => {
    const request = requestOf(OOPS);
    const text = toEnd(traceText(request, null, false));
    expect(text).toContain(` pipe_flush+0x12/0x20 (${lineOfMark('flush-line')})`);
    expect(text).toContain(`drain_one (${lineOfMark('dispatch')}) [inlined]  /* through ->drain of sink_ops; typed`);
    expect(text).toContain('<TASK>');
    expect(text).not.toContain('noise');
    const markdown = toEnd(traceText(request, [0], true));
    expect(markdown).toMatch(/^\*\*BUG: unable to handle page fault/);
    expect(markdown).toContain(
      `- \`drain_one\` at \`${lineOfMark('dispatch')}\`, inlined — through ->drain of sink_ops`,
    );
    expect(toEnd(traceText(request, [7], true))).toBe('');
  });

  test('outline and folding by stack', () => {
    const text = newPastedText(`${OOPS}\n${OOPS}`);
    const symbols = traceSymbols(text);
    expect(symbols.map((s) => s.name)).toEqual([
      'BUG: unable to handle page fault for address: 0000000000000010',
      'BUG: unable to handle page fault for address: 0000000000000010',
    ]);
    expect(symbols[0].children?.map((c) => c.name)).toEqual(['sink_drain', 'pipe_flush', 'old_junk', 'pipe_sync']);
    for (const s of symbols)
      for (const c of s.children ?? []) expect(c.range.end.line).toBeLessThanOrEqual(s.range.end.line);
    expect(traceFolding(text)).toHaveLength(2);
  });
});

describe('stacks that share frames', () => {
  const stack = (...names: string[]): string => `Call Trace:\n${names.map((n) => ` ${n}+0x1/0x10\n`).join('')}\n`;
  const shape = (runs: readonly SharedRun[]): unknown[] =>
    runs.map((r) => [r.stacks, r.frames, ...(r.branches.length ? [shape(r.branches)] : [])]);

  test('become one tree that parts where they do', () => {
    const text = newPastedText(stack('a', 'b', 'c', 'x') + stack('a', 'b', 'd') + stack('q', 'b'));
    expect(shape(stackList(text).merged)).toEqual([
      [
        [0, 1],
        [0, 1],
        [
          [[0], [2, 3]],
          [[1], [2]],
        ],
      ],
      [[2], [0, 1]],
    ]);
  });

  test('a stack that ends where another goes on', () => {
    const text = newPastedText(stack('a', 'b') + stack('a', 'b', 'c'));
    expect(shape(stackList(text).merged)).toEqual([[[0, 1], [0, 1], [[[1], [2]]]]]);
  });

  test('a very deep stack is no danger', () => {
    const names = Array.from({ length: 20_000 }, (_, n) => `f${n}`);
    const [run] = stackList(newPastedText(stack(...names))).merged;
    expect(run.frames).toHaveLength(20_000);
  });
});

describe('expressions in prose', () => {
  const MAIL = `> When pipe_flush() runs, pipe->ops->drain(pipe) is called; see fs/pipes.c:3 and pipe_operations.drain.
Is ->drain() ever NULL? a struct pipe_operations like sink_ops has it.
`;

  test('each member of a chain has a meaning of its own', () => {
    expect(definitionOf(MAIL, 'drain(pipe)')).toEqual(marked(tree, 'drain'));
    expect(definitionOf(MAIL, 'ops->')[0]).toMatch(/^include\/linux\/pipe\.h:/);
    expect(hoverOf(MAIL, 'drain(pipe)')).toContain('sink_drain');
  });

  test('members by their struct and by their name alone', () => {
    const owner = 'pipe_operations.drain';
    expect(definitionOf(MAIL.replace(owner, `${owner} `), `${owner} `)).not.toEqual([]);
    expect(definitionOf('see pipe_operations.drain', 'drain')).toEqual(marked(tree, 'drain'));
    expect(definitionOf(MAIL, 'drain()')).toEqual(marked(tree, 'drain'));
    expect(hoverOf(MAIL, 'drain()')).toContain('by member name alone');
  });

  test('a member that the struct lacks is said to be gone, with those of a name like it', () => {
    const gone = 'pipe_flush() calls pipe->ops->drain_all(pipe)';
    expect(hoverOf(gone, 'drain_all')).toMatch(/pipe_operations.* has no member `drain_all` in this tree/);
    expect(hoverOf(gone, 'drain_all')).toMatch(/name like it: \[`drain`\]/);
    expect(definitionOf(gone, 'drain_all')[0]).toMatch(/^include\/linux\/pipe\.h:/);
  });

  test('a bare call of what is no function means the member', () => {
    expect(definitionOf('then drain() runs', 'drain')).toEqual(marked(tree, 'drain'));
  });

  test('calls, tables, files', () => {
    expect(definitionOf(MAIL, 'pipe_flush()')).toEqual(marked(tree, 'pipe_flush'));
    expect(definitionOf(MAIL, 'sink_ops')).toEqual(marked(tree, 'sink_ops'));
    expect(definitionOf(MAIL, 'fs/pipes.c')).toEqual(['fs/pipes.c:3:1']);
    expect(definitionOf('in /build/x/fs/pipes.c:4', 'pipes')).toEqual(['fs/pipes.c:4:1']);
    expect(definitionOf('in fs/other.c:4', 'other')).toEqual([]);
    expect(definitionOf(MAIL, 'ever')).toEqual([]);
  });
});

describe('patches', () => {
  const PATCH = `Subject: Re: [PATCH] pipes: don't
> diff --git a/fs/pipes.c b/fs/pipes.c
> --- a/fs/pipes.c
> +++ b/fs/pipes.c
> @@ -30,4 +30,5 @@ static inline int drain_one(struct pipe *pipe)
>  	if (!pipe)
>  		return 0;
> -	return drain_one(pipe) + 1;
> +	drain_one(pipe);
> +	return 1;
>  	// ^flush-line
> @@ -90,3 +91,2 @@ int pipe_sync(struct pipe *pipe)
>  	completely();
> -	different();
>  	code();
> diff --git a/fs/gone.c b/fs/gone.c
> --- a/fs/gone.c
> +++ b/fs/gone.c
> @@ -1,2 +1,1 @@
>  a
> -b
`;

  test('a line of a hunk leads to its place, found by content', () => {
    expect(definitionOf(PATCH, '-	return drain_one')).toEqual([`${lineOfMark('flush-line')}:1`]);
    expect(definitionOf(PATCH, '@@ -30')).toEqual([`${lineOfMark('flush-line')}:1`]);
    expect(hoverOf(PATCH, '@@ -30')).toMatch(/applies \d+ lines further up/);
  });

  test('what conflicts leads to the function that the header names, a missing file nowhere', () => {
    expect(hoverOf(PATCH, '@@ -90')).toContain('conflicts');
    expect(definitionOf(PATCH, '@@ -90')[0]).toMatch(`${lineOfMark('pipe_sync').split(':')[0]}:`);
    expect(hoverOf(PATCH, '@@ -1,2')).toContain('this tree has no such file');
    expect(definitionOf(PATCH, '@@ -1,2')).toEqual([]);
  });

  test('a CodeLens over each hunk tells what became of it', () => {
    const request = requestOf(PATCH);
    const lenses = hunkLenses(request.patches, (place) => ({ command: 'open', arguments: [place.line] }));
    expect(lenses.map((l) => [l.range.start.line, l.command?.title.replace(/\d+/, 'N'), l.command?.command])).toEqual([
      [4, expect.stringMatching(/^applies N lines further up/), 'open'],
      [11, expect.stringMatching(/^conflicts/), 'open'],
      [18, 'this tree has no such file', ''],
    ]);
    expect(lenses[0].command?.arguments).toEqual([tree.at('flush-line').line]);
  });

  test('links on headers, outline by file', () => {
    const request = requestOf(PATCH);
    const targets = traceLinks(request).map((l) => resolveTraceLink(request, l, l.data).target !== undefined);
    expect(targets).toEqual([true, true, false]);
    expect(traceSymbols(request.text).map((s) => [s.name, s.children?.length])).toEqual([
      ['fs/pipes.c', 2],
      ['fs/gone.c', 1],
    ]);
    expect(traceFolding(request.text).length).toBeGreaterThanOrEqual(4);
  });
});

describe('recognition', () => {
  test('traces and patch mails are, prose and source are not', () => {
    expect(looksLikeTrace(OOPS)).toBe(true);
    expect(looksLikeTrace('> @@ -1,1 +1,1 @@\n')).toBe(false);
    expect(looksLikeTrace('We call vfs_read() in fs/read_write.c:12, twice.\n')).toBe(false);
    expect(looksLikeTrace(tree.files.get('fs/pipes.c') ?? '')).toBe(false);
    expect(looksLikeTrace('')).toBe(false);
  });

  test('every sample is', () => {
    const samples = new URL('../../../../samples/', import.meta.url).pathname;
    for (const name of ['backtraces/gdb-three-ways.txt', 'backtraces/mail-quoted.txt', 'patches/ext4-readahead.eml'])
      expect(looksLikeTrace(readFileSync(join(samples, name), 'utf8'))).toBe(true);
  });

  test('nothing is pointed at in an empty or binary text', () => {
    for (const text of ['', '\0\x01\x02', '\n\n'])
      for (const line of [1, 2, 99]) expect(pointedAt(newPastedText(text), line, 3)).toBeNull();
  });
});

describe('any text', () => {
  const samples = new URL('../../../../samples/', import.meta.url).pathname;
  const texts = ['backtraces', 'patches'].flatMap((folder) =>
    readdirSync(join(samples, folder)).map((name) => readFileSync(join(samples, folder, name), 'utf8')),
  );
  const cut = texts.flatMap((t) => [
    t,
    t.slice(0, t.length / 3),
    t.replace(/\n/g, ' '),
    t.slice(101).replace(/0x/g, ''),
  ]);

  test('has answers at every place, and none that lies outside of its line', () => {
    for (const text of cut) {
      const request = requestOf(text);
      const { lines } = request.text;
      for (let line = 1; line <= lines.length + 1; line += 3)
        for (let character = 0; character < 120; character += 17) {
          const range = traceHover(request, line, character)?.range;
          if (range) {
            expect(range.start.line).toBe(line - 1);
            expect(range.end.character).toBeLessThanOrEqual(lines[line - 1].length);
          }
          for (const l of traceDefinition(request, line, character)) expect(l.uri).toMatch(/^file:/);
        }
      for (const l of traceLinks(request))
        expect(l.range.end.character).toBeLessThanOrEqual(lines[l.range.start.line].length);
      for (const f of traceFolding(request.text)) expect(f.endLine).toBeLessThan(lines.length);
      const check = (symbols: readonly DocumentSymbol[], last: number): void => {
        for (const s of symbols) {
          expect(s.name).not.toBe('');
          expect(s.range.end.line).toBeLessThanOrEqual(last);
          expect(s.selectionRange.start.line).toBeGreaterThanOrEqual(s.range.start.line);
          check(s.children ?? [], s.range.end.line);
        }
      };
      check(traceSymbols(request.text), lines.length - 1);
      expect(toEnd(traceText(request, null, true))).toBeTypeOf('string');
    }
  });
});
