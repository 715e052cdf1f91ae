import type { FrameItem, TraceFramesAnswer } from '../../../server/src/lsp/protocol.ts';

/** The rows of a trace's stacks, as they were asked for. */
export interface TraceFrames {
  /** rows of a stack, asked for when needed */
  rows(stack: number): Promise<FrameItem[]>;
  /** the same where they are known already */
  known(stack: number): FrameItem[] | null;
  /** what is to be said of most rows of a stack at once; null for nothing, and before they are known */
  remark(stack: number): string | null;
  /** why places may be missing; null where all is known */
  partial(): string | null;
  /** counts the times that asking anew brought others */
  version(): number;
  forget(): void;
  /** asks anew for what is known; those there are stay until then. `replaced` is told of each stack's old and new rows */
  renew(replaced: (stack: number, before: readonly FrameItem[], now: readonly FrameItem[]) => void): Promise<void>;
}

/** Rows by what the server answers; `changed` is told when some are there that were not before, or are others. */
export function newTraceFrames(
  ask: (stack: number) => Promise<TraceFramesAnswer | null>,
  changed: () => void,
): TraceFrames {
  let rows = new Map<number, Promise<FrameItem[]>>();
  let known = new Map<number, FrameItem[]>();
  let remarks = new Map<number, string | null>();
  let partial: string | null = null;
  let version = 0;
  /** `again`: what is asked now is out of date already */
  let renewing: { again: boolean } | null = null;

  const once: TraceFrames['renew'] = async (replaced) => {
    const mine = rows;
    let isNew = false;
    for (const stack of known.keys()) {
      const answer = await ask(stack);
      if (mine !== rows) return;
      const before = known.get(stack) ?? [];
      if (!answer) continue;
      if (answer.partial === partial && JSON.stringify(answer.frames) === JSON.stringify(before)) continue;
      rows.set(stack, Promise.resolve(answer.frames));
      known.set(stack, answer.frames);
      remarks.set(stack, answer.remark);
      partial = answer.partial;
      replaced(stack, before, answer.frames);
      isNew = true;
    }
    if (!isNew) return;
    version++;
    changed();
  };
  return {
    rows(stack) {
      let answer = rows.get(stack);
      if (!answer) {
        const mine = rows;
        answer = ask(stack).then((a) => {
          if (mine !== rows) return a?.frames ?? [];
          known.set(stack, a?.frames ?? []);
          remarks.set(stack, a?.remark ?? null);
          if (a && a.partial !== partial) {
            partial = a.partial;
            changed();
          }
          return a?.frames ?? [];
        });
        rows.set(stack, answer);
      }
      return answer;
    },
    known: (stack) => known.get(stack) ?? null,
    remark: (stack) => remarks.get(stack) ?? null,
    partial: () => partial,
    version: () => version,
    forget() {
      rows = new Map();
      known = new Map();
      remarks = new Map();
      partial = null;
    },
    async renew(replaced) {
      if (renewing) {
        renewing.again = true;
        return;
      }
      do {
        renewing = { again: false };
        const began = Date.now();
        await once(replaced);
        // while the index is built, the server has others to answer, too
        if (renewing.again) await new Promise((resolve) => setTimeout(resolve, Date.now() - began));
      } while (renewing.again);
      renewing = null;
    },
  };
}

/** Where a row stands among others that took its place: functions that are inlined may have come between; -1: nowhere. */
export function sameRow(row: FrameItem | undefined, rows: readonly FrameItem[]): number {
  if (!row) return -1;
  const same = rows.findIndex((r) => r.frame === row.frame && r.function === row.function && r.inlined === row.inlined);
  return same >= 0 ? same : rows.findIndex((r) => r.frame === row.frame);
}
