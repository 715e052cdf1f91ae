/** Bodies of functions that a test writes: what they are read by, and their calls in short. */
import { type Bodies, type Body, openBodies } from '../../../server/src/backtrace/bodies/bodies.ts';
import type { BodyReader } from '../../../server/src/backtrace/bodies/bodyReader.ts';
import type { BodyCall } from '../../../server/src/backtrace/bodies/callees.ts';
import { type FunctionPlace, placesNamed } from '../../../server/src/backtrace/functions/functionPlaces.ts';
import { newCache } from '../../../server/src/index/cache.ts';
import { openSources } from '../../../server/src/resolve/sourceFiles.ts';
import { tokenize, tokenText } from '../../../server/src/syntax/tokens.ts';
import type { Tok } from '../../../server/src/syntax/toks.ts';
import { type IndexedTree, writtenTree } from './marked.ts';

/** A tree that a test wrote, with the bodies of its functions. */
export interface TreeOfBodies {
  tree: IndexedTree;
  bodies: Bodies;
  /** what `bodies` reads by, for parts of it that are asked alone */
  reader: BodyReader;
  /** the first function of a name */
  place(name: string): FunctionPlace;
  body(name: string): Body;
}

/** Bodies of the functions in a tree as `writeTree` takes it. */
export async function bodiesIn(text: string, architecture = 'x86'): Promise<TreeOfBodies> {
  const tree = await writtenTree(text);
  const { index } = tree;
  const bodies = openBodies({ index, architecture });
  const reader = {
    ...{ index, architecture, sources: openSources(index), boring: new WeakMap(), functions: newCache(1000) },
    ownersOf: () => new Map(),
  } satisfies BodyReader;
  const place = (name: string): FunctionPlace => placesNamed(index, name)[0];
  return {
    ...{ tree, bodies, reader, place },
    body(name) {
      const body = bodies.body(place(name));
      if (!body) throw new Error(`${name} has no body`);
      return body;
    },
  };
}

/** A call in a few words. */
export const brief = (c: BodyCall): string =>
  `${c.kind} ${c.owner ? `${c.owner}.` : ''}${c.name}${c.tail ? ' tail' : ''}${c.cold ? ' cold' : ''}`;

/** The tokens of a text as bodies have them, nothing expanded. */
export function toksOf(text: string): Tok[] {
  const tokens = tokenize(Buffer.from(text));
  return Array.from({ length: tokens.count }, (_, i) => ({
    ...{ kind: tokens.kind[i], text: tokenText(tokens, i), pos: tokens.line[i] },
    ...{ macro: false, arm: 0, condition: null, plain: false },
  }));
}
