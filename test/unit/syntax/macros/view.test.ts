import { describe, expect, test } from 'vitest';
import { addHeaderMacros, newMacroKnowledge } from '../../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';
import { macroView, redefinedBy } from '../../../../server/src/syntax/macros/view.ts';
import { readSource } from '../../../../server/src/syntax/source.ts';

const scan = (text: string, file = 'include/linux/x.h') => scanMacros(file, Buffer.from(text, 'latin1'));

function knowledge(headers: Record<string, string>, architecture = 'x86') {
  const known = newMacroKnowledge(architecture);
  for (const [file, text] of Object.entries(headers)) addHeaderMacros(known, scan(text, file));
  return known;
}

/** What `name` means at the mark `<>` of a file, as `body (condition)`. */
function at(text: string, name: string, headers: Record<string, string> = {}, path = 'drivers/x/x.c'): string | null {
  const pos = text.indexOf('<>');
  const source = readSource(path, Buffer.from(text.replace('<>', '  '), 'latin1'), knowledge(headers));
  const macro = source.macros.lookup(name, pos < 0 ? text.length : pos);
  return macro && `${macro.body}${macro.condition === null ? '' : ` (${macro.condition})`}`;
}

describe('what a name means', () => {
  test("the file's own definition before a header's", () => {
    const headers = { 'include/linux/x.h': '#define op(x) header(x)\n' };
    expect(at('#define op(x) own(x)\n', 'op', headers)).toBe('own(x)');
    expect(at('<>\n#define op(x) own(x)\n', 'op', headers)).toBe('header(x)');
  });

  test('the last definition before the use', () => {
    const text = '#define op first\n#undef op\n#define op second\n';
    expect(at(text, 'op')).toBe('second');
    expect(at(text.replace('#undef', '<>\n#undef'), 'op')).toBe('first');
  });

  test('#undef ends it', () => {
    expect(at('#define op first\n#undef op\n<>', 'op', { 'include/linux/x.h': '#define op other\n' })).toBeNull();
  });

  test('of two arms the one that says more', () => {
    expect(at('#ifdef CONFIG_A\n#define op(x) real(x)\n#else\n#define op(x)\n#endif\n', 'op')).toBe(
      'real(x) (defined(CONFIG_A))',
    );
    expect(at('#ifdef CONFIG_A\n#define op(x)\n#else\n#define op(x) real(x)\n#endif\n', 'op')).toBe(
      'real(x) (!defined(CONFIG_A))',
    );
    expect(
      at('x', 'op', { 'include/linux/x.h': '#ifdef A\n#define op(x)\n#else\n#define op(x) real(x)\n#endif\n' }),
    ).toBe('real(x) (!defined(A))');
  });

  test('likely() is what it is without the branch profiler', () => {
    const knowledge = newMacroKnowledge('x86');
    const text = `#if defined(CONFIG_TRACE_BRANCH_PROFILING) && !defined(__CHECKER__)
#define likely(x) profile(x)
#else
#define likely(x) expect(x)
#endif
#ifdef CONFIG_PROFILE_ALL_BRANCHES
#define counted(x) profile(x)
#endif
`;
    addHeaderMacros(knowledge, scanMacros('include/linux/compiler.h', Buffer.from(text)));
    const view = macroView(knowledge, 'mm/x.c', [], []);
    expect(view.lookup('likely', 1)).toMatchObject({ body: 'expect(x)', condition: null });
    expect(view.lookup('counted', 1)).toBeNull();
  });

  test('a definition under #if 0 is none', () => {
    expect(at('#if 0\n#define op gone\n#endif\n', 'op')).toBeNull();
  });

  test('a name that nobody defines', () => {
    expect(at('x', 'op')).toBeNull();
    expect(macroView(newMacroKnowledge('x86'), 'a.c', [], []).lookup('constructor', 0)).toBeNull();
    expect(macroView(newMacroKnowledge('x86'), 'a.c', [], []).lookup('__proto__', 0)).toBeNull();
  });
});

test('a header that reads the file again puts its own definitions in the place of others', () => {
  const known = knowledge({
    'include/trace/again.h': '#define EVENT(x) fn_##x\n',
    'include/linux/x.h': '#define other y\n#define gone z\n',
  });
  const view = macroView(known, 'include/trace/events/x.h', [], []);
  const [event] = known.byName.get('EVENT') ?? [];
  const again = redefinedBy(
    view,
    new Map([
      ['EVENT', event],
      ['gone', null],
    ]),
  );
  expect(again.lookup('EVENT', 0)?.body).toBe('fn_##x');
  expect(again.lookup('other', 0)?.body).toBe('y');
  expect(again.lookup('gone', 0)).toBeNull();
});
