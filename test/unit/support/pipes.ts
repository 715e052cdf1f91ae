/** Texts pasted beside a small tree of pipes: the tree on disk, since bodies and hunks are read there, its index not. */
import type { Hover, Location, MarkupContent } from 'vscode-languageserver';
import { newPastedRequest, type PastedRequest } from '../../../server/src/features/pasted/request.ts';
import { newPastedText } from '../../../server/src/trace/pastedText.ts';
import { askIn, type IndexedTree, memoryTree, placesOf, writeTree } from './marked.ts';

const PIPES = `
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
	// ^sink-line
}
static struct pipe_operations sink_ops = { .drain = sink_drain };
//                            ^sink_ops
`;

/** A report of that tree: a driver's function at the top, reached through a slot by way of an inlined function. */
export const OOPS = `some noise
[    1.000001] BUG: unable to handle page fault for address: 0000000000000010
[    1.000002] RIP: 0010:sink_drain+0x4/0x10 [sink]
[    1.000003] Call Trace:
[    1.000004]  <TASK>
[    1.000005]  pipe_flush+0x12/0x20
[    1.000006]  ? old_junk+0x1/0x2
[    1.000007]  pipe_sync+0x9/0x20
[    1.000008]  </TASK>
`;

/** A patch of that tree, quoted: a hunk that has moved, one that conflicts, a file that is not there. */
export const PATCH = `Subject: Re: [PATCH] pipes: don't
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

/** The tree, and what is asked in a text that was pasted beside it. */
export interface Pipes {
  tree: IndexedTree;
  requestOf(text: string): PastedRequest;
  /** `fs/pipes.c:12` of a mark */
  lineOf(mark: string): string;
  /** places as `path:line:column` */
  places(locations: readonly Location[]): string[];
}

/** Writes the tree, and reads it into an index in memory. */
export async function pipes(): Promise<Pipes> {
  const written = writeTree(PIPES);
  const { index } = await memoryTree(PIPES);
  const tree = { ...written, index: { ...index, root: written.root } };
  return {
    tree,
    requestOf: (text) => newPastedRequest(newPastedText(text), askIn(tree, '')),
    lineOf: (mark) => `${tree.at(mark).file}:${tree.at(mark).line}`,
    places: (locations) => placesOf(tree, locations),
  };
}

/** Line (1-based) and column (0-based) just behind the beginning of the first occurrence of a word. */
export function placeIn(text: string, word: string): [number, number] {
  const offset = text.indexOf(word);
  if (offset < 0) throw new Error(`${word} does not stand in the text`);
  const before = text.slice(0, offset).split('\n');
  return [before.length, before[before.length - 1].length + 1];
}

/** What a hover says; '' for none. */
export const saidBy = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? '';
