import { expect, test } from 'vitest';
import { curve, headOf, outlineOf, pathOf, rail, STYLES } from '../../../../client/src/graph/paths.ts';

const rect = (x: number, y: number) => ({ x, y, width: 100, height: 20 });

test('a curve leaves below and arrives above; to what lies beside or above it goes around', () => {
  expect(curve(rect(0, 0), rect(40, 100)).at(0)).toEqual({ x: 50, y: 20 });
  expect(curve(rect(0, 0), rect(40, 100)).at(-1)).toEqual({ x: 90, y: 100 });
  expect(curve(rect(0, 0), rect(200, 0)).at(-1)).toEqual({ x: 200, y: 10 });
  expect(curve(rect(0, 100), rect(10, 0)).at(-1)?.y).toBe(10);
});

test("a list's lines share their way and come in from the side", () => {
  const [one, other] = [rail({ x: 50, y: 80 }, rect(50, 100)), rail({ x: 50, y: 80 }, rect(50, 140))];
  expect(one.slice(0, 4)).toEqual(other.slice(0, 4));
  expect(other.at(-1)).toEqual({ x: 50, y: 150 });
  expect((one.length - 1) % 3).toBe(0);
});

test('paths are SVG, heads point where their line goes', () => {
  const points = curve(rect(0, 0), rect(0, 100));
  expect(pathOf(points)).toBe('M50 20C50 60 50 60 50 100');
  expect(headOf('call', points)).toMatchObject({ transform: 'translate(50 100) rotate(90)', open: false });
  expect(pathOf([])).toBe('');
});

test('no two kinds of lines look alike without their colours', () => {
  const looks = Object.entries(STYLES).map(
    ([kind, { dash, width }]) =>
      `${dash} ${width} ${
        headOf(kind, [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
        ]).d
      }`,
  );
  expect(new Set(looks).size).toBe(looks.length);
});

test('a slot is no box', () => {
  expect(outlineOf('slot', 100, 26)).not.toBe(outlineOf('function', 100, 26));
});
