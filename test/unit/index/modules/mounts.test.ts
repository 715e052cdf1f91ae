import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  inModule,
  modulesOf,
  mountModules,
  pathOfPlace,
  pathWithin,
  placeOf,
} from '../../../../server/src/index/modules/mounts.ts';

const myfs = { name: '[myfs]', folder: '/home/me/myfs', root: '/data/myfs' };
const other = { name: '[other]', folder: '/home/me/other', root: '/home/me/other' };

afterEach(() => mountModules('/k', []));

test('files of a module stand below its name, those of the tree as they are', () => {
  mountModules('/k', [myfs, other]);
  expect(placeOf('/k', '[myfs]/src/file.c')).toBe(join('/home/me/myfs/src/file.c'));
  expect(placeOf('/k', 'fs/ext4/file.c')).toBe(join('/k/fs/ext4/file.c'));
  expect(inModule('/k', '[myfs]/src/file.c')).toEqual({ module: myfs, path: 'src/file.c' });
  expect(inModule('/k', '[myfs]')).toEqual({ module: myfs, path: '' });
  expect(inModule('/k', '[gone]/file.c')).toBeNull();
  expect(inModule('/other-tree', '[myfs]/file.c')).toBeNull();
});

test('a place is found by the name that its user has for the folder, and by its real one', () => {
  mountModules('/k', [myfs, other]);
  expect(pathOfPlace('/k', '/home/me/myfs/file.c')).toBe('[myfs]/file.c');
  expect(pathOfPlace('/k', '/data/myfs/file.c')).toBe('[myfs]/file.c');
  expect(pathOfPlace('/k', '/k/mm/memory.c')).toBe('mm/memory.c');
  expect(pathOfPlace('/k', '/home/me/notes.c')).toBeNull();
  expect(modulesOf('/k')).toEqual([myfs, other]);
});

test('paths relative to a folder, and none outside of it', () => {
  expect(pathWithin('/k', '/k/fs/a.c')).toBe('fs/a.c');
  expect(pathWithin('/k', '/k/..a.c')).toBe('..a.c');
  expect(pathWithin('/k', '/k')).toBeNull();
  expect(pathWithin('/k', '/kernel/a.c')).toBeNull();
  expect(pathWithin('/k', '/a.c')).toBeNull();
});
