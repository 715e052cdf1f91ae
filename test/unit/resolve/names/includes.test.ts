import { describe, expect, test } from 'vitest';
import { withDocuments } from '../../../../server/src/index/read/overlay.ts';
import { sightOf } from '../../../../server/src/resolve/names/includes.ts';
import { factsOfFiles, memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/compiler_types.h': '#define __init\n',
  'include/linux/io.h': '#include <asm/io.h>\n#include <generated/config.h>\n',
  'include/asm-generic/io.h': 'int generic_io;\n',
  'include/asm-generic/delay.h': 'int generic_delay;\n',
  'arch/x86/include/asm/io.h': '#include <asm/uaccess.h>\n',
  'arch/x86/include/uapi/asm/uaccess.h': 'int user;\n',
  'arch/arm64/include/asm/io.h': '#include <asm-generic/io.h>\n',
  'drivers/net/big/include/hw.h': 'int hw;\n',
  'drivers/net/big/core/main.c': '#include <linux/io.h>\n#include "hw.h"\n#include "part.c"\n',
  'drivers/net/big/core/part.c': 'static int part;\n',
  'sound/core/hw.h': 'int sound;\n',
  'arch/arm64/mm/a.c': '#include <linux/io.h>\n',
  'mm/a.c': '#include <asm/delay.h>\n',
});
const seen = (from: string): string[] => Object.keys(world.files).filter(sightOf(world, from));

describe('what a file sees', () => {
  test('by the headers of the architecture in view; a header of a folder that a Makefile names, by its name', () => {
    expect(seen('drivers/net/big/core/main.c')).toEqual([
      'include/linux/compiler_types.h',
      'include/linux/io.h',
      'arch/x86/include/asm/io.h',
      'arch/x86/include/uapi/asm/uaccess.h',
      'drivers/net/big/include/hw.h',
      'drivers/net/big/core/part.c',
    ]);
  });

  test("by those of the file's own architecture", () => {
    expect(seen('arch/arm64/mm/a.c')).toEqual([
      'include/linux/compiler_types.h',
      'include/linux/io.h',
      'include/asm-generic/io.h',
      'arch/arm64/include/asm/io.h',
    ]);
  });

  test('by asm-generic where the architecture has no header of its own', () => {
    expect(seen('mm/a.c')).toEqual(['include/linux/compiler_types.h', 'include/asm-generic/delay.h']);
  });

  test('an open document by what is written in it now', async () => {
    const index = withDocuments(world.index, await factsOfFiles({ 'mm/a.c': '#include <linux/io.h>\n' }));
    expect(sightOf({ index, architecture: 'x86' }, 'mm/a.c')('include/linux/io.h')).toBe(true);
    expect(sightOf(world, 'mm/a.c')('include/linux/io.h')).toBe(false);
  });
});
