/** What is told of a build in the status and in messages. */
import { count } from '../../features/markdown.ts';
import type { LostFile, Progress } from '../../index/build/buildOptions.ts';
import type { Totals } from '../../index/store/store.ts';
import type { Phase } from '../protocol.ts';

/** That an index was damaged, and is whole again. */
export const rebuiltText = (root: string): string => `The index of ${root} was damaged. It has been built anew.`;

const MOST_NAMED = 3;

/** The files that cost themselves: no worker got through them. Empty for none. */
export function lostText(lost: readonly LostFile[]): string {
  if (lost.length === 0) return '';
  const names = lost.slice(0, MOST_NAMED).map((f) => f.path);
  const rest = lost.length > names.length ? ` and ${lost.length - names.length} more` : '';
  return `Not indexed: ${names.join(', ')}${rest} (the output channel tells why).`;
}

/** How much of the parsed files no grammar could read. Empty for nothing. */
export const errorText = ({ errorFiles, errorBytes }: Totals): string =>
  errorFiles > 0
    ? `${count(errorFiles, 'file')} ${errorFiles === 1 ? 'has' : 'have'} parts that could not be read (${count(errorBytes, 'byte')} in all).`
    : '';

/** Phases of a build as the status shows them. */
export const STATUS_PHASES: Record<Progress['phase'], Phase> = {
  waiting: 'waiting',
  listing: 'scanning',
  scanning: 'scanning',
  indexing: 'indexing',
  linking: 'linking',
  writing: 'linking',
  // the process says so once more, with the outcome
  ready: 'linking',
};
