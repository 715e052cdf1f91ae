import { expect, test } from 'vitest';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import { createParser } from '../../../server/src/syntax/parser.ts';
import { knowledgeOf } from './factsOf.ts';

const HEADERS = {
  'include/linux/it.h': `#define DECLARE_IT(type, name) extern type name
#define EXPORT_IT(f) extern typeof(f) f
#define FILL(o, f) SET(o, f)
#define TABLE(n) MAKE(n)
`,
  'drivers/misc/l.h': '#define LOCAL(n) struct x_ops n\n',
};
const FILES = {
  'drivers/misc/l.h': 'LOCAL(early);\n#define LOCAL(n) struct x_ops n\n',
  'drivers/misc/x.c': '#include "l.h"\nLOCAL(late);',
  'fs/a.c': 'DECLARE_IT(, hidden);\nEXPORT_IT(f);\nvoid fill(struct x_ops *o) { FILL(o, my_open); TABLE(t); }',
  'fs/b.c': 'DECLARE_IT(struct x_ops, shown);\nEXPORT_IT(g);',
  'mm/c.c': `#define SET(o, f) (o)->open = f
#define MAKE(n) static struct x_ops n = { .open = my_open }
void fill(struct x_ops *o) { FILL(o, my_open); TABLE(t); }`,
};

test('what a file says does not depend on the files read before it', async () => {
  const parser = await createParser();
  const read = (paths: string[]) => {
    const knowledge = knowledgeOf(HEADERS);
    return new Map(
      paths.map((path) => [path, fileFacts(path, Buffer.from(FILES[path as keyof typeof FILES]), knowledge, parser)]),
    );
  };
  const paths = Object.keys(FILES);
  const forth = read(paths);
  const back = read(paths.toReversed());
  for (const path of paths) expect(back.get(path)).toEqual(forth.get(path));
  expect(forth.get('fs/b.c')?.declarations.map((d) => d.name)).toContain('shown');
});

test('a header that names a macro before it defines it leaves it to those that include it', async () => {
  const knowledge = knowledgeOf(HEADERS);
  const parser = await createParser();
  const read = (path: keyof typeof FILES) => fileFacts(path, Buffer.from(FILES[path]), knowledge, parser);
  read('drivers/misc/l.h');
  expect(read('drivers/misc/x.c').variables.map((v) => v.name)).toEqual(['late']);
});
