import { describe, expect, test } from 'vitest';
import {
  addHeaderMacros,
  includeCandidates,
  newMacroKnowledge,
  normalize,
  rereaders,
  templateOf,
} from '../../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';

function knowledge(headers: Record<string, string>) {
  const known = newMacroKnowledge('x86');
  for (const [file, text] of Object.entries(headers)) addHeaderMacros(known, scanMacros(file, Buffer.from(text)));
  return known;
}

describe('paths of an #include', () => {
  test('beside the file first for quotes', () => {
    expect(includeCandidates('drivers/x/x.c', '"y.h"', 'x86').slice(0, 3)).toEqual([
      'drivers/x/y.h',
      'include/y.h',
      'arch/x86/include/y.h',
    ]);
  });

  test('of the architecture of the file', () => {
    expect(includeCandidates('arch/arm64/mm/x.c', '<asm/page.h>', 'x86')).toEqual([
      'arch/arm64/include/asm/page.h',
      'arch/arm64/include/uapi/asm/page.h',
      'include/asm-generic/page.h',
      'include/uapi/asm-generic/page.h',
      'include/asm-arm64/page.h',
    ]);
  });

  test('dots', () => {
    expect(['a/./b/../c.h', '../x.h', 'a//b'].map(normalize)).toEqual(['a/c.h', 'x.h', 'a/b']);
  });
});

test('a template header is found by its #include alone', () => {
  const known = knowledge({ 'include/linux/hooks.h': 'HOOK(a)\nHOOK(b)\n', 'include/linux/x.h': '#define X y\n' });
  expect(templateOf(known, 'mm/x.c', '<linux/hooks.h>')).toEqual({ text: 'HOOK(a)\nHOOK(b)\n', through: [] });
  expect(templateOf(known, 'mm/x.c', '<linux/x.h>')).toBeNull();
  expect(templateOf(known, 'mm/x.c', '<other/hooks.h>')).toBeNull();
});

test('a header that #includes what a macro names reads its file again', () => {
  const known = knowledge({
    'include/trace/again.h': '#include AGAIN(x)\n',
    'include/trace/once.h': '#include "x.h"\n',
  });
  expect(rereaders(known, 'include/trace/events/x.h', ['<trace/again.h>', '<trace/once.h>'])).toEqual([
    'include/trace/again.h',
  ]);
});
