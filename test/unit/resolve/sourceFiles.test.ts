import { expect, test } from 'vitest';
import { firstTokenOf, openSources } from '../../../server/src/resolve/sourceFiles.ts';
import { writeTree } from '../support/marked.ts';
import { memoryIndex } from '../support/memoryIndex.ts';

const FILES = {
  'include/uapi/linux/a.h': '#ifndef shared\n#define shared(n) user(n)\n#endif\n',
  'include/linux/a.h': `
#ifdef CONFIG_DEBUG_LOCKS
#define take(l) debug_take(l)
#else
#define take(l) plain_take(l)
#endif
#define both(n) global(n)
#define shared(n) kernel(n)
`,
  'fs/one/own.h': '#define both(n) own(n)\n#define only(n) one(n)\n',
  'fs/one/a.c': 'int a(int n)\n{\n\treturn both(n);\n}\n',
  'fs/two/b.c': 'int b(int n) { return both(n); }\n',
  'arch/arm64/include/asm/a.h': '#define here(n) arm(n)\n',
  'arch/x86/include/asm/a.h': '#define here(n) x86(n)\n',
};
// texts are read off the disk
const { root } = writeTree(
  Object.entries(FILES)
    .map(([path, text]) => `//@ ${path}\n${text}`)
    .join(''),
);
const sources = openSources({ ...(await memoryIndex(FILES)).index, root });
const body = (name: string, from: string, architecture = 'x86') =>
  sources.macros(from, architecture).lookup(name, 0)?.body ?? null;

test("a macro means that of the file's folder, then of the global headers", () => {
  expect(body('both', 'fs/one/a.c')).toBe('own(n)');
  expect(body('both', 'fs/two/b.c')).toBe('global(n)');
  expect(body('only', 'fs/two/b.c')).toBeNull();
});

test("the kernel's own headers go before those that it shares with programs", () => {
  expect(body('shared', 'fs/two/b.c')).toBe('kernel(n)');
});

test('one for kernels that look for faults is the second choice; architectures have their own', () => {
  expect(body('take', 'fs/two/b.c')).toBe('plain_take(l)');
  expect(body('here', 'fs/two/b.c')).toBe('x86(n)');
  expect(body('here', 'fs/two/b.c', 'arm64')).toBe('arm(n)');
});

test('tokens of a file, by lines; null where there is none', () => {
  const file = sources.file('fs/one/a.c');
  if (!file) throw new Error('no file');
  expect(file.tokens.line[firstTokenOf(file.tokens, 3)]).toBe(3);
  expect(firstTokenOf(file.tokens, 99)).toBe(file.tokens.count);
  expect(sources.file('fs/none.c')).toBeNull();
});
