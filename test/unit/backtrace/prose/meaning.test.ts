import { expect, test } from 'vitest';
import { type Meaning, meaningOf, stepsOf } from '../../../../server/src/backtrace/prose/meaning.ts';
import { expressionsIn } from '../../../../server/src/trace/mail/prose.ts';
import { newPastedText } from '../../../../server/src/trace/pastedText.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/pipe.h': `struct pipe { int depth; struct pipe_operations *ops; };
struct pipe_operations {
	int (*drain)(struct pipe *pipe);
	int (*fill)(struct pipe *pipe, int n);
};
extern const struct pipe_operations sink_ops;
int pipe_flush(struct pipe *p);
`,
  'fs/pipes.c': `#include <linux/pipe.h>
int pipe_flush(struct pipe *p)
{
	return p->ops->drain(p);
}
static const struct pipe_operations late_ops;
const struct pipe_operations sink_ops = { .drain = pipe_flush };
static const struct pipe_operations late_ops = { .drain = pipe_flush };
`,
  'drivers/wet/fill.c': `static int fill(int n) { return n; }
int wring(int n) { return fill(n); }
`,
});

/** What the expression means that a `|` stands in, and what it comes to in a few words. */
function meaning(marked: string): Meaning | null {
  const text = marked.replace('|', '');
  const lines = text.split('\n');
  const line = marked.split('\n').findIndex((l) => l.includes('|'));
  const character = marked.split('\n')[line].indexOf('|');
  const expression = expressionsIn(lines[line]).find((e) => e.start <= character && character <= e.end);
  if (!expression) throw new Error(`no expression is at the mark of ${marked}`);
  return meaningOf({ ...world, text: newPastedText(text) }, expression, character);
}

function brief(marked: string): string | null {
  const found = meaning(marked);
  switch (found?.kind) {
    case 'file':
      return `${found.place.file}:${found.place.line}`;
    case 'symbols':
      return found.symbols.map((s) => `${s.file}:${s.line}`).join(' ');
    case 'slots':
      return `${found.slots.map((s) => `${s.owner}.${s.member}`).join(' ')}${found.guessed ? ', guessed' : ''}`;
    case 'missing':
      return `${found.record.record.tag} has no ${found.member}, but ${found.like.map((f) => f.name).join(' ')}`;
    default:
      return null;
  }
}

test('each member of a chain has a meaning of its own, what stands in brackets has none', () => {
  const [chain] = expressionsIn('so pipe->ops->drain(other->depth) waits');
  expect(stepsOf(chain)).toEqual([
    { name: 'pipe', start: 3, end: 7 },
    { name: 'ops', start: 9, end: 12 },
    { name: 'drain', start: 14, end: 19 },
  ]);
  expect(brief('so pi|pe->ops->drain(p) waits')).toBe('include/linux/pipe.h:1');
  expect(brief('so pipe->o|ps->drain(p) waits')).toBe('pipe.ops');
  expect(brief('so pipe->ops->dr|ain(p) waits')).toBe('pipe_operations.drain');
});

test('the object of a chain may be a parameter of a function that the text names', () => {
  expect(brief('p->ops->dr|ain(p) is called by pipe_flush()')).toBe('pipe_operations.drain, guessed');
  expect(brief('pipe_flush() runs.\nThen p->de|pth is 0')).toBe('pipe.depth, guessed');
  expect(brief('Then p->de|pth is 0')).toBeNull();
});

test('a member without its object is one of operations, and so is a bare call of what only a driver has', () => {
  expect(brief('is ->dr|ain() ever NULL?')).toBe('pipe_operations.drain, guessed');
  expect(brief('see pipe_operations.dr|ain there')).toBe('pipe_operations.drain');
  expect(brief('then fi|ll() runs')).toBe('pipe_operations.fill, guessed');
  expect(brief('then wri|ng() runs')).toBe('drivers/wet/fill.c:2');
});

test('of a member that its struct lacks, those with a name like it', () => {
  expect(brief('pipe->ops->drain_a|ll(pipe) is gone')).toBe('pipe_operations has no drain_all, but drain');
});

test('functions, types, files, and a table before its declaration', () => {
  expect(brief('when pipe_fl|ush() runs')).toBe('fs/pipes.c:2');
  expect(brief('a struct pi|pe is')).toBe('include/linux/pipe.h:1');
  expect(brief('in /build/x/fs/pip|es.c:4 it is')).toBe('fs/pipes.c:4');
  expect(brief('in fs/oth|er.c:4 it is')).toBeNull();
  expect(brief('as sink_|ops does')).toBe('fs/pipes.c:7');
  expect(brief('as late_|ops does')).toBe('fs/pipes.c:8 fs/pipes.c:6');
});
