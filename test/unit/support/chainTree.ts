/** A small tree of chains: two filesystems in one slot, what they share, a pointer that is handed on, a struct that isn't known. */
import { memoryIndex, requestIn } from './memoryIndex.ts';

/** Its files; `fs/one` and `fs/two` are what contexts tell apart. */
export const CHAIN_TREE: Readonly<Record<string, string>> = {
  'include/linux/space.h': `
struct space_ops { int (*fill)(int n); int (*drain)(int n); int count; };
struct space { const struct space_ops *ops; };
int shared_fill(int n);
int each_page(int (*fn)(int n));
#define fill_twice(n) (shared_fill(n) + shared_fill(n))
`,
  'mm/space.c': `#include <linux/space.h>
int shared_fill(int n) { return n; }
int each_page(int (*fn)(int n)) { return fn(1); }
int space_fill(struct space *s)
{
	if (s)
		return s->ops->fill(1);
	return fill_twice(2);
}
int walk_all(void) { return each_page(shared_fill); }
int loop_fill(int n) { return n ? loop_fill(n - 1) : 0; }
`,
  'fs/one/file.c': `#include <linux/space.h>
static int one_fill(int n) { return shared_fill(n); }
static const struct space_ops one_ops = {
	.fill = one_fill,
#ifdef CONFIG_ONE_DRAIN
	.drain = shared_fill,
#endif
};
int one_mount(struct space *s)
{
	s->ops = &one_ops;
	return 0;
}
`,
  'fs/two/file.c': `#include <linux/space.h>
static int two_fill(int n) { return n + 2; }
static const struct space_ops two_ops = { .fill = two_fill };
static const struct space_ops two_more_ops = { .fill = shared_fill };
int two_own(struct space *s) { return s->ops->fill(3); }
int two_mount(struct space *s)
{
	s->ops = &two_ops;
	s->ops = &two_more_ops;
	return 0;
}
`,
  'include/linux/filler.h': 'struct filler_ops { int (*fill)(int n); };\n',
  'fs/three/file.c': `#include <linux/filler.h>

static int three_fill(int n) { return n; }
static const struct filler_ops a_filler = { .fill = three_fill };
static const struct filler_ops b_filler = { .fill = three_fill };
static const struct filler_ops c_filler = { .fill = three_fill };
static const struct filler_ops d_filler = { .fill = three_fill };
static const struct filler_ops e_filler = { .fill = three_fill };
#ifdef CONFIG_OWN
static const struct filler_ops own_filler = { .fill = three_fill };
#else
#define own_filler a_filler
#endif
`,
};

/** An index of the tree, and a request in one of its files. */
export async function chainTree() {
  const world = await memoryIndex(CHAIN_TREE);
  return { world, request: (file: string) => requestIn(world, file) };
}
