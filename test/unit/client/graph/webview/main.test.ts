// @vitest-environment happy-dom
import { beforeAll, expect, test } from 'vitest';
import type { FromPage, ToPage } from '../../../../../client/src/graph/messages.ts';
import { chainNodeNamed, chartOf, linkNamed } from '../../../support/chart.ts';
import {
  boxesInSight,
  boxOf,
  columnLayout,
  fakeHost,
  loadBody,
  post,
  press,
  settle,
} from '../../../support/graphPage.ts';

const HELD = Array.from({ length: 20 }, (_, n) => `f${n}`);
const chart = chartOf(['start middle ->run', ...HELD.map((name) => `->run ${name}`)], {
  title: 'A <b>graph</b>',
  chosen: [['start', 'middle']],
  remarks: ['read_folio is readpage in this tree.'],
});

function answer(message: FromPage): ToPage | null {
  switch (message.kind) {
    case 'ready':
      return message.has ? null : { kind: 'chart', chart };
    case 'lay':
      return { kind: 'picture', id: message.id, result: columnLayout(message) };
    case 'expand':
      return {
        ...{ kind: 'steps', id: message.id, folds: [], message: null },
        nodes: [chainNodeNamed('caller')],
        links: [linkNamed('caller', message.node.id)],
      };
    default:
      return null;
  }
}

const host = fakeHost(answer);
const text = (id: string): string => document.getElementById(id)?.textContent ?? '';
const click = (element: Element, more: MouseEventInit = {}): boolean =>
  element.dispatchEvent(new MouseEvent('click', { bubbles: true, ...more }));
const menu = (): string[] =>
  [...document.querySelectorAll('#menu [role=menuitem]')].map((item) => item.textContent ?? '');
const choose = (label: string): void => {
  const item = [...document.querySelectorAll<HTMLElement>('#menu [role=menuitem]')].find(
    (i) => i.textContent === label,
  );
  item?.click();
};
const last = (kind: FromPage['kind']): FromPage | undefined => host.told.filter((m) => m.kind === kind).at(-1);

beforeAll(async () => {
  loadBody();
  await import('../../../../../client/src/graph/webview/main.ts');
  await settle();
});

test('a chart is laid out and drawn, its words as text, its fan-outs folded', () => {
  expect(text('title')).toBe('A <b>graph</b>');
  expect(document.querySelector('#title b')).toBeNull();
  expect(boxesInSight()).toEqual(['start', 'middle', '->run', 'f0', 'f1', 'f2', 'targets of ->run']);
  expect(document.querySelectorAll('g.line.chosen')).toHaveLength(1);
  expect(document.querySelectorAll('g.line.dispatch')).toHaveLength(1);
  expect(text('remarkList')).toBe('read_folio is readpage in this tree.');
  expect(boxOf('->run').getAttribute('aria-label')).toBe(
    '->run ops, slot · include/ops.h:4, 1 caller, 20 targets in this graph',
  );
});

test('arrow keys follow the lines, Enter opens', () => {
  boxOf('start').focus();
  press('ArrowDown');
  expect((document.activeElement as SVGGElement).dataset.id).toBe('middle');
  expect(document.querySelectorAll('g.box[tabindex="0"]')).toHaveLength(1);
  press('ArrowDown');
  press('ArrowUp');
  press('Enter');
  expect(last('open')).toMatchObject({ location: { uri: 'file:///k/fs/middle.c' }, beside: false });
});

test('a click on a line opens the call', () => {
  const line = [...document.querySelectorAll<SVGGElement>('g.line')].find((l) => l.dataset.from === 'start');
  click(line?.querySelector('.hit') as Element);
  expect(last('open')).toMatchObject({ location: { uri: 'file:///k/fs/start.c', range: { start: { line: 7 } } } });
});

test('a fold opens in place: what is there stays there', () => {
  const before = boxOf('->run').getAttribute('transform');
  click(boxOf('targets of ->run'));
  expect(boxesInSight()).toHaveLength(3 + 20);
  expect(boxOf('->run').getAttribute('transform')).toBe(before);
  expect(document.querySelectorAll('g.room.opened')).toHaveLength(1);
  expect((document.activeElement as SVGGElement).dataset.id).toBe('f3');
});

test('the menu: expand, pin, hide, show again', async () => {
  boxOf('start').focus();
  press('F10', { shiftKey: true });
  expect(menu()).toEqual(expect.arrayContaining(['Expand Callers', 'Expand Targets', 'Pin', 'Hide']));
  choose('Expand Callers');
  await settle();
  expect(last('expand')).toMatchObject({ side: 'callers', node: { id: 'start' } });
  expect(boxesInSight()).toContain('caller');
  boxOf('f5').focus();
  press('p');
  expect(boxOf('f5').getAttribute('aria-label')).toContain('pinned');
  press('Delete');
  expect(boxesInSight()).not.toContain('f5');
  expect(text('again')).toBe('Show 1 Hidden');
  click(document.getElementById('again') as Element);
  expect(boxesInSight()).toContain('f5');
});

test('a search marks what it finds and goes from one to the next; Escape ends it', () => {
  const input = document.getElementById('search') as HTMLInputElement;
  input.focus();
  input.value = 'f1';
  input.dispatchEvent(new Event('input', { bubbles: true }));
  expect(document.querySelectorAll('g.box.found')).toHaveLength(11);
  expect(text('found')).toMatch(/^1 of 11/);
  press('Enter');
  expect(text('found')).toMatch(/^2 of 11/);
  press('Escape');
  expect(document.querySelectorAll('g.box.found')).toHaveLength(0);
});

test('what is in sight is saved as a text', async () => {
  click(document.getElementById('export') as Element);
  choose('Save as Mermaid…');
  await settle();
  expect(last('save')).toMatchObject({ format: 'mermaid', text: expect.stringMatching(/^flowchart TD\n/) });
});

test('all of it is kept: a page that is loaded again shows it without asking', () => {
  expect(host.state).toMatchObject({ version: 1, chart: { title: 'A <b>graph</b>' }, pinned: ['f5'] });
});

test('a layout that fails says why, in sight and to a screen reader', async () => {
  post({ kind: 'chart', chart: chartOf(['a b']) });
  await settle();
  expect(boxesInSight()).toEqual(['a', 'b']);
});
