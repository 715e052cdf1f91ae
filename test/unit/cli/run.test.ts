import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn } from '../support/kerntrail.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('exit codes and messages', () => {
  expect(kerntrail('symbol', 'qqqq')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('implementations', 'no_such.slot')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('ops', 'no_such_table')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('ops')).toMatchObject({ code: 2, err: expect.stringContaining('usage: kerntrail ops [FILE:]NAME') });
  expect(kerntrail('nonsense')).toMatchObject({ code: 2, err: expect.stringContaining("no command 'nonsense'") });
  expect(kerntrail('ops', 'x', '--tree', '/')).toMatchObject({
    code: 2,
    err: expect.stringContaining('does not look like a kernel tree'),
  });
  expect(kerntrail('--nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('--nonsense') });
  expect(kerntrail('index', '--workers', 'x').code).toBe(2);
});

test('help of every command, and the version', () => {
  const { code, out } = kerntrail('--help');
  expect(code).toBe(0);
  for (const name of ['index', 'ops', 'implementations', 'callers', 'symbol', 'backtrace', 'patch', 'dump', 'lsp']) {
    expect(out).toContain(`  ${name}`);
    expect(kerntrail(name, '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Usage: kerntrail ${name}`),
    });
    expect(kerntrail('help', name).code).toBe(0);
  }
  expect(kerntrail('--version').out).toMatch(/^kerntrail /);
});

test("a command takes its own options, no other's", () => {
  expect(kerntrail('path', 'a', 'b', '--format', 'xml')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--format takes text, mermaid or dot'),
  });
  expect(kerntrail('roots', 'a', '--format', 'dot')).toMatchObject({
    code: 2,
    err: expect.stringContaining("'roots' takes no --format"),
  });
  expect(kerntrail('path', '--help').out).toMatch(/--max N +how many chains \(default: 3\)/);
  expect(kerntrail('roots', '--help').out).toMatch(/--max N +how many entries \(default: 12\)/);
});
