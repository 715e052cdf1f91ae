/** Settings as an editor sends them, with the defaults of package.json where it leaves any out. */
import type { Settings } from './protocol.ts';

/** Never fails: what has the wrong type is taken as left out. */
export function mergeSettings(sent: unknown, defaults: { tree?: string; architecture?: string } = {}): Settings {
  const s = record(sent);
  const lens = record(s.codeLens);
  const index = record(s.index);
  const beside = s.besideOtherServers;
  return {
    enable: s.enable !== false,
    tree: text(s.tree, '') || (defaults.tree ?? ''),
    architecture: text(s.architecture, '') || (defaults.architecture ?? 'x86'),
    besideOtherServers: beside === 'on' || beside === 'off' ? beside : 'auto',
    codeLens: { tables: lens.tables !== false, functions: lens.functions !== false },
    vmlinux: text(s.vmlinux, ''),
    index: {
      workers: typeof index.workers === 'number' && index.workers > 0 ? Math.floor(index.workers) : 0,
      exclude: Array.isArray(index.exclude) ? index.exclude.filter((x): x is string => typeof x === 'string') : [],
    },
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
