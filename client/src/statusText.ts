import type { StatusParams } from '../../server/src/lsp/protocol.ts';

/** What the server does while it is busy; undefined when it isn't. */
function busyText(phase: StatusParams['phase']): string | undefined {
  switch (phase) {
    case 'idle':
      // nothing was compared yet: what is there may be all, or nothing
      return 'Opening the index';
    case 'waiting':
      return 'Another Kerntrail indexes this tree';
    case 'scanning':
      return 'Scanning the tree';
    case 'indexing':
      return 'Indexing';
    case 'linking':
      return 'Linking';
    default:
      return undefined;
  }
}

/** What the status bar says: `$(type-hierarchy) linux-6.1.192 · x86`, with the percentage while it is busy. */
export function textOf(status: StatusParams): string {
  const { phase, architecture, done, total } = status;
  if (phase === 'error') return '$(warning) Kerntrail';
  if (phase === 'noTree') return '$(circle-slash) Kerntrail: no tree';
  const name = `${treeName(status)} · ${architecture}`;
  if (!busyText(phase)) return `$(type-hierarchy) ${name}`;
  // headers are scanned before anything is indexed: a percentage of that would go down again
  const percent = total > 0 && phase !== 'scanning' ? ` ${Math.floor((100 * Math.min(done, total)) / total)}%` : '';
  return `$(loading~spin) ${name}${percent}`;
}

/** The same for a screen reader: without icons, and with what they stand for. */
export function spoken(status: StatusParams): string {
  const text = textOf(status).replace(/\$\([^)]*\) ?/g, '');
  if (status.phase === 'error') return `${text}: an error`;
  const busy = busyText(status.phase);
  return [text.startsWith('Kerntrail') ? text : `Kerntrail: ${text}`, busy].filter(Boolean).join(', ');
}

/** `linux-6.1.192`, or the folder's name where the version is not known. */
export function treeName({ tree, release }: StatusParams): string {
  if (release) return `linux-${release}`;
  return (
    tree
      ?.replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .pop() || 'Kerntrail'
  );
}

/** How far it is, in one sentence for the tooltip. */
export function progressText({ phase, done, total }: StatusParams): string | undefined {
  const busy = busyText(phase);
  const count = (n: number): string => n.toLocaleString('en');
  if (!busy) return phase === 'ready' && total > 0 ? `Indexed: ${count(total)} files` : undefined;
  return total > 0
    ? `${busy}: ${count(done)} of ${count(total)} files. Answers may be partial.`
    : `${busy}. Answers may be partial.`;
}
