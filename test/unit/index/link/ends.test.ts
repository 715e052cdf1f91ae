import { expect, test } from 'vitest';
import { type End, endKey, parseEnd } from '../../../../server/src/index/link/ends.ts';

const ENDS: [string, End][] = [
  ['ext4_fault', { kind: 'name', name: 'ext4_fault' }],
  ['vm_ops.fault', { kind: 'slot', owner: 'vm_ops', member: 'fault' }],
  ['walk#2', { kind: 'parameter', of: { kind: 'name', name: 'walk' }, index: 2 }],
  ['ops.walk#0', { kind: 'parameter', of: { kind: 'slot', owner: 'ops', member: 'walk' }, index: 0 }],
  ['pick#-1', { kind: 'result', of: { kind: 'name', name: 'pick' } }],
  ['', { kind: 'called' }],
];

test.each(ENDS)('%s is one end, as text and as data', (key, end) => {
  expect(endKey(end)).toBe(key);
  expect(parseEnd(key)).toEqual(end);
});
