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
