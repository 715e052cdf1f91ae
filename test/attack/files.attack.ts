/**
 * Files that no person wrote: mutated ones, and those that nest, repeat or chain one construct at full size. None may
 * throw on its way into the index, and none may cost unreasonably more than a plain file of its size.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { kernelTree } from '../../scripts/lib/kernel-tree.mjs';
import { CACHE, ROOT } from '../../scripts/lib/run.mjs';
import { traceFolding, traceSymbols } from '../../server/src/features/pasted/traceOutline.ts';
import { stackList } from '../../server/src/features/pasted/traceTree.ts';
import type { MacroKnowledge } from '../../server/src/syntax/macros/knowledge.ts';
import { type CParser, createParser } from '../../server/src/syntax/parser.ts';
import { newPastedText } from '../../server/src/trace/pastedText.ts';
import { seeded } from '../unit/trace/support.ts';
import { knowledgeOf, readFile } from './lib/pipeline.ts';
import { ASSEMBLY_SHAPES, C_SHAPES, PATCH_SHAPES, PREPROCESSOR_SHAPES, TRACE_SHAPES } from './lib/shapes.ts';

interface SourceFile {
  path: string;
  bytes: Buffer;
}

const MUTATIONS = 3000;
const REAL_FILES = 100;

/** C files and headers below a folder, in a fixed order. */
function filesBelow(root: string, folder = root): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(root, path);
      if (!entry.isFile() || !/\.[chS]$/.test(entry.name) || statSync(path).size > 200_000) return [];
      return [{ path: relative(root, path), bytes: readFileSync(path) }];
    });
}

/** Some files of a real tree, where one is there. */
async function realFiles(next: () => number): Promise<SourceFile[]> {
  // one that is there already: an attack fetches nothing
  if (!process.env.KERNEL_TREE && !existsSync(join(CACHE, 'kernel'))) return [];
  const tree = await kernelTree();
  const all = [
    'block',
    'fs/ext4',
    'mm',
    'kernel/sched',
    'include/linux',
    'arch/x86/kernel',
    'include/trace/events',
  ].flatMap((folder) => filesBelow(tree, join(tree, folder)));
  return Array.from({ length: REAL_FILES }, () => all[Math.floor(next() * all.length)]);
}

/** One of the ways in which a file may be broken. */
function mutated(bytes: Buffer, other: Buffer, next: () => number): Buffer {
  const at = (n: number): number => Math.floor(next() * n);
  const span = (): [number, number] => {
    const from = at(bytes.length);
    return [from, Math.min(bytes.length, from + 1 + at(2000))];
  };
  const [from, to] = span();
  switch (at(7)) {
    case 0: {
      const out = Buffer.from(bytes);
      for (let n = at(200); n >= 0; n--) out[at(out.length)] ^= 1 << at(8);
      return out;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    case 2: {
      const piece = bytes.subarray(from, to);
      return Buffer.concat([
        bytes.subarray(0, to),
        ...Array.from({ length: 1 + at(20) }, () => piece),
        bytes.subarray(to),
      ]);
    }
    case 3:
      return bytes.subarray(0, from);
    case 4: {
      const start = at(other.length);
      return Buffer.concat([bytes.subarray(0, from), other.subarray(start, start + 2000), bytes.subarray(to)]);
    }
    case 5: {
      // brackets, quotes and directives are what structure hangs on
      const marks = '(){}[];,"\'#\\\n/*'.split('');
      const out = Buffer.from(bytes);
      for (let n = at(60); n >= 0; n--) out[at(out.length)] = marks[at(marks.length)].charCodeAt(0);
      return out;
    }
    default: {
      const lines = bytes.toString('latin1').split('\n');
      for (let n = at(30); n >= 0; n--) lines.splice(at(lines.length), at(3), lines[at(lines.length)] ?? '');
      return Buffer.from(lines.join('\n'), 'latin1');
    }
  }
}

const milliseconds = (run: () => void): number => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** native trees are freed only when the event loop turns */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let parser: CParser;

beforeAll(async () => {
  parser = await createParser();
});

test(`${MUTATIONS} mutated files`, async () => {
  const next = seeded(20_240);
  const files = [...filesBelow(join(ROOT, 'samples/mini-kernel')), ...(await realFiles(next))].filter(
    (f) => f.bytes.length > 0,
  );
  expect(files.length).toBeGreaterThan(5);
  const knowledge = knowledgeOf(files.filter((f) => f.path.endsWith('.h')));
  const costs = new Map<SourceFile, number>();
  const failures: string[] = [];
  for (let n = 0; n < MUTATIONS; n++) {
    const file = files[n % files.length];
    const read = (bytes: Buffer) => milliseconds(() => readFile(file.path, bytes, knowledge, parser));
    if (!costs.has(file)) costs.set(file, Math.max(read(file.bytes), read(file.bytes)));
    const bytes = mutated(file.bytes, files[Math.floor(next() * files.length)].bytes, next);
    try {
      const took = read(bytes);
      const own = (costs.get(file) ?? 0) * Math.max(1, bytes.length / file.bytes.length);
      if (took > 20 * own + 300)
        failures.push(`${n}: ${file.path} took ${Math.round(took)} ms, itself ${Math.round(own)}`);
    } catch (error) {
      failures.push(`${n}: ${file.path}: ${(error as Error).stack}`);
    }
    if (n % 50 === 0) await turn();
  }
  expect(failures).toEqual([]);
});

/** A driver as anybody writes it, over and over. */
const plain = (n: number): string =>
  Array.from(
    { length: n },
    (_, i) => `
static int dev${i}_open(struct inode *inode, struct file *file)
{
	struct dev *dev = container_of(inode->i_cdev, struct dev, cdev);

	if (!dev->ops || !dev->ops->open)
		return -ENODEV;
	file->private_data = dev;
	return dev->ops->open(dev, file->f_flags & O_NONBLOCK);
}

static const struct file_operations dev${i}_fops = {
	.owner = THIS_MODULE,
	.open = dev${i}_open,
};
`,
  ).join('');

/** Milliseconds that a byte of plain text takes. */
function plainRate(read: (bytes: Buffer) => void, text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  milliseconds(() => read(bytes));
  return milliseconds(() => read(bytes)) / bytes.length;
}

/** So many times what a plain text of its size takes, and a second more for what is small. */
const MOST_TIMES = 25;
const GRACE = 3000;

describe('full size', () => {
  let rate = 0;
  const read = (path: string, knowledge: MacroKnowledge) => (bytes: Buffer) => {
    readFile(path, bytes, knowledge, parser);
  };

  beforeAll(() => {
    rate = plainRate(read('drivers/x/plain.c', knowledgeOf([])), plain(4000));
  });

  for (const { name, path, make, full } of [...C_SHAPES, ...PREPROCESSOR_SHAPES, ...ASSEMBLY_SHAPES])
    test(name, async () => {
      const bytes = Buffer.from(make(full), 'latin1');
      const took = milliseconds(() => read(path, knowledgeOf([]))(bytes));
      await turn();
      expect(took).toBeLessThan(MOST_TIMES * rate * bytes.length + GRACE);
    });
});

describe('pasted texts of full size', () => {
  const show = (text: string): void => {
    const pasted = newPastedText(text);
    traceSymbols(pasted);
    traceFolding(pasted);
    stackList(pasted);
    pasted.framesOf(1);
  };
  const LOG = Array.from(
    { length: 20_000 },
    (_, i) => `[   12.345678] driver ${i}: link is up\n[   12.345679]  ext4_f${i}+0x12/0x300 [ext4]\n`,
  ).join('');
  let rate = 0;

  beforeAll(() => {
    milliseconds(() => show(LOG));
    rate = milliseconds(() => show(LOG)) / LOG.length;
  });

  for (const { name, make, full } of [...TRACE_SHAPES, ...PATCH_SHAPES])
    test(name, () => {
      const text = make(full);
      expect(milliseconds(() => show(text))).toBeLessThan(MOST_TIMES * rate * text.length + GRACE);
    });

  test('a million frames', () => {
    const text = `Call Trace:\n${Array.from({ length: 1_000_000 }, (_, i) => ` f${i}+0x1/0x2\n`).join('')}`;
    const pasted = newPastedText(text);
    expect(milliseconds(() => pasted.trace())).toBeLessThan(MOST_TIMES * rate * text.length);
    expect(pasted.trace().problems.at(-1)?.message).toContain('read up to here');
    expect(traceSymbols(pasted).at(-1)?.name).toBe('The rest is not listed');
  });
});
