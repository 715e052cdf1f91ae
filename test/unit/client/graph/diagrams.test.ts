import { expect, test } from 'vitest';
import { dotText, mermaidText } from '../../../../client/src/graph/diagrams.ts';
import { chainNodeNamed, chartOf } from '../../support/chart.ts';

const { nodes, links } = chartOf(['a b ->run f']);

test('Mermaid: slots as hexagons, dispatches thick, members with their tables', () => {
  expect(mermaidText(nodes, links)).toBe(`flowchart TD
  n0["a"]
  n1["b"]
  n2{{"ops->run"}}
  n3["f"]
  n0 --> n1
  n1 ==> n2
  n2 -.->|"in f_ops"| n3
`);
});

test('DOT: functions of one file in a cluster, nothing of a name ends its quotes', () => {
  const own = [
    ...nodes.map((node) => ({ ...node, file: node.kind === 'slot' ? node.file : 'fs/x.c' })),
    chainNodeNamed('"];x'),
  ];
  const text = dotText(own, links);
  expect(text).toContain('subgraph cluster_0 {\n    label="fs/x.c";\n    n0 [label="a"];');
  expect(text).toContain('n2 -> n3 [label="in f_ops", style=dashed, arrowhead=empty];');
  expect(text).not.toContain('"];x');
});
