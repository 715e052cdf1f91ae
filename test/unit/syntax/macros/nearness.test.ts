import { describe, expect, test } from 'vitest';
import { addHeaderMacros, newMacroKnowledge } from '../../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';
import { macroView } from '../../../../server/src/syntax/macros/view.ts';

/** What `op` means in a file that #includes what is told. */
function at(headers: Record<string, string>, includes: string[] = [], path = 'drivers/x/x.c'): string | null {
  const known = newMacroKnowledge('x86');
  for (const [file, text] of Object.entries(headers)) addHeaderMacros(known, scanMacros(file, Buffer.from(text)));
  return macroView(known, path, [], includes).lookup('op', 0)?.body ?? null;
}

describe('of several definitions of a name', () => {
  test('the nearest header', () => {
    const headers = {
      'include/linux/x.h': '#define op from_linux\n',
      'include/asm-generic/x.h': '#define op from_generic\n',
      'arch/x86/include/asm/x.h': '#define op from_x86\n',
      'arch/arm64/include/asm/x.h': '#define op from_arm64\n',
      'drivers/x/local.h': '#define op from_local\n',
      'drivers/other/other.h': '#define op from_other\n',
      'tools/include/x.h': '#define op from_tools\n',
    };
    expect(at(headers, ['"local.h"'])).toBe('from_local');
    expect(at(headers)).toBe('from_x86');
    expect(at(headers, [], 'arch/arm64/mm/x.c')).toBe('from_arm64');
    const { 'arch/x86/include/asm/x.h': _, ...rest } = headers;
    expect(at(rest)).toBe('from_linux');
  });

  test('a header of asm-generic only where the architecture leads to it', () => {
    const generic = { 'include/asm-generic/cur.h': '#define op from_generic\n' };
    const own = (text: string) => ({ ...generic, 'arch/x86/include/asm/cur.h': text });
    expect(at(generic)).toBe('from_generic');
    expect(at(own('int op(void);\n'))).toBeNull();
    expect(at(own('#include <asm-generic/cur.h>\n'))).toBe('from_generic');
    expect(at({ ...own(''), 'include/linux/cur.h': '#include <asm-generic/cur.h>\n' })).toBe('from_generic');
    // another architecture's way there is its own; code of one that has no such header sees the generic one
    expect(at({ ...own(''), 'arch/arm64/include/asm/cur.h': '#include <asm-generic/cur.h>\n' })).toBeNull();
    expect(at(own(''), [], 'arch/arm64/mm/x.c')).toBe('from_generic');
    // by way of another that the architecture has not
    expect(at({ ...own(''), 'include/asm-generic/b.h': '#include <asm-generic/cur.h>\n' })).toBe('from_generic');
  });

  test("another folder's private header is out of sight", () => {
    expect(at({ 'drivers/other/other.h': '#define op from_other\n' })).toBeNull();
    expect(at({ 'tools/include/x.h': '#define op from_tools\n' })).toBeNull();
    expect(at({ 'drivers/other/other.h': '#define op from_other\n' }, ['"../other/other.h"'])).toBe('from_other');
  });

  test('through the includes of a local header', () => {
    const headers = { 'drivers/x/a.h': '#include "deep/b.h"\n', 'drivers/x/deep/b.h': '#define op from_b\n' };
    expect(at(headers, ['"a.h"'])).toBe('from_b');
  });
});
