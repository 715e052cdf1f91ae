import { expect, test } from 'vitest';
import { perfFrame, perfHeader } from '../../../../../server/src/trace/formats/tracers/perf.ts';
import { cleanLine } from '../../../../../server/src/trace/lines/clean.ts';

const read = (line: string) => perfFrame(cleanLine(line)[0], 1);

test('the line above a stack', () => {
  expect(perfHeader('cat  10/1234 [001] 12.345678: 250000 cycles:')).toEqual({
    task: 'cat',
    pid: 1234,
    cpu: 1,
    event: 'cycles',
  });
  expect(perfHeader('# captured on: today:')).toBeNull();
});

test('frames of the kernel, of modules and of programs', () => {
  expect(read('\tffffffff81234567 pipe_flush+0x9f ([kernel.kallsyms])')).toMatchObject({
    function: 'pipe_flush',
    offset: 0x9f,
    module: null,
    user: false,
  });
  expect(read('\tffffffffc0234567 pipe_flush+0x9f ([pipes])')).toMatchObject({ module: 'pipes' });
  expect(read('\t    7f1234567890 read+0x10 (/lib/libc.so.6)')).toMatchObject({ user: true });
  expect(read('\t    7f1234567890 [unknown] ([unknown])')).toMatchObject({ function: '', user: true });
  expect(read('\tffffffff81234567 pipe_poll (inlined)')).toMatchObject({ inlined: true });
  expect(read('  no frame (at all)')).toBeNull();
});
