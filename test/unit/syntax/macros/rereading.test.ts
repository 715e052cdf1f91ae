import { expect, test } from 'vitest';
import { addHeaderMacros, newMacroKnowledge } from '../../../../server/src/syntax/macros/knowledge.ts';
import { rereadings } from '../../../../server/src/syntax/macros/rereading.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';

function readings(headers: Record<string, string>) {
  const knowledge = newMacroKnowledge('x86');
  for (const [file, text] of Object.entries(headers)) addHeaderMacros(knowledge, scanMacros(file, Buffer.from(text)));
  return rereadings(knowledge, 'include/trace/events/x.h', ['<trace/again.h>']).map((reading) =>
    [...reading].map(([name, macro]) => `${name}: ${macro ? macro.body : '-'}`),
  );
}

test('each #include of what a macro names is a reading, with what is in force there', () => {
  expect(
    readings({
      'include/trace/again.h':
        '#undef E\n#define E(x) first_##x\n#include AGAIN(x)\n#undef E\n#include "more.h"\n#include AGAIN(x)\n',
      'include/trace/more.h':
        '#undef F\n#define F(x) f_##x\n#define E(x) second_##x F(x)\n#include AGAIN(x)\n#undef F\n',
    }),
  ).toEqual([['E: first_##x'], ['E: second_##x F(x)', 'F: f_##x'], ['E: second_##x F(x)', 'F: -']]);
});

test('a name of both arms of an #if: the one that tells more', () => {
  expect(
    readings({
      'include/trace/again.h': `#ifdef CONFIG_MORE
#define E(x) more_##x
#else
#define E(x)
#endif
#include AGAIN(x)
`,
    }),
  ).toEqual([['E: more_##x']]);
});

test('headers that #include each other come to an end', () => {
  const loop = {
    'include/trace/again.h': '#include <trace/b.h>\n#include AGAIN(x)\n',
    'include/trace/b.h': '#include <trace/again.h>\n#include AGAIN(x)\n',
  };
  expect(readings(loop).length).toBeLessThanOrEqual(40);
  expect(readings({ 'include/trace/again.h': '#include AGAIN(x)\n'.repeat(100) })).toHaveLength(40);
});
