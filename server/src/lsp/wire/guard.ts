/** Who owns what a handler does: faults are logged and answered, long work gives way, cancelled work stops. */
import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { IndexDamage } from '../../index/store/checked.ts';
import { isSteps, type Steps } from '../../resolve/steps.ts';
import { inSlices } from './slices.ts';

/** What a request comes to: the answer, now or later, or the work that leads to it. */
export type Answer<R> = R | Steps<R> | Promise<R | Steps<R>>;

/**
 * Wraps a request: a fault of ours is logged and answered with `nothing`, one of the asker's (a ResponseError) with
 * that error, and what is no longer wanted isn't begun.
 */
export type Guarded = <P, R>(
  name: string,
  answer: (p: P, token: CancellationToken) => Answer<R>,
  nothing: R,
) => (p: P, token: CancellationToken) => Promise<R>;

/** The two kinds of work of a server, and who answers for their faults. */
export interface Guards {
  guarded: Guarded;
  /** owns work that nobody waits for: a fault is logged, and `failed` told of it */
  owned(name: string, work: () => unknown, failed?: (error: Error) => void): Promise<void>;
}

/** Throws where a request was cancelled. One without parameters comes without a token, too. */
export function checkWanted(name: string, token: CancellationToken | undefined): void {
  if (token?.isCancellationRequested)
    throw new ResponseError<void>(LSPErrorCodes.RequestCancelled, `${name} was cancelled.`);
}

/** What guards ask and tell. */
export interface GuardHost {
  /** gives a test for later: has an index been closed meanwhile? */
  since(): () => boolean;
  /** an index was found damaged: from now on nobody reads it */
  damaged(damage: IndexDamage): void;
}

/** Guards that log to an editor. */
export function newGuards(connection: Connection, host: GuardHost): Guards {
  const report = (name: string, error: unknown): void =>
    connection.console.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const work = async <R>(name: string, answer: () => Answer<R>, token: CancellationToken): Promise<R> => {
    checkWanted(name, token);
    const isStale = host.since();
    const found = await answer();
    if (!isSteps(found)) return found;
    return inSlices(found, () => {
      checkWanted(name, token);
      if (isStale())
        throw new ResponseError<void>(LSPErrorCodes.ContentModified, `${name}: the index was begun anew. Ask again.`);
    });
  };
  return {
    guarded: (name, answer, nothing) => async (p, token) => {
      try {
        try {
          return await work(name, () => answer(p, token), token);
        } catch (error) {
          if (!(error instanceof IndexDamage)) throw error;
          // once more, of what there is without the index
          host.damaged(error);
          return await work(name, () => answer(p, token), token);
        }
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        report(name, error);
        return nothing;
      }
    },
    async owned(name, work, failed) {
      try {
        await work();
      } catch (error) {
        report(name, error);
        failed?.(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}
