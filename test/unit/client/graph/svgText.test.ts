import { expect, test } from 'vitest';
import { boxesOf } from '../../../../client/src/graph/boxes.ts';
import { indexChart } from '../../../../client/src/graph/chart.ts';
import { linesBetween, type Picture } from '../../../../client/src/graph/place.ts';
import { sceneOf } from '../../../../client/src/graph/scene.ts';
import { escaped, svgText } from '../../../../client/src/graph/svgText.ts';
import { chartOf } from '../../support/chart.ts';

const palette = {
  ...{ background: '#111', text: '#eee', quiet: '#999', line: '#888', chosen: '#08f', box: '#222', border: '#444' },
  ...{ slot: '#fa0', room: '#181818' },
};

test('a file of its own: every box and line, no style and no script from outside, names as text', () => {
  const chart = chartOf(['a<b>&"c" ->run f'], { chosen: [['->run', 'f']] });
  const index = indexChart(chart);
  const scene = sceneOf(chart, { shown: new Set(), hidden: new Set(), pinned: new Set() }, index);
  const boxes = boxesOf(scene, index).map((box, n) => ({ ...box, x: 0, y: n * 80 }));
  const picture: Picture = { boxes, rooms: [], lines: linesBetween(boxes, scene.pairs) };
  const text = svgText(picture, index, 'Fault <path>', palette);
  expect(text).toContain('<title>Fault &lt;path&gt;</title>');
  expect(text).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
  expect(text.match(/stroke-dasharray="9 4"/g)).toHaveLength(1);
  expect(text).toContain(`stroke="${palette.chosen}"`);
  expect(text).not.toMatch(/<script|style=|class=|<b>/);
});

test('what XML has no place for is left out', () => {
  expect(escaped('a\u0000b\u001bc\td')).toBe('abc\td');
});
