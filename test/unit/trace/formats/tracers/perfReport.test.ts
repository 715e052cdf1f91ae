import { expect, test } from 'vitest';
import { parseTrace } from '../../../../../server/src/trace/parse.ts';
import { cutOut } from '../../support.ts';

const ways = (text: string): string[] => {
  const { stacks } = parseTrace(text);
  for (const s of stacks) for (const f of s.frames) expect(cutOut(text, f)).toBe(f.text);
  return stacks.map((s) => `${s.task} ${s.order}: ${s.frames.map((f) => f.text + (f.user ? '*' : '')).join(' ')}`);
};

test('callees first: each way to a leaf is a stack', () => {
  expect(
    ways(`
    14.04%  miller   [kernel.kallsyms]          [k] grind_fast
            |
            ---grind_fast
               |
               |--9.00%--mill_turn
               |          mill_run
               |
                --5.04%--mill_stop
                          entry_SYSCALL_64_after_hwframe
                          main

     1.00%  sleeper  [kernel.kallsyms]          [k] nap
            |
             --1.00%--nap
                       doze
`),
  ).toEqual([
    'miller innermost-first: grind_fast mill_turn mill_run',
    'miller innermost-first: grind_fast mill_stop entry_SYSCALL_64_after_hwframe main*',
    'sleeper innermost-first: nap doze',
  ]);
});

test('callers first, as --children has it', () => {
  expect(
    ways(`
    90.00%     0.10%  miller  [kernel.kallsyms]  [k] do_syscall_64
            |
            ---__libc_read
               entry_SYSCALL_64_after_hwframe
               do_syscall_64
               |
                --60.00%--mill_read
`),
  ).toEqual(['miller outermost-first: __libc_read* entry_SYSCALL_64_after_hwframe do_syscall_64 mill_read']);
});

test('a table without graphs makes no stack', () => {
  expect(
    ways('    14.04%  miller   [kernel.kallsyms]   [k] grind_fast\n     3.00%  miller   libc.so   [.] memcpy\n'),
  ).toEqual([]);
});
