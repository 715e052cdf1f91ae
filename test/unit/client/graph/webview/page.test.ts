import { expect, test } from 'vitest';
import { fromKept, keptOf, newPage } from '../../../../../client/src/graph/webview/page.ts';
import { chartOf } from '../../../support/chart.ts';

test('a page comes back as it was left; what another version has kept is nothing', () => {
  const page = { ...newPage(chartOf(['a b'])), focus: 'b' };
  page.choice = { shown: new Set(['a']), hidden: new Set(['b']), pinned: new Set(['a']) };
  const view = { x: 3, y: 4, scale: 0.5 };
  const kept = JSON.parse(JSON.stringify(keptOf(page, view)));
  expect(fromKept(kept)).toEqual({ page, view });
  expect(fromKept({ ...kept, version: 2 })).toBeNull();
  expect(fromKept(undefined)).toBeNull();
});
