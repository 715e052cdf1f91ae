/** A graph to be drawn: chains as nodes and links, with the way that matters and what is known to be missing. */
import type { ChainLink, ChainNode } from './model.ts';

/** Nodes and links with what a picture of them says beside. */
export interface ChainChart {
  title: string;
  nodes: ChainNode[];
  links: ChainLink[];
  /** the way that is drawn strong, as pairs of nodes' ids; the rest is quiet beside it */
  chosen: [from: string, to: string][];
  /** ids of nodes that stay in sight however much else is folded */
  kept: string[];
  /** by the id of a node, how many it gets to beside those of `links`: they are asked for as somebody opens them */
  more: Record<string, number>;
  /** what a reader has to know of the whole, a line each */
  remarks: string[];
  /** why there is nothing to draw; null where there is */
  message: string | null;
}

/** A chart without anything, and why. */
export const noChart = (title: string, message: string): ChainChart => ({
  ...{ title, nodes: [], links: [], chosen: [], kept: [], more: {}, remarks: [] },
  message,
});
