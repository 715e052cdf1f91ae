import { expect, test } from 'vitest';
import {
  commentAbove,
  commentBeside,
  functionDoc,
  memberInComment,
} from '../../../../server/src/resolve/docs/comments.ts';

const LINES = `/**
 * fill_area() - put pages
 *   into an area
 * @area: which one
 *
 * Takes what is there. It
 * never sleeps.
 *
 * More of it.
 *
 * Context: any
 * Return: %0, or
 * a negative error.
 */
#ifdef CONFIG_AREA

static int
fill_area(struct area *area)
{
}

/* Called with the lock held,
 * which it drops. */
static int drop(void)
{
}

/* of nobody */

int lone(void)
// one
// two
int slashes(void)
int n;	/* beside
	 * it */
int (*fn)(int a,
	  int b); // here
int bare;
/* between */ int not_whole;
int last(void)`.split('\n');
const lineOf = (text: string): number => LINES.findIndex((l) => l.includes(text)) + 1;
const above = (text: string) => commentAbove(LINES, lineOf(text));

test('the comment above a declaration, whose head may take several lines', () => {
  expect(above('fill_area(struct')).toMatchObject({ line: 1, endLine: 14, isKernelDoc: true });
  expect(above('int drop')?.lines).toEqual(['Called with the lock held,', 'which it drops.']);
  expect(above('lone')).toBeNull();
  expect(above('slashes')?.lines).toEqual(['one', 'two']);
  expect(above('last')).toBeNull();
  expect(commentAbove(LINES, 1)).toBeNull();
});

test('the comment beside a declaration', () => {
  expect(commentBeside(LINES, lineOf('int n;'))).toBe('beside it');
  expect(commentBeside(LINES, lineOf('(*fn)'))).toBe('here');
  expect(commentBeside(LINES, lineOf('bare'))).toBe('');
});

test('kernel-doc in short', () => {
  const comment = above('fill_area(struct');
  expect(comment && functionDoc(comment)).toEqual({
    summary: 'Put pages into an area. Takes what is there. It never sleeps.',
    returns: '%0, or a negative error.',
    hasMore: true,
  });
  const plain = above('int drop');
  expect(plain && functionDoc(plain)).toEqual({
    summary: 'Called with the lock held, which it drops.',
    returns: '',
    hasMore: false,
  });
});

test('a heading alone on its line, and a description that is called so', () => {
  const lines =
    '/**\n * f - do it\n *\n * Description: How it\n * is done.\n * Returns:\n *\n * nothing\n */\nint f(void)'.split(
      '\n',
    );
  const comment = commentAbove(lines, lines.length);
  expect(comment && functionDoc(comment)).toEqual({
    summary: 'Do it. How it is done.',
    returns: 'nothing',
    hasMore: false,
  });
});

test("a member by its prototype in its struct's comment", () => {
  const lines = `/*
 * The hooks.
 *
 * int (*go)(struct dev *dev);
 *     Called to begin.
 *	Never twice.
 *
 * int (*stop)(struct dev *dev,
 *	       int why);
 *	Called to end.
 * int (*none)(void);
 */
struct hooks {`.split('\n');
  const comment = commentAbove(lines, lines.length);
  const said = ['go', 'stop', 'none', 'nobody'].map((m) => comment && memberInComment(comment, m));
  expect(said).toEqual(['Called to begin. Never twice.', 'Called to end.', '', '']);
});
