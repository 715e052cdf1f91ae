/** Names, subjects and arguments full of terminal sequences, in a real process, with a terminal and without. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Tree, writeTree } from '../support/marked.ts';
import { command, STEERING, shell, terminal, withoutOwn } from '../support/shell.ts';
import { VM_TREE } from '../support/vmTree.ts';

// a dozen processes one after the other
vi.setConfig({ testTimeout: 120_000 });

/** The clipboard is set, the screen cleared, a link opened, a line turned round. */
const EVIL = '\x1b]52;c;aGk=\x07\x1b[2J\x9b1m\x1b]8;;http://x/\x1b\\\u202e';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
  const folder = join(tree.root, `fs/ev${EVIL.replaceAll('/', '')}\nil`);
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'x.c'),
    '#include <linux/mm.h>\nstatic int evil_fault(void *v) { return 0; }\nstatic const struct vm_operations_struct evil_ops = { .fault = evil_fault };\n',
  );
  writeFileSync(
    join(tree.root, 'evil.patch'),
    `Subject: [PATCH] fix ${EVIL} it\n\n--- a/fs/${EVIL}.c\n+++ b/fs/${EVIL}.c\n@@ -9,3 +9,3 @@ f${EVIL}\n {\n-\treturn 0;\n+\treturn 1;\n }\n`,
  );
  writeFileSync(
    join(tree.root, 'evil.txt'),
    `[    1.0] BUG: ${EVIL} at x\n[    1.0] CPU: 0 PID: 1 Comm: ${EVIL} Not tainted\n[    1.0] Call Trace:\n filemap_fault+0x1/0x2 [ev${EVIL}il]\n evil_fault+0x1/0x2\n`,
  );
});

const COMMANDS: [string, ...string[]][] = [
  ['index'],
  ['patch', 'evil.patch'],
  ['backtrace', 'evil.txt'],
  ['symbol', 'evil_fault'],
  ['symbol', EVIL],
  ['ops', 'evil_ops'],
  ['dump', 'ops'],
  ['targets', `${EVIL}:1`],
  ['patch', EVIL],
  [EVIL],
  ['ops', 'x', `--${EVIL}`],
  ['ops', 'x', '--arch', EVIL],
  ['index', '--workers', EVIL],
  ['index', '--tree', `/no${EVIL}`],
];

describe.skipIf(process.platform === 'win32')('nothing but our own sequences goes out', () => {
  const all = () => COMMANDS.map((args) => command(...args)).join('\n');

  test('to a pipe: none at all', () => {
    const { out, err } = shell(all(), tree.storage, tree.root);
    expect(out).not.toMatch(STEERING);
    expect(err).not.toMatch(STEERING);
    expect(out).toContain('fix \\x1b]52;c;aGk=\\x07');
    expect(err).toContain("there is no command '\\x1b]52;c;aGk=\\x07");
    // one definition, one row
    expect(out.match(/^fs\/ev\S+\\nil\/x\.c:2:12: .*evil_fault$/m)?.length).toBe(1);
  });

  test.skipIf(process.platform !== 'linux')('to a terminal: bold, dim, places that are links', () => {
    const text = terminal(all(), tree.storage, tree.root);
    expect(withoutOwn(text)).not.toMatch(STEERING);
    expect(text).toContain('\x1b[1mevil_fault\x1b[0m');
    expect(text).toContain('\x1b]8;;file:///');
    expect(text).toContain('fix \\x1b]52;c;aGk=\\x07');
  });

  test('as JSON: the same names, escaped', () => {
    const { out } = shell(command('symbol', 'evil_fault', '--json', '--no-update'), tree.storage, tree.root);
    expect(out).not.toMatch(STEERING);
    expect((JSON.parse(out) as { file: string }).file).toBe(`fs/ev${EVIL.replaceAll('/', '')}\nil/x.c`);
  });
});
