import { expect, test } from 'vitest';
import {
  addCallbacks,
  callbackNames,
  mayPointToTable,
  newCallbacks,
} from '../../../../server/src/syntax/macros/callbacks.ts';

const of = (...texts: string[]) => {
  const callbacks = newCallbacks();
  for (const text of texts) addCallbacks(callbacks, callbackNames(Buffer.from(text, 'latin1')));
  return callbacks;
};

test('pointers to functions, arrays of them, and none of what only looks like one', () => {
  const { functions } = of('int (*open)(int); void (* close) (void); int (*many[3])(int); x = (*p); y(*q);');
  expect([...functions]).toEqual(['open', 'close', 'many']);
});

test('types of functions, and none of what only has parentheses', () => {
  const { functions } = of(`typedef int filler_t(struct file *f);
typedef void (*work_func_t)(struct work *w);
typedef __typeof__(int) number_t;
typedef struct { int (*fn)(int); } box_t;
typedef unsigned long word_t;
`);
  expect([...functions].sort()).toEqual(['filler_t', 'fn', 'work_func_t']);
});

test('a struct that is mostly functions is a table, a device with its release function is none', () => {
  const { tables } = of(`
struct x_ops {
	struct module *owner;
	int (*open)(int a,
		    int b);
	void (*close)(void);
};
struct device {
	int a; int b; int c; int d;
	void (*release)(struct device *dev);
};
struct device *find(int (*match)(struct device *dev));
struct late_ops { int (*go)(void); };
`);
  expect([...tables]).toEqual(['x_ops', 'late_ops']);
});

test('a member points to a table where any text says what the struct is', () => {
  const headers = of(
    'struct x { const struct x_ops *ops; const struct data *data; };',
    '\nstruct x_ops {\n int (*f)(void);\n};',
  );
  const own = of('\nstruct own_ops {\n int (*g)(int);\n};\nstruct y { const struct own_ops * mine; };');
  expect(['ops', 'data', 'mine', 'none'].filter((name) => mayPointToTable(name, own, headers))).toEqual([
    'ops',
    'mine',
  ]);
  expect(mayPointToTable('mine', newCallbacks(), headers)).toBe(false);
  // what is learned later counts
  addCallbacks(headers, ['{data']);
  expect(mayPointToTable('data', own, headers)).toBe(true);
});
