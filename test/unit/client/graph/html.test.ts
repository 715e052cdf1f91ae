import { expect, test } from 'vitest';
import { pageHtml } from '../../../../client/src/graph/html.ts';

const page = pageHtml({ source: 'https://webview', style: 'graph.css', script: 'graph.js', nonce: 'abc' });

test('only the page of its own runs, and nothing is fetched from elsewhere', () => {
  expect(page).toContain(
    `content="default-src 'none'; style-src https://webview; script-src 'nonce-abc'; img-src data:;"`,
  );
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toMatch(/ style="| on\w+="|unsafe-/);
});

test('the key names every kind of line, and what has no text has a label', () => {
  for (const says of ['a call by name', 'a call through a slot', 'inlined there']) expect(page).toContain(says);
  for (const [button] of page.matchAll(/<button[^>]*>[^<]*<\/button>/g))
    expect(button).toMatch(/>\s*\w|aria-label=|id="again"/);
});
