import { expect, test } from 'vitest';
import { archByAddress, archByName, archOfMessage, archOfPath } from '../../../server/src/trace/arch.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';

const framesOf = (text: string) => parseTrace(`Call Trace:\n${text}`).stacks[0].frames;

test('by entries, addresses, registers and files that only one architecture has', () => {
  expect(archByName(framesOf(' do_work+0x1/0x2\n el0_svc+0x1/0x2'))).toBe('arm64');
  expect(archByName(framesOf(' do_work+0x1/0x2'))).toBeNull();
  expect(archByAddress(framesOf(' [<ffffffff81234567>] do_work+0x1/0x2'))).toBe('x86');
  expect(archOfMessage('pstate: 60400005 (nZCv daif)')).toBe('arm64');
  expect(archOfMessage('usb 1-1: new device')).toBeNull();
  expect(archOfPath('../arch/riscv/mm/fault.c')).toBe('riscv');
  expect(archOfPath('fs/pipes.c')).toBeNull();
});
