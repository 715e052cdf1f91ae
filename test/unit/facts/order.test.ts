import { expect, test } from 'vitest';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import { createParser } from '../../../server/src/syntax/parser.ts';
import { knowledgeOf } from './factsOf.ts';

const HEADERS = {
  'include/linux/it.h': '#define DECLARE_IT(type, name) extern type name\n#define EXPORT_IT(f) extern typeof(f) f',
};
const FILES = {
  'fs/a.c': 'DECLARE_IT(, hidden);\nEXPORT_IT(f);\n#define EXPORT_IT(x) struct x_ops x',
  'fs/b.c': 'DECLARE_IT(struct x_ops, shown);\nEXPORT_IT(g);',
  'mm/c.c': '#undef EXPORT_IT\n#define EXPORT_IT(f) struct x_ops f\nEXPORT_IT(own);\nDECLARE_IT(, third);',
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
