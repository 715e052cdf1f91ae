import { expect, test } from 'vitest';
import { describeBoth, fields } from './factsOf.ts';

describeBoth('records', (factsOf) => {
  test('members in order, with their types', () => {
    const facts = factsOf(
      `struct file_operations {
	struct module *owner;
	int (*open)(struct inode *, struct file *);
	unsigned int flags : 3, more:1;
	char name[16], *alias;
	const struct x_ops *const ops;
	void (*hooks[4])(void);
	int (*(*get)(int))(void);
	struct list_head list, *prev;
} __randomize_layout;`,
      { path: 'include/linux/fs.h' },
    );
    expect(fields(facts, 'file_operations')).toEqual([
      'owner: struct module *',
      'open: int (*)(struct inode *, struct file *)',
      'flags: unsigned int',
      'more: unsigned int',
      'name: char[16]',
      'alias: char *',
      'ops: const struct x_ops *',
      'hooks: void (*[4])(void)',
      'get: int (*(*)(int))(void)',
      'list: struct list_head',
      'prev: struct list_head *',
    ]);
    expect(facts.records[0]).toMatchObject({ keyword: 'struct', line: 1, column: 8, endLine: 10, condition: null });
    expect(facts.records[0].fields[1]).toMatchObject({ line: 3, column: 8 });
  });

  test('nested, unnamed and named records', () => {
    const facts = factsOf(`struct outer {
	struct {
		int a;
		union { int u1; long u2; };
	};
	struct { void (*fn)(void); } inner;
	struct named { int n; } *ptr;
	union { int x; } list[2];
};`);
    expect(
      facts.records.map(
        (r) => `${r.keyword} ${r.tag}: ${r.fields.map((f) => `${f.name || '-'} ${f.type} ${f.record}`).join(', ')}`,
      ),
    ).toEqual([
      'struct outer: - struct @1 1, inner struct @3 3, ptr struct named * 4, list union @5[2] 5',
      'struct : a int -1, - union @2 2',
      'union : u1 int -1, u2 long -1',
      'struct : fn void (*)(void) -1',
      'struct named: n int -1',
      'union : x int -1',
    ]);
  });

  test('members under #if', () => {
    const facts = factsOf(`struct x_ops {
	int (*open)(void);
#ifdef CONFIG_NUMA
	int (*set_policy)(void);
#else
	int (*no_policy)(void);
#endif
#if 0
	int (*gone)(void);
#endif
};
#ifdef CONFIG_A
struct a_only { int a; };
#endif`);
    expect(fields(facts, 'x_ops')).toEqual([
      'open: int (*)(void)',
      'set_policy: int (*)(void) if defined(CONFIG_NUMA)',
      'no_policy: int (*)(void) if !defined(CONFIG_NUMA)',
    ]);
    expect(facts.records[1].condition).toBe('defined(CONFIG_A)');
  });

  test('macros among the members', () => {
    const facts = factsOf(
      `#define COMMON_FIELDS int (*get)(void); int (*put)(void)
struct x_ops {
	COMMON_FIELDS;
	KABI_RESERVE(1)
	int (*open)(void);
	DECLARE_BITMAP(bits, 64);
	struct rcu_head rcu ____cacheline_aligned;
	int __private secret;
	int (*close)(void) __deprecated;
};`,
      {
        headers: {
          'include/linux/types.h': '#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]\n',
          'include/linux/kabi.h': '#define KABI_RESERVE(n)\n',
        },
      },
    );
    expect(fields(facts, 'x_ops')).toEqual([
      'get: int (*)(void)',
      'put: int (*)(void)',
      'open: int (*)(void)',
      'bits: unsigned long[BITS_TO_LONGS(64)]',
      'rcu: struct rcu_head',
      'secret: int',
      'close: int (*)(void)',
    ]);
  });

  test('an attribute between the keyword and the tag', () => {
    const facts = factsOf(`struct __attribute__((packed)) packed_one { int a; };
struct __packed_thing packed_two { int b; };
struct ____cacheline_aligned aligned_one { int c; } ;`);
    expect(facts.records.map((r) => r.tag)).toEqual(['packed_one', 'packed_two', 'aligned_one']);
  });

  test('forward declarations are no records', () => {
    expect(factsOf('struct inode;\nunion u;\nstruct inode *get(struct file *);').records).toEqual([]);
  });
});
