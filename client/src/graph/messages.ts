/** What the graph tab's page and the extension tell each other. */
import type {
  ChainFold,
  ChainLink,
  ChainNode,
  PictureParams,
  PictureResult,
  PlainLocation,
} from '../../../server/src/lsp/protocol.ts';
import type { Chart } from './chart.ts';

/** From the extension to the page. */
export type ToPage =
  | { kind: 'chart'; chart: Chart }
  /** answers to `lay` and `expand`, by their numbers */
  | { kind: 'picture'; id: number; result: PictureResult }
  /** `folds`: what of a long list is still to be asked for */
  | { kind: 'steps'; id: number; nodes: ChainNode[]; links: ChainLink[]; folds: ChainFold[]; message: string | null }
  /** a command of the palette */
  | { kind: 'do'; what: PageCommand };

/** What commands of the palette have the page do. */
export type PageCommand = 'search' | 'fit' | 'tidy' | 'export';

/** What a picture is saved as. */
export type Format = 'svg' | 'png' | 'mermaid' | 'dot';

/** From the page to the extension. */
export type FromPage =
  /** `has`: the page has kept a chart from before */
  | { kind: 'ready'; has: boolean }
  | { kind: 'lay'; id: number; picture: PictureParams }
  /** `folds`: of a long list, the parts that are asked for; left out for its beginning */
  | { kind: 'expand'; id: number; node: ChainNode; side: 'targets' | 'callers'; folds?: ChainFold[] }
  | { kind: 'open'; location: PlainLocation; beside: boolean }
  /** `text`: SVG or another text; of PNG the bytes in base 64 */
  | { kind: 'save'; format: Format; title: string; text: string }
  | { kind: 'copy'; text: string }
  | { kind: 'explore'; node: ChainNode }
  | { kind: 'fault'; message: string };

const KINDS: readonly FromPage['kind'][] = ['ready', 'lay', 'expand', 'open', 'save', 'copy', 'explore', 'fault'];

/** A message of the page; null for what is none. */
export const fromPage = (message: unknown): FromPage | null =>
  typeof message === 'object' && message !== null && KINDS.includes((message as FromPage).kind)
    ? (message as FromPage)
    : null;
