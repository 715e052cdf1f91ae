import { beforeAll, expect, test } from 'vitest';
import { type FunctionQuestion, functionPlaces } from '../../../../server/src/backtrace/functions/candidates.ts';
import { fileNamed, fileOfTree } from '../../../../server/src/backtrace/functions/printedPath.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ fs/pipes.c
static int run(int n) { return n; }
//@ drivers/net/hoses.c
static int run(int n) { return n; }
//@ arch/riscv/kernel/only.c
int only_there(int n) { return n; }
`);
});

const ask = (more: Partial<FunctionQuestion>) =>
  functionPlaces(tree.index, {
    name: 'run',
    file: null,
    moduleFiles: null,
    inModule: false,
    near: [],
    architecture: 'x86',
    ...more,
  });

test('the printed file, the module and the neighbours tell functions of one name apart', () => {
  expect(ask({})).toMatchObject({ certain: false, places: [{ file: 'fs/pipes.c' }, { file: 'drivers/net/hoses.c' }] });
  expect(ask({ file: '../drivers/net/hoses.c' })).toMatchObject({
    certain: true,
    places: [{ file: 'drivers/net/hoses.c' }, {}],
  });
  expect(ask({ moduleFiles: new Set(['drivers/net/hoses.c']), inModule: true }).places[0].file).toBe(
    'drivers/net/hoses.c',
  );
  expect(ask({ near: ['drivers/net/pumps.c'] }).places[0].file).toBe('drivers/net/hoses.c');
});

test('another architecture has nothing to do with it', () => {
  expect(ask({ name: 'only_there' }).places).toEqual([]);
  expect(ask({ name: 'only_there', architecture: 'riscv' }).certain).toBe(true);
});

test('printed paths, with folders in front or without any', () => {
  expect(fileOfTree(tree.index, '/build/linux-6.1/fs/pipes.c')).toBe('fs/pipes.c');
  expect(fileOfTree(tree.index, 'net/hoses.c')).toBeNull();
  expect(fileNamed(tree.index, 'hoses.c')).toBe('drivers/net/hoses.c');
});
