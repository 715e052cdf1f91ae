import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newLayouts } from '../../../../server/src/lsp/drawing/layouts.ts';

/** A thread that answers each picture as its first box says: at once, never, with a fault, or by its end. */
const THREAD = `
const { parentPort } = require('node:worker_threads');
let count = 0;
parentPort.on('message', ({ id, picture }) => {
  count++;
  const what = picture.boxes[0].id;
  if (what === 'die') process.exit(3);
  if (what === 'never') return;
  const result = { width: count, height: 1, boxes: [], rooms: [], lines: [], message: null };
  parentPort.postMessage(what === 'fault' ? { id, result: null, fault: 'no such graph' } : { id, result, fault: null });
});
`;

function scripts(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kerntrail-layout-'));
  writeFileSync(join(folder, 'layout.cjs'), THREAD);
  return folder;
}

const picture = (id: string) => ({ boxes: [{ id, width: 1, height: 1, room: '' }], lines: [] });
const wanted = (): boolean => false;

test('one thread lays out one picture after the other', async () => {
  const layouts = newLayouts(scripts());
  const all = await Promise.all(['a', 'b', 'c'].map((id) => layouts.lay(picture(id), wanted)));
  expect(all.map((result) => result.width)).toEqual([1, 2, 3]);
  layouts.close();
});

test('a layout that takes too long is given up with words, one that nobody waits for without; the next gets a new thread', async () => {
  const layouts = newLayouts(scripts(), { layout: 300, idle: 60_000 });
  expect((await layouts.lay(picture('never'), wanted)).message).toMatch(/could not be laid out within/);
  let gone = false;
  const cancelled = layouts.lay(picture('never'), () => gone);
  gone = true;
  expect((await cancelled).message).toMatch(/cancelled/);
  expect(await layouts.lay(picture('a'), wanted)).toMatchObject({ width: 1, message: null });
  layouts.close();
});

test('a thread that dies costs its picture alone', async () => {
  const layouts = newLayouts(scripts());
  await expect(layouts.lay(picture('fault'), wanted)).rejects.toThrow('no such graph');
  await expect(layouts.lay(picture('die'), wanted)).rejects.toThrow(/ended with code 3/);
  expect(await layouts.lay(picture('a'), wanted)).toMatchObject({ width: 1 });
  layouts.close();
});

test('a thread that is idle ends, and is started again', async () => {
  const layouts = newLayouts(scripts(), { layout: 5000, idle: 50 });
  await layouts.lay(picture('a'), wanted);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await layouts.lay(picture('a'), wanted)).toMatchObject({ width: 1 });
  layouts.close();
});

test('more than anybody can look at is refused in words', async () => {
  const layouts = newLayouts(scripts());
  const boxes = Array.from({ length: 3001 }, (_, n) => ({ id: `${n}`, width: 1, height: 1, room: '' }));
  expect((await layouts.lay({ boxes, lines: [] }, wanted)).message).toMatch(/too many/);
});
