import { expect, test } from 'vitest';
import { describeBoth } from './factsOf.ts';

describeBoth('kernel-doc', (factsOf) => {
  const docs = (text: string) => {
    const [record] = factsOf(text, { path: 'include/linux/x.h' }).records;
    return [record.doc, ...record.fields.map((f) => `${f.name}: ${f.doc}`)];
  };

  test('of a record and of its members', () => {
    expect(
      docs(`/**
 * struct x_ops - what an x can do
 * @open: called first. May
 *	sleep, and may fail.
 * @close : called last
 *
 * More about it, which belongs to no member.
 */
struct x_ops {
	int (*open)(void);
	void (*close)(void);
	int undocumented;
};`),
    ).toEqual([
      'what an x can do',
      'open: called first. May sleep, and may fail.',
      'close: called last',
      'undocumented: ',
    ]);
  });

  test('comments of their own inside the record', () => {
    expect(
      docs(`struct x_ops {
	/** @open: opens it */
	int (*open)(void);
	/**
	 * @close:
	 *
	 * Closes it.
	 * Twice.
	 */
	void (*close)(void);
	/* @plain: not kernel-doc */
	int plain;
};`),
    ).toEqual(['', 'open: opens it', 'close: Closes it. Twice.', 'plain: ']);
  });

  test('members of a nested record by their dotted name', () => {
    const facts = factsOf(`/**
 * struct x - x
 * @ops.open: opens
 * @n: number
 */
struct x {
	struct { int (*open)(void); } ops;
	int n;
};`);
    expect(facts.records[0].fields.map((f) => f.doc)).toEqual(['', 'number']);
  });

  test('a comment that belongs to something else is not taken', () => {
    expect(
      docs('/**\n * my_func - does it\n * @open: an argument\n */\nvoid my_func(int open);\nstruct x { int open; };'),
    ).toEqual(['', 'open: ']);
  });

  test('a long text is cut', () => {
    const doc = docs(`/**\n * struct x - x\n * @a: ${'word '.repeat(200)}\n */\nstruct x { int a; };`)[1];
    expect(doc.length).toBe('a: '.length + 400);
    expect(doc.endsWith('…')).toBe(true);
  });
});
