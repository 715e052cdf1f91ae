import { expect, test } from 'vitest';
import { hover } from '../../../../../server/src/features/source/hover/hover.ts';
import { BELL_TREE } from '../../../support/bellTree.ts';
import { askIn, writtenTree } from '../../../support/marked.ts';

test("hover on a list's head: what is put there, and what calls through it", async () => {
  const tree = await writtenTree(BELL_TREE);
  const lines = (tree.files.get('kernel/day.c') ?? '').split('\n');
  const line = lines.findIndex((l) => l.startsWith('static struct bell_head day_bells')) + 1;
  const found = hover(askIn(tree, 'kernel/day.c'), line, lines[line - 1].indexOf('day_bells') + 1);
  const { value } = (found?.contents ?? { value: '' }) as { value: string };
  const text = value.replace(/\]\([^)]*\)/g, ']');
  expect(text).toBe(`**day\\_bells** · list of \`struct bell\` · 2 objects seen put there

| function | put there by | in |
| :-- | :-- | :-- |
| [\`cock_ring\`] | [\`cock_start\`] | [drivers/cock.c:2] |
| [\`tower_ring\`] | [\`tower_start\`] | [drivers/tower.c:2] |

Called through by
- [\`morning\`] by \`bell_ring_all\` · [kernel/day.c:8]`);
});
