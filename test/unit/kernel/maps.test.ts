import { expect, test } from 'vitest';
import { MAPS, mapNamed } from '../../../server/src/kernel/maps.ts';

test('maps have names of their own; goals say what they are and why', () => {
  expect(new Set(MAPS.map(({ id }) => id)).size).toBe(MAPS.length);
  for (const { goals, start } of MAPS) {
    expect(start.length).toBeGreaterThan(0);
    for (const { what, because, names } of goals) {
      expect(what).not.toBe('');
      expect(because).not.toBe('');
      for (const name of names) expect(name).toMatch(/^\w+(?:\.\w+)?$/);
    }
  }
});

test('a map by its id', () => {
  expect(mapNamed('fault')?.title).toBe('Page Fault Path');
  expect(mapNamed('nothing')).toBeNull();
});

test('a map names no function between its beginning and its goals', () => {
  // what only memory.c knows is found, not listed
  expect(JSON.stringify(mapNamed('fault'))).not.toMatch(
    /do_fault|__do_fault|handle_pte|filemap|do_anonymous|do_read_fault/,
  );
});
