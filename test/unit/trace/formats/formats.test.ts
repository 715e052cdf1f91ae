import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { framesInTerminalLine, mayBeTrace } from '../../../../client/src/backtrace/traceDetect.ts';
import { ROOT } from '../../../../scripts/lib/run.mjs';
import { TOOLS, type ToolKind } from '../../../../server/src/trace/formats/kinds.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';

// A new tool has to be added to this list: the type asks for it. What the server reads, the client has to detect and the
// grammar to colour; all three are held against the same lines.

interface Example {
  text: string;
  /** a function that is read from it, and stands in the line at `line` (0-based) */
  function: string;
  line: number;
  /** whether a terminal's line alone is a link */
  linked: boolean;
}

/** Places of events are no text of their own. */
type Printed = Exclude<ToolKind, 'ftrace-events'>;

const EXAMPLES: Record<Printed | 'kernel', Example> = {
  kernel: {
    text: '[   12.345678] Call Trace:\n[   12.345679]  pipe_flush+0x9f/0x310 [pipes]\n[   12.345680]  pipe_sync+0x10/0x20',
    ...{ function: 'pipe_flush', line: 1, linked: true },
  },
  gdb: {
    text: '#0  pipe_flush (pipe=0x0) at fs/pipes.c:20\n#1  0xffffffff811b6288 in pipe_sync (pipe=0x0) at fs/pipes.c:31',
    ...{ function: 'pipe_sync', line: 1, linked: true },
  },
  crash: {
    text: ' #0 [ffffc90000c0fe18] pipe_flush at ffffffff81a0a5d1\n #1 [ffffc90000c0fe40] pipe_sync at ffffffff81a0a6d2',
    ...{ function: 'pipe_sync', line: 1, linked: false },
  },
  drgn: {
    text: '#0  pipe_flush (./fs/pipes.c:20:3)\n#1  pipe_sync (./fs/pipes.c:31:8)',
    ...{ function: 'pipe_sync', line: 1, linked: true },
  },
  ftrace: {
    text: ' cat-123 [001] d..2. 9.239393: <stack trace>\n => pipe_flush\n => pipe_sync',
    ...{ function: 'pipe_flush', line: 1, linked: true },
  },
  'function-graph': {
    text: ' 1)               |  pipe_sync() {\n 1)   0.379 us    |    pipe_flush();\n 1)   1.000 us    |  }',
    ...{ function: 'pipe_flush', line: 1, linked: false },
  },
  perf: {
    text: 'cat  1234 [001] 12.345678: 250000 cycles:\n\tffffffff81234567 pipe_flush+0x9f ([kernel.kallsyms])\n\tffffffff81234890 pipe_sync+0x1f ([kernel.kallsyms])\n',
    ...{ function: 'pipe_flush', line: 1, linked: false },
  },
  bpf: { text: '@[\n    pipe_flush+1\n    pipe_sync+22\n]: 7', ...{ function: 'pipe_flush', line: 1, linked: false } },
};

/** Forms that no colour is given to: they stand among few other words. */
const PLAIN = new Set(['perf', 'bpf', 'function-graph']);

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

const isFunction = (line: string, name: string): boolean =>
  grammar
    .tokenizeLine(line, null)
    .tokens.some(
      (t) =>
        line.slice(t.startIndex, t.endIndex) === name && t.scopes.some((s) => s.startsWith('entity.name.function')),
    );

describe.each(Object.entries(EXAMPLES))('%s', (kind, { text, function: name, line, linked }) => {
  const own = text.split('\n')[line];

  test('is read as its own kind, with its functions', () => {
    const { stacks } = parseTrace(text);
    expect(stacks.map((s) => s.kind)).toEqual([kind === 'kernel' ? 'plain' : kind]);
    expect(stacks[0].frames.map((f) => f.function)).toContain(name);
  });

  test('is detected by the client where it has a sign', () => {
    const hasSign = kind === 'kernel' || 'sign' in TOOLS[kind as ToolKind];
    expect(mayBeTrace(text)).toBe(hasSign);
    expect(framesInTerminalLine(own).length > 0).toBe(linked);
  });

  test('has its functions coloured', () => {
    expect(isFunction(own, name)).toBe(!PLAIN.has(kind));
  });
});

test('one text may hold all of them: none takes the lines of another', () => {
  const all = Object.values(EXAMPLES);
  const { stacks } = parseTrace(all.map((e) => e.text).join('\n\nand this is what the other tool said.\n\n'));
  expect(new Set(stacks.map((s) => s.kind))).toEqual(
    new Set(['plain', ...Object.keys(TOOLS).filter((kind) => kind !== 'ftrace-events')]),
  );
});
