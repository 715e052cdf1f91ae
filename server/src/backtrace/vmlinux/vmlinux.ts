/** Exact lines from the DWARF of a matching vmlinux or module, by a proven tool; the source alone is the fallback. */

import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { IndexReader } from '../../index/read/reader.ts';
import type { Frame, Trace } from '../../trace/types.ts';
import { fileOfTree } from '../functions/printedPath.ts';
import type { ExactPlace } from '../resolvedTrace.ts';
import { findTool, type Tool } from '../tools.ts';
import { type ElfSymbol, elfFunctions } from './elfSymbols.ts';

/** Lines out of debug information, for the frames that it has them for. */
export interface Exact {
  places: Map<Frame, ExactPlace>;
  /** why frames are missing, for a reader; null where nothing is to be said */
  message: string | null;
}

/** Tools that know addr2line's options, the likeliest first. */
const TOOLS: readonly { command: string; args: string[] }[] = [
  { command: 'addr2line', args: ['-a', '-f', '-i'] },
  { command: 'eu-addr2line', args: ['-a', '-f', '-i'] },
  { command: 'llvm-addr2line', args: ['-a', '-f', '-i'] },
  { command: 'llvm-symbolizer', args: ['--output-style=GNU', '-a', '-f', '-i'] },
];

/**
 * The file to look frames up in: the one that is named (from the tree, if it is no full path), else the tree's own; or
 * null. Of a tree that isn't trusted none is: only a full path that the user gave counts then.
 */
export function vmlinuxOf(root: string, named: string, trusted: boolean): string | null {
  if (isAbsolute(named)) return named;
  if (!trusted) return null;
  if (named) return join(root, named);
  const own = join(root, 'vmlinux');
  return existsSync(own) ? own : null;
}

/** Looks the frames of a trace up in a vmlinux, a .ko or a .debug file. Never fails: `message` tells what went wrong. */
export async function exactPlaces(index: IndexReader, trace: Trace, path: string): Promise<Exact> {
  // the tool runs in another folder
  const file = resolve(path);
  const places: Exact['places'] = new Map();
  const failed = (why: string): Exact => ({ places, message: `${file} is not used: ${why}.` });
  const frames = trace.stacks.flatMap((s) => s.frames).filter((f) => f.offset !== null && !f.user);
  let symbols: Map<string, ElfSymbol[]>;
  try {
    if (!statSync(file).isFile()) return failed('it is no file');
    symbols = elfFunctions(file, new Set(frames.map((f) => f.text)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return failed(code === 'ENOENT' ? 'there is no such file' : message);
  }
  const wanted = new Map<Frame, bigint>();
  let others = 0;
  for (const frame of frames) {
    const named = symbols.get(frame.text) ?? [];
    // the size tells another build's function, and which of several statics is meant
    const fits = named.filter((s) => frame.size === null || paddedTo(s.size, frame.size));
    if (named.length > 0 && fits.length === 0) others++;
    if (fits.length !== 1 || frame.offset === null) continue;
    const back = frame.kind === 'call' && frame.offset > 0 ? 1 : 0;
    wanted.set(frame, fits[0].address + BigInt(frame.offset - back));
  }
  // a small function may have the same size in every build
  if (others > wanted.size) return failed('its functions have other sizes: it is of another build');
  if (wanted.size === 0) return failed('it has none of these functions');
  const addresses = [...new Set(wanted.values())];
  const found = await runTools(index.root, file, addresses);
  if (typeof found === 'string') return failed(found);
  for (const [frame, address] of wanted) {
    const place = found.get(address);
    const exact = place && placeInTree(index, place);
    if (exact) places.set(frame, exact);
  }
  const missing = frames.length - places.size;
  return {
    places,
    message:
      places.size === 0
        ? `${file} has no line numbers for these frames.`
        : missing
          ? `${missing} frames are not in ${file}.`
          : null,
  };
}

/** The kernel prints the distance to the next symbol, which alignment may have moved up. */
const paddedTo = (size: number, printed: number): boolean => printed >= size && printed - size < 64;

interface ToolLine {
  function: string;
  file: string;
  line: number;
}

async function runTools(
  root: string,
  file: string,
  addresses: readonly bigint[],
): Promise<Map<bigint, ToolLine[]> | string> {
  const input = addresses.map((a) => `0x${a.toString(16)}\n`).join('');
  for (const { command, args } of TOOLS) {
    const tool = findTool(command, root);
    if (!tool) continue;
    const { status, out, error } = await runTool(tool, [...args, '-e', file], input);
    return status === 0 ? readLines(out) : `${command} failed (${error.trim()})`;
  }
  return 'none of addr2line, eu-addr2line, llvm-addr2line and llvm-symbolizer is installed';
}

interface ToolRun {
  status: number | null;
  out: string;
  error: string;
}

const TOOL_LIMIT_MS = 120_000;
const TOOL_LIMIT_CHARACTERS = 1 << 26;

/** Runs a tool beside everything else: a vmlinux of a gigabyte takes it seconds. */
function runTool({ file, cwd, env }: Tool, args: string[], input: string): Promise<ToolRun> {
  return new Promise((done) => {
    const child = spawn(file, args, {
      cwd,
      // some of them ask servers for debug information
      env: env((name) => name === 'DEBUGINFOD_URLS'),
      stdio: 'pipe',
      timeout: TOOL_LIMIT_MS,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    let out = '';
    let error = '';
    const bounded = (length: number): void => {
      if (length > TOOL_LIMIT_CHARACTERS) child.kill('SIGKILL');
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      bounded(out.length);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      error += text;
      bounded(error.length);
    });
    child.on('error', (e) => done({ status: null, out, error: e.message }));
    child.on('close', (status, signal) => done({ status, out, error: signal ? `ended by ${signal}` : error }));
    // a tool that ends early closes its input
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Reads `0xaddress`, then a function and its `file:line` for each level, innermost first. */
export function readLines(output: string): Map<bigint, ToolLine[]> {
  const out = new Map<bigint, ToolLine[]>();
  let current: ToolLine[] = [];
  let name: string | null = null;
  for (const text of output.split('\n')) {
    if (/^0x[0-9a-f]+$/i.test(text)) {
      current = [];
      out.set(BigInt(text), current);
      name = null;
    } else if (name === null) name = text.replace(/ inlined at .*$/, '');
    else {
      const m = /^(.*):(\d+)/.exec(text);
      if (m && m[1] !== '??') current.push({ function: name, file: m[1], line: Number(m[2]) });
      name = null;
    }
  }
  return out;
}

/** Null where the function's own file is not of this tree: then the source-only answer stands. */
function placeInTree(index: IndexReader, lines: readonly ToolLine[]): ExactPlace | null {
  const places = lines.map((l) => ({ function: l.function, file: fileOfTree(index, l.file) ?? l.file, line: l.line }));
  const own = places.at(-1);
  if (!own || index.fileId(own.file) === undefined) return null;
  return { inlined: places.slice(0, -1), call: { file: own.file, line: own.line } };
}
