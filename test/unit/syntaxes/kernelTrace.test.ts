import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { ROOT } from '../../../scripts/lib/run.mjs';

let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
  const path = join(ROOT, 'syntaxes', 'kernel-trace.tmLanguage.json');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, 'utf8'), path),
  });
  const loaded = await registry.loadGrammar('text.kernel-trace');
  if (!loaded) throw new Error('the grammar does not load');
  grammar = loaded;
});

/** The first scope, without the language's name, of each part of a line that has one. */
function scopes(line: string): Record<string, string> {
  const { tokens } = grammar.tokenizeLine(line, null);
  const out: Record<string, string> = {};
  for (const t of tokens) {
    const scope = t.scopes[1] === undefined ? undefined : t.scopes[t.scopes.length - 1];
    if (scope) out[line.slice(t.startIndex, t.endIndex).trim()] = scope.replace('.kernel-trace', '');
  }
  return out;
}

test('a frame of dmesg: time stamp, address, function, offset, size, module', () => {
  expect(scopes('[  640.919366] [<ffff800000ab02d4>] test_simple_readpage+0x14/0x30 [myfs]')).toMatchObject({
    '[  640.919366]': 'comment.line.timestamp',
    '[<ffff800000ab02d4>]': 'comment.line.address',
    test_simple_readpage: 'entity.name.function',
    '0x14': 'constant.numeric.offset',
    '0x30': 'constant.numeric.size',
    myfs: 'entity.name.namespace.module',
  });
});

test('an unreliable frame, a caller id, a section', () => {
  expect(scopes('[   72.418287][  T214]  ? filemap_get_folio+0x10/0x40')).toMatchObject({
    '[   72.418287][  T214]': 'comment.line.timestamp',
    '?': 'keyword.operator.unreliable',
    filemap_get_folio: 'entity.name.function',
  });
  expect(scopes('[   72.418279]  <TASK>')).toMatchObject({ '<TASK>': 'keyword.control.section' });
});

test('headings and titles', () => {
  expect(scopes('Freed by task 402:')).toMatchObject({ 'Freed by task 402:': 'entity.name.section' });
  const bug = 'BUG: KASAN: slab-use-after-free in tempsense_alarm+0x4/0x20 [tempsense_drv]';
  expect(Object.values(scopes(bug)).join(' ')).toContain('invalid.illegal.report');
  expect(scopes('CPU: 1 PID: 431 Comm: reader Not tainted')).toMatchObject({ reader: 'string.unquoted.task' });
});

test('a frame of GDB: number, address, function, arguments, place', () => {
  const line =
    '#1  0xffffffff81005ba5 in read_pages (rac=0xffffc9000045fb90, n=<optimized out>) at ../mm/readahead.c:17';
  expect(scopes(line)).toMatchObject({
    '#1': 'constant.numeric.frame',
    '0xffffffff81005ba5': 'comment.line.address',
    read_pages: 'entity.name.function',
    rac: 'variable.parameter',
    '<optimized out>': 'comment.line.optimized',
    '../mm/readahead.c': 'string.unquoted.path',
    '17': 'constant.numeric.line',
  });
});

test('ftrace, registers', () => {
  expect(scopes(' => shm_fault')).toMatchObject({ '=>': 'keyword.operator.frame', shm_fault: 'entity.name.function' });
  expect(scopes('RIP: 0010:ext4_mpage_readpages+0x73/0x100')).toMatchObject({
    RIP: 'variable.language.register',
    ext4_mpage_readpages: 'entity.name.function',
  });
});

test('a patch mail, as it is and quoted twice', () => {
  for (const quote of ['', '> ', '> > ']) {
    expect(scopes(`${quote}@@ -4020,7 +4020,7 @@ static int f(struct inode *inode,`)).toMatchObject({
      '-4020,7 +4020,7': 'constant.numeric',
      'static int f(struct inode *inode,': 'entity.name.function',
    });
    expect(scopes(`${quote}+	return 0;`)['+	return 0;']).toBe('markup.inserted');
    expect(scopes(`${quote}-	return 0;`)['-	return 0;']).toBe('markup.deleted');
    expect(scopes(`${quote}diff --git a/fs/x.c b/fs/x.c`)['diff --git a/fs/x.c b/fs/x.c']).toMatch(
      'entity.name.section',
    );
  }
  expect(Object.values(scopes('> some prose of a reader'))).toContain('markup.quote');
});

test('in a hunk every line is marked, whatever it begins with; behind it prose is prose', () => {
  const lines = [
    '@@ -1,4 +1,4 @@',
    ' int f(void)',
    '+{',
    '-static int g;',
    '+3 + 4',
    '',
    '-- ',
    '-5 degrees',
    'Thanks',
  ];
  let state: textmate.StateStack | null = null;
  const marks = lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return /markup\.(\w+)/.exec(tokens.flatMap((t) => t.scopes).join(' '))?.[1] ?? '';
  });
  expect(marks).toEqual(['', '', 'inserted', 'deleted', 'inserted', '', '', '', '']);
  expect(scopes('> +static int g;')['+static int g;']).toBe('markup.inserted');
  expect(scopes('> -}')['-}']).toBe('markup.deleted');
  expect(Object.values(scopes('> -5 degrees')).join(' ')).not.toContain('deleted');
});

test('prose stays plain', () => {
  expect(scopes('This is what we have seen - twice, in fact. It is-not+good.')).toEqual({});
});
