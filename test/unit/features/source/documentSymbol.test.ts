import { beforeAll, expect, test } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver';
import { documentSymbols } from '../../../../server/src/features/source/documentSymbol.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';
import { memoryIndex, requestIn } from '../../support/memoryIndex.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(VM_TREE);
});

const outline = (symbols: readonly DocumentSymbol[], depth = 0): string[] =>
  symbols.flatMap((s) => [
    `${'  '.repeat(depth)}${s.name}${s.detail ? ` · ${s.detail}` : ''}`,
    ...outline(s.children ?? [], depth + 1),
  ]);

test('outline: tables with their slots, structs with their members', () => {
  expect(outline(documentSymbols(askIn(tree, 'fs/ext4/file.c')))).toMatchInlineSnapshot(`
    [
      "ext4_mkwrite",
      "ext4_vm_ops · const struct vm_operations_struct",
      "  filemap_fault · .fault",
      "  ext4_mkwrite · .mkwrite",
      "ext4_mmap",
    ]
  `);
  expect(outline(documentSymbols(askIn(tree, 'include/linux/mm.h')))).toMatchInlineSnapshot(`
    [
      "container_of · macro(ptr, type, member)",
      "vm_fault · struct",
      "  flags · int",
      "vm_operations_struct · struct",
      "  open · void (*)(struct vm_area_struct *area)",
      "  fault · int (*)(struct vm_fault *vmf)",
      "  (unnamed) · union { … }",
      "    mkwrite · int (*)(struct vm_fault *vmf)",
      "    cookie · long",
      "vm_area_struct · struct",
      "  start · unsigned long",
      "  vm_ops · const struct vm_operations_struct *",
      "  own · struct vm_operations_struct",
    ]
  `);
  expect(documentSymbols(askIn(tree, 'fs/ext4/file.c', { besideOther: true }))).toEqual([]);
});

test('every range holds its selection and its children, as editors insist', () => {
  const check = (s: DocumentSymbol): void => {
    const holds = (inner: DocumentSymbol['range']) => {
      expect(inner.start.line * 1e4 + inner.start.character).toBeGreaterThanOrEqual(
        s.range.start.line * 1e4 + s.range.start.character,
      );
      expect(inner.end.line * 1e4 + inner.end.character).toBeLessThanOrEqual(
        s.range.end.line * 1e4 + s.range.end.character,
      );
    };
    holds(s.selectionRange);
    for (const child of s.children ?? []) {
      holds(child.range);
      check(child);
    }
  };
  for (const file of tree.files.keys())
    if (file.endsWith('.c') || file.endsWith('.h'))
      documentSymbols(askIn(tree, file, { character: (_p, _l, c) => Math.min(c - 1, 200) })).forEach(check);
});

test('of what one use of a macro makes, the function whose body stands there, or a table', async () => {
  const world = await memoryIndex({
    'fs/a.c': `
struct ops { int (*open)(int n); };
typedef int (*call_t)(void);
#define SYSCALL1(n, t, a) long __x64_##n(int regs) { return 0; } static struct ops __meta_##n; static long __do_##n(t a)
#define INIT(f) static call_t __initcall_##f = f;
#define OPS(n) static const struct ops n##_ops = { .open = n##_open };
SYSCALL1(read, int, fd)
{
	return fd;
}
static int a_open(int n) { return n; }
OPS(a)
static int start(void) { return 0; }
INIT(start)
`,
  });
  const names = documentSymbols(requestIn(world, 'fs/a.c')).map((s) => s.name);
  expect(names.filter((n) => !/^[A-Z]/.test(n))).toEqual(['ops', 'call_t', '__do_read', 'a_open', 'a_ops', 'start']);
});
