/// <reference lib="dom" />
/** What the page knows, and what is kept of it for the next time the tab is opened. */
import { type Chart, type ChartIndex, indexChart } from '../chart.ts';
import type { Picture } from '../place.ts';
import type { Choice, Fold } from '../scene.ts';
import type { View } from './stage.ts';

/** All that a page shows. */
export interface Page {
  chart: Chart;
  index: ChartIndex;
  choice: Choice;
  picture: Picture;
  folds: Fold[];
  /** id of the box that keys move from; '' for none */
  focus: string;
}

/** What is kept: places too, so that a tab comes back as it was left. */
interface Kept {
  version: 1;
  chart: Chart;
  shown: string[];
  hidden: string[];
  pinned: string[];
  picture: Picture;
  folds: Fold[];
  focus: string;
  view: View;
}

/** A page that shows nothing yet of a chart. */
export const newPage = (chart: Chart): Page => ({
  chart,
  index: indexChart(chart),
  choice: { shown: new Set(), hidden: new Set(), pinned: new Set() },
  picture: { boxes: [], rooms: [], lines: [] },
  folds: [],
  focus: chart.nodes[0]?.id ?? '',
});

/** A page as the editor keeps it. */
export const keptOf = ({ chart, choice, picture, folds, focus }: Page, view: View): Kept => ({
  version: 1,
  ...{ chart, picture, folds, focus, view },
  ...{ shown: [...choice.shown], hidden: [...choice.hidden], pinned: [...choice.pinned] },
});

/** The page that was kept, and its view; null where nothing was, or by another version. */
export function fromKept(kept: unknown): { page: Page; view: View } | null {
  const state = kept as Partial<Kept> | null | undefined;
  if (state?.version !== 1 || !state.chart || !state.picture || !state.view) return null;
  const { chart, picture, folds = [], focus = '', view, shown, hidden, pinned } = state;
  return {
    page: {
      ...newPage(chart),
      ...{ picture, folds, focus },
      choice: { shown: new Set(shown), hidden: new Set(hidden), pinned: new Set(pinned) },
    },
    view,
  };
}
