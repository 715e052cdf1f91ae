// @vitest-environment happy-dom
import { beforeAll, expect, test } from 'vitest';
import { indexChart } from '../../../../../client/src/graph/chart.ts';
import { laidOut, pictureFor } from '../../../../../client/src/graph/webview/acts.ts';
import { draw, highlight } from '../../../../../client/src/graph/webview/draw.ts';
import { newPage } from '../../../../../client/src/graph/webview/page.ts';
import { chartOf, linkNamed } from '../../../support/chart.ts';
import { columnLayout, loadBody } from '../../../support/graphPage.ts';

beforeAll(loadBody);

function drawn() {
  const chart = chartOf(['<img/src=x> ->run f'], { chosen: [['->run', 'f']] });
  chart.links[1] = linkNamed('->run', 'f', { evidence: 'name' });
  const page = newPage(chart);
  const { ask, scene } = pictureFor(page, 7);
  const { picture } = laidOut(page, scene, 7, columnLayout({ kind: 'lay', id: 1, picture: ask }));
  return draw({ picture, index: indexChart(chart), folds: [], pinned: new Set(['f']) });
}

test('names are text; kinds, chosen ways, guesses and pins can be told apart', () => {
  const { boxes, lines } = drawn();
  expect(document.querySelector('img')).toBeNull();
  expect(boxes.get('<img/src=x>')?.textContent).toContain('<img/src=x>');
  expect(boxes.get('->run')?.getAttribute('class')).toBe('box slot chosen');
  expect(boxes.get('f')?.querySelector('.pin')).not.toBeNull();
  const member = [...lines.values()][1];
  expect(member.getAttribute('class')).toBe('line member chosen');
  expect(member.querySelector('.stroke')?.getAttribute('stroke-dasharray')).toBe('2 5');
});

test('what is near stands out, until nothing is looked at', () => {
  const all = drawn();
  highlight(all, new Set(['->run', 'f']));
  expect(document.getElementById('canvas')?.classList.contains('dimmed')).toBe(true);
  expect([...all.boxes].filter(([, box]) => box.classList.contains('near')).map(([id]) => id)).toEqual(['->run', 'f']);
  highlight(all, null);
  expect(document.querySelectorAll('.near, .dimmed')).toHaveLength(0);
});
