import { describe, expect, test } from 'vitest';
import { expand } from '../../../../server/src/syntax/macros/expand.ts';
import { addHeaderMacros, newMacroKnowledge } from '../../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';
import { readSource, sliceToks } from '../../../../server/src/syntax/source.ts';
import { joinToks } from '../../../../server/src/syntax/toks.ts';

/** What a file comes to with the lists that it #includes. */
function read(path: string, text: string, headers: Record<string, string>, architecture = 'arm64'): string {
  const knowledge = newMacroKnowledge(architecture);
  for (const [file, header] of Object.entries(headers))
    addHeaderMacros(knowledge, scanMacros(file, Buffer.from(header)));
  const source = readSource(path, Buffer.from(text), knowledge);
  return joinToks(expand(sliceToks(source, 0, source.tokens.count), { macros: source.macros }).toks);
}

const LIST = `#include <asm/words.h>
#ifndef __CALL
#define __CALL(nr, name)
#endif
#if __BITS_PER_LONG == 32 || defined(__CALL_COMPAT)
#define __CALL_3264(nr, a, b) __CALL(nr, a)
#else
#define __CALL_3264(nr, a, b) __CALL(nr, b)
#endif
#define __NR_look 0
__CALL(__NR_look, sys_look)
#define __NR_turn 7
__CALL_3264(__NR_turn, sys_turn32, sys_turn64)
#ifdef __WANT_OLD
__CALL(8, sys_old)
#endif
#ifdef CONFIG_MMU
__CALL(9, sys_map)
#endif
`;

const HEADERS = {
  'include/uapi/asm-generic/list.h': LIST,
  'arch/arm64/include/asm/list.h': '#define __WANT_OLD\n#include <uapi/asm/list.h>\n',
  'arch/arm64/include/uapi/asm/list.h': '#include <asm-generic/list.h>\n',
};

describe('a list of calls with #defines of its own', () => {
  test('is read as those #define it who #include it, by way of the headers before it', () => {
    expect(read('arch/arm64/kernel/sys.c', '#define __CALL(nr, f) [nr] = f,\n#include <asm/list.h>\n', HEADERS)).toBe(
      '[0] = sys_look, [7] = sys_turn64, [8] = sys_old, [9] = sys_map,',
    );
  });

  test('what it asks for and nobody defines is not there; words have as many bits as the architecture has', () => {
    const headers = { ...HEADERS, 'arch/csky/include/uapi/asm/list.h': '#include <asm-generic/list.h>\n' };
    expect(read('arch/csky/kernel/sys.c', '#define __CALL(nr, f) f,\n#include <asm/list.h>\n', headers)).toBe(
      'sys_look, sys_turn32, sys_map,',
    );
  });

  test('a name that the file defines counts, too', () => {
    const text = '#define __CALL_COMPAT\n#define __CALL(nr, f) f,\n#include <asm/list.h>\n';
    expect(read('arch/arm64/kernel/sys32.c', text, HEADERS)).toBe('sys_look, sys_turn32, sys_old, sys_map,');
  });

  test('brings nothing to who takes its numbers alone', () => {
    expect(read('arch/arm64/kernel/x.c', '#include <asm/list.h>\nint x;\n', HEADERS)).toBe('int x;');
    expect(
      read('arch/arm64/kernel/x.c', '#define __CALL(nr, f) f\n#undef __CALL\n#include <asm/list.h>\nint x;\n', HEADERS),
    ).toBe('int x;');
  });
});
