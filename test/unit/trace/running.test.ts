import { expect, test } from 'vitest';
import { runningOf } from '../../../server/src/trace/running.ts';

test('who runs where, of which kernel', () => {
  expect(runningOf('CPU: 2 UID: 0 PID: 77 Comm: miller Not tainted 6.12.9 #1')).toMatchObject({
    ...{ cpu: 2, pid: 77, task: 'miller', version: '6.12.9' },
  });
  expect(runningOf('PID: 77   TASK: ffff888104a50000  CPU: 2   COMMAND: "mill"')).toMatchObject({
    kind: 'crash',
    opens: true,
  });
  expect(runningOf('COMM=miller PID=77')).toEqual({ task: 'miller', pid: 77 });
  expect(runningOf('CPU: 2 is hot')).toBe(null);
});
