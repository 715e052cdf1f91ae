import { expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import {
  alternativesFrom,
  definitionAt,
  definitionsFrom,
  functionFrom,
} from '../../../../server/src/resolve/names/scope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/a.h': 'static inline int free_it(int n) { return 0; }\nint get(int n);\n',
  'mm/slab.c': 'int free_it(int n) { return 1; }\n',
  'mm/slob.c': 'int free_it(int n) { return 2; }\n',
  'fs/one.c': 'static int helper(int n) { return 1; }\n',
  'net/two.c': 'static int helper(int n) { return 2; }\n',
  'arch/arm64/mm/a.c': 'int get(int n) { return 3; }\n',
  'arch/x86/mm/a.c': 'int get(int n) { return 4; }\n',
  'tools/a.c': 'int get(int n) { return 5; }\n',
});
const files = (name: string, from: string) => alternativesFrom(world, name, from).map((d) => d.file);

test("a file's own static, and no other's", () => {
  expect(functionFrom(world, 'helper', 'fs/one.c')?.file).toBe('fs/one.c');
  expect(functionFrom(world, 'helper', 'net/two.c')?.file).toBe('net/two.c');
  expect(functionFrom(world, 'helper', 'kernel/fork.c')).toBeNull();
});

test('the architecture in view, or that of the file; another program has its own', () => {
  expect(functionFrom(world, 'get', 'mm/slab.c')?.file).toBe('arch/x86/mm/a.c');
  expect(functionFrom(world, 'get', 'arch/arm64/kernel/b.c')?.file).toBe('arch/arm64/mm/a.c');
  expect(functionFrom(world, 'get', 'tools/b.c')?.file).toBe('tools/a.c');
});

test('a stub in a header gives way; of each configuration one may be meant', () => {
  expect(files('free_it', 'fs/one.c')).toEqual(['mm/slab.c', 'mm/slob.c']);
  expect(files('free_it', 'mm/slob.c')).toEqual(['mm/slob.c']);
  expect(definitionsFrom(world, 'get', 'fs/one.c', [NameKind.Declaration]).map((d) => d.file)).toEqual([
    'include/linux/a.h',
  ]);
});

test('what a name means in each file of a folder', () => {
  const ofFolder = (name: string, from: string): boolean => {
    let told = false;
    alternativesFrom(world, name, from, (of) => {
      told = of;
    });
    return told;
  };
  expect(ofFolder('get', 'net/any.c')).toBe(true);
  // which one it is takes a look at #includes, one of the folder's own files defines it, it is an architecture's
  expect(['net/any.c', 'mm/any.c'].map((from) => ofFolder('free_it', from))).toEqual([false, false]);
  expect(ofFolder('get', 'arch/arm64/kernel/b.c')).toBe(false);
});

test('the definition on a line, if it is still there', () => {
  const place = { name: 'free_it', file: 'mm/slob.c', line: 1 };
  expect(definitionAt(world.index, place)).toMatchObject({ file: 'mm/slob.c', static: false, kind: NameKind.Function });
  expect(definitionAt(world.index, { ...place, line: 2 })).toBeNull();
  expect(definitionAt(world.index, place, [NameKind.Macro])).toBeNull();
});

const included = await memoryIndex({
  'include/linux/lock.h': `#ifndef CONFIG_RT
static inline void lock(int *l) { }
#else
#include <linux/lock_rt.h>
#endif
#ifdef CONFIG_SLOW
void slow(int *l);
#else
static inline void slow(int *l) { }
#endif
`,
  'include/linux/lock_rt.h': 'static inline void lock(int *l) { }\n',
  'kernel/lock.c': '#include <linux/lock.h>\nvoid slow(int *l) { }\n',
  'fs/a.c': '#include <linux/lock.h>\nvoid a(void) { lock(0); slow(0); }\n',
  'drivers/one/one.h': 'void setup(void);\n',
  'drivers/one/one.c': '#include "one.h"\nvoid setup(void) { }\n',
  'drivers/one/use.c': '#include "one.h"\nvoid use(void) { setup(); }\n',
  'drivers/two/two.h': 'void setup(void);\n',
  'drivers/two/lib/two.c': '#include "../two.h"\nvoid setup(void) { }\n',
  'drivers/two/use.c': '#include "two.h"\nvoid use(void) { setup(); }\n',
  'include/linux/string.h': 'void *copy(void *to);\n',
  'include/asm-generic/relax.h': 'static inline void relax(void) { }\n',
  'arch/x86/include/asm/relax.h': 'static inline void relax(void) { }\n',
  'arch/arm64/include/asm/relax.h': '#define relax() yield()\n',
  'lib/string.c': '#include <linux/string.h>\nvoid *copy(void *to) { return to; }\n',
  'lib/digest.c': 'static void digest(void) { }\n',
  'arch/x86/boot/string.c': '#include <linux/string.h>\nvoid *copy(void *to) { return 0; }\n',
  'arch/x86/boot/main.c': '#include <linux/string.h>\n#include "../../../lib/digest.c"\nvoid main(void) { copy(0); }\n',
  'mm/a.c': '#include <linux/string.h>\n#include <asm/relax.h>\nvoid b(void) { copy(0); relax(); }\n',
});
const of = (name: string, from: string) => alternativesFrom(included, name, from).map((d) => `${d.file}:${d.line}`);

test('a header has a stub in one arm of its #if, and declares in the other what stands elsewhere: either is meant', () => {
  expect(of('slow', 'fs/a.c')).toEqual(['kernel/lock.c:2', 'include/linux/lock.h:9']);
  expect(of('slow', 'kernel/lock.c')).toEqual(['kernel/lock.c:2']);
});

test('the header that brings in another comes before it', () => {
  expect(of('lock', 'fs/a.c')).toEqual(['include/linux/lock.h:2', 'include/linux/lock_rt.h:1']);
});

test('of two functions of one name, the one that the header in sight declares', () => {
  expect(of('setup', 'drivers/one/use.c')).toEqual(['drivers/one/one.c:2']);
  expect(of('setup', 'drivers/two/use.c')).toEqual(['drivers/two/lib/two.c:2']);
});

test("the architecture's header, not that of asm-generic or another's", () => {
  expect(of('relax', 'mm/a.c')).toEqual(['arch/x86/include/asm/relax.h:1']);
  expect(definitionsFrom(included, 'relax', 'mm/a.c', [NameKind.Macro])).toEqual([]);
});

test("a program has its own, what it #includes of the kernel's, and is not seen by the kernel", () => {
  expect(of('copy', 'arch/x86/boot/main.c')[0]).toBe('arch/x86/boot/string.c:2');
  expect(of('digest', 'arch/x86/boot/main.c')).toEqual(['lib/digest.c:1']);
  expect(of('copy', 'mm/a.c')).toEqual(['lib/string.c:2']);
});

test("the architecture's own function in the place of a weak one, beside that; not another architecture's, not a static one", async () => {
  const weak = await memoryIndex({
    'kernel/idle.c': 'void __weak nap(void) { }\nstatic void rest(void) { }\nvoid idle(void) { nap(); rest(); }\n',
    'arch/x86/kernel/idle.c': 'void nap(void) { }\nstatic void rest(void) { }\n',
    'arch/arm64/kernel/idle.c': 'void nap(void) { }\n',
  });
  const of = (name: string, from: string) => alternativesFrom(weak, name, from).map((d) => d.file);
  expect(of('nap', 'kernel/idle.c')).toEqual(['kernel/idle.c', 'arch/x86/kernel/idle.c']);
  expect(of('nap', 'arch/x86/kernel/idle.c')).toEqual(['arch/x86/kernel/idle.c']);
  expect(of('rest', 'kernel/idle.c')).toEqual(['kernel/idle.c']);
});
