// Two architectures, a decompressor and a tool: wherever one asks in the kernel, only files of its view are named.
import { expect, test } from 'vitest';
import { domainOf, sameDomain } from '../../../../server/src/kernel/domain.ts';
import { memoryIndex, requestIn } from '../../support/memoryIndex.ts';
import { answersAt, wordsOf } from '../../support/oneView.ts';

const arch = (name: string, value: number) => ({
  [`arch/${name}/include/asm/page.h`]: `#define page_of(a) ((a) >> ${value})\nstatic inline void relax(void) { }\nstruct regs { int r${value}; };\n`,
  [`arch/${name}/mm/fault.c`]: `#include <linux/mm.h>
static int bad(struct regs *r) { return panic_at(r); }
int do_fault(struct regs *r) { relax(); return handle(r) + page_of(1) + bad(r); }
static int ${name}_map(void) { return ${value}; }
const struct ops map_ops = { .map = ${name}_map };
`,
  [`arch/${name}/lib/copy.S`]: 'SYM_FUNC_START(copy)\n',
  [`arch/${name}/boot/misc.c`]: `#include <linux/mm.h>
int panic_at(struct regs *r) { return ${value}; }
void *copy(void *to) { return to; }
static int local(void) { relax(); copy(0); return panic_at(0); }
`,
});

const world = await memoryIndex({
  ...arch('arm', 1),
  ...arch('x86', 2),
  'include/asm-generic/page.h': '#define page_of(a) (a)\nstatic inline void relax(void) { }\n',
  'include/linux/mm.h': `#include <asm/page.h>
struct ops { int (*map)(void); };
extern const struct ops map_ops;
void *copy(void *to);
int panic_at(struct regs *r);
int handle(struct regs *r);
int do_fault(struct regs *r);
`,
  'mm/memory.c': `#include <linux/mm.h>
int panic_at(struct regs *r) { return 0; }
int handle(struct regs *r) { relax(); copy(r); return map_ops.map() + page_of(2) + panic_at(r); }
int again(struct regs *r) { const struct ops *o = &map_ops; return do_fault(r) + o->map(); }
`,
  'tools/copy.c': 'void *copy(void *to) { return to; }\nint handle(void) { copy(0); return 0; }\n',
});

test.each(['x86', 'arm'])('seen as %s', (architecture) => {
  const wrong: string[] = [];
  let answers = 0;
  for (const path of Object.keys(world.files)) {
    const own = domainOf(path);
    if (!sameDomain('kernel/*', own, architecture) && own !== `program/${architecture}/boot`) continue;
    const request = requestIn({ ...world, architecture }, path);
    for (const at of wordsOf(request.file)) {
      for (const answer of answersAt(request, at)) {
        answers++;
        const other = answer.slice(answer.indexOf(' ') + 1);
        // what the kernel calls so comes first among symbols, whoever asks
        if (!answer.startsWith('symbol') && !sameDomain(own, domainOf(other), architecture))
          wrong.push(`${path}:${at.line} ${at.word} -> ${answer}`);
      }
    }
  }
  expect(answers).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
});

test("what belongs to another architecture is called by that one's code, common code included", () => {
  const [, ...calls] = answersAt(requestIn(world, 'arch/arm/mm/fault.c'), { word: 'do_fault', line: 3, column: 5 });
  expect(calls).toContain('incoming: mm/memory.c');
});
