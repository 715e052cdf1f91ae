/** A tree of so many files that reading it takes a while. */
export function manyFiles(count: number): string {
  const files = ['//@ include/linux/op.h\nstruct op { int (*run)(int n); void (*end)(void); };\n'];
  for (let n = 0; n < count; n++)
    files.push(`//@ drivers/d${n % 40}/f${n}.c
#include <linux/op.h>
static int run_${n}(int n) { return n ? run_${n}(n - 1) : 0; }
static void end_${n}(void) {}
struct op op_${n} = { .run = run_${n}, .end = end_${n} };
int start_${n}(struct op *op) { op->end(); return op->run(${n}); }
`);
  return files.join('');
}
