import { expect, test } from 'vitest';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/ops.h': 'struct ops { int (*run)(void); };\n#define say(fmt, ...) write_out(fmt)\n',
  'net/one.c': 'static int replace(int n) { return 1; }\nint once(void) { return 0; }\n',
  'net/two.c': 'static int replace(int n) { return 2; }\n',
  'arch/arm64/a.c': 'static int replace(int n) { return 3; }\nint only(void) { return 0; }\n',
  'arch/um/user.h': 'static inline int say(const char *fmt) { return 0; }\n',
  'tools/a.c': 'int once(void) { return 1; }\n',
});
const places = (text: string): string[] =>
  nodesNamed(world, text).map((n) =>
    n.kind === 'slot' ? `${n.owner}.${n.member}` : `${n.kind} ${n.definition.file}:${n.definition.line}`,
  );

test('names as people write them', () => {
  expect(['struct ops.run', 'ops->run'].flatMap(places)).toEqual(['ops.run', 'ops.run']);
  expect(places(' once() ')).toEqual(['function net/one.c:2']);
  expect(places('nobody')).toEqual([]);
});

test('a name of several files is all of them, and one where its file is named', () => {
  expect(places('replace')).toEqual(['function net/one.c:1', 'function net/two.c:1']);
  expect(places('two.c:replace')).toEqual(['function net/two.c:1']);
  expect(places('net/one.c:replace()')).toEqual(['function net/one.c:1']);
  expect(places('wo.c:replace')).toEqual([]);
});

test("another architecture's or program's only where the kernel in view has none", () => {
  expect(places('only')).toEqual(['function arch/arm64/a.c:2']);
  expect(places('tools/a.c:once')).toEqual(['function tools/a.c:1']);
  expect(places('say')).toEqual(['macro include/linux/ops.h:2']);
});
