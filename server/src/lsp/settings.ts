/** Settings as an editor sends them, with the defaults of package.json where it leaves any out. */
import { mostWorkers } from '../index/build/limits.ts';
import type { Settings } from './protocol.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Never fails: what has the wrong type is taken as left out, what is out of bounds is cut; `say` is told of both. */
export function mergeSettings(
  sent: unknown,
  defaults: { tree?: string; architecture?: string } = {},
  say: (message: string) => void = () => {},
): Settings {
  const refuse = (name: string, must: string, value: unknown): void =>
    say(`The setting kerntrail${name && `.${name}`} must be ${must}; ${shown(value)} is taken as left out.`);
  /** A setting of one type: null where it is left out. */
  const read = <T>(from: Fields, name: string, must: string, isRight: (value: unknown) => value is T): T | null => {
    const value = from[name.slice(name.lastIndexOf('.') + 1)];
    if (value === undefined || value === null) return null;
    if (isRight(value)) return value;
    refuse(name, must, value);
    return null;
  };
  const text = (name: string): string | null => read(s, name, 'a string', (v) => typeof v === 'string');
  const flag = (from: Fields, name: string, left = true): boolean => read(from, name, 'true or false', isFlag) ?? left;
  const s = read({ '': sent }, '', 'an object', isFields) ?? {};
  const lens = read(s, 'codeLens', 'an object', isFields) ?? {};
  const hints = read(s, 'inlayHints', 'an object', isFields) ?? {};
  const index = read(s, 'index', 'an object', isFields) ?? {};
  return {
    enable: flag(s, 'enable'),
    tree: text('tree') || (defaults.tree ?? ''),
    architecture: text('architecture') || (defaults.architecture ?? 'x86'),
    besideOtherServers: read(s, 'besideOtherServers', '"auto", "on" or "off"', isBeside) ?? 'auto',
    codeLens: { tables: flag(lens, 'codeLens.tables'), functions: flag(lens, 'codeLens.functions') },
    inlayHints: { dispatches: flag(hints, 'inlayHints.dispatches', false) },
    vmlinux: text('vmlinux') ?? '',
    index: {
      workers: bounded(read(index, 'index.workers', 'a whole number, 0 or more', isCount) ?? 0, say),
      exclude: read(index, 'index.exclude', 'a list of strings', isTexts) ?? [],
    },
  };
}

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isBeside = (value: unknown): value is Settings['besideOtherServers'] =>
  value === 'auto' || value === 'on' || value === 'off';
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function bounded(workers: number, say: (message: string) => void): number {
  const most = mostWorkers();
  if (workers <= most) return workers;
  say(
    `The setting kerntrail.index.workers is ${workers}; this machine has the cores and the memory for ${most}, which are used.`,
  );
  return most;
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);
