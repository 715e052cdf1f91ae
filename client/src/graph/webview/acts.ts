/// <reference lib="dom" />
/** What a reader may do with a page: open folds, expand, hide, pin, lay out anew. Each gives the page as it is then. */
import type { ChainFold, PictureParams, PictureResult } from '../../../../server/src/lsp/protocol.ts';
import { boxesOf } from '../boxes.ts';
import { type Chart, indexChart, pairKey, withMore } from '../chart.ts';
import { joined, type Picture, type Placed, without } from '../place.ts';
import { type Fold, foldId, OPENED, type Scene, sceneOf } from '../scene.ts';
import { openedTitle } from '../words.ts';
import type { Page } from './page.ts';

/** Lines of a scene, with those from nodes to their folds. */
const endsOf = ({ pairs, folds }: Scene): { from: string; to: string }[] => [
  ...pairs.map(({ from, to }) => ({ from, to })),
  ...folds.map(({ id, of, side }) => (side === 'targets' ? { from: of, to: id } : { from: id, to: of })),
];

/** What is asked of a layout for a page; `letter`: the width of a letter. */
export function pictureFor({ chart, index, choice }: Page, letter: number): { ask: PictureParams; scene: Scene } {
  const scene = sceneOf(chart, choice, index);
  const boxes = boxesOf(scene, index, letter);
  return {
    scene,
    ask: {
      boxes: boxes.map(({ id, width, height, room }) => ({ id, width, height, room })),
      lines: endsOf(scene).map(({ from, to }) => ({
        ...{ from, to },
        weight: index.chosen.has(pairKey(from, to)) ? 8 : 1,
      })),
    },
  };
}

/** A page with the places that a layout gave. */
export function laidOut(page: Page, scene: Scene, letter: number, result: PictureResult): Page {
  const places = new Map(result.boxes.map((box) => [box.id, box]));
  const boxes = boxesOf(scene, page.index, letter).flatMap((box): Placed[] => {
    const at = places.get(box.id);
    return at ? [{ ...box, x: at.x, y: at.y }] : [];
  });
  const rooms = result.rooms.map((room) => ({ ...room, kind: 'file' as const }));
  return { ...page, folds: scene.folds, picture: { boxes, rooms, lines: result.lines } };
}

/** A page after its choices or its chart have changed: what has gone is taken out, what is new joins beside `near`; all else keeps its place. */
function rejoined(page: Page, near: { of: string; side: Fold['side'] } | null, letter: number): Page {
  const scene = sceneOf(page.chart, page.choice, page.index);
  const wanted = boxesOf(scene, page.index, letter);
  const ids = new Set(wanted.map((box) => box.id));
  const before = new Map(page.picture.boxes.map((box) => [box.id, box]));
  const gone = new Set([...before.keys()].filter((id) => !ids.has(id)));
  // a fold that has become smaller keeps its place, with another text
  const byId = new Map(wanted.map((box) => [box.id, box]));
  let picture: Picture = without(page.picture, gone);
  picture = {
    ...picture,
    boxes: picture.boxes.map((box) => {
      const now = byId.get(box.id);
      return now?.kind === 'fold' ? { ...box, name: now.name } : box;
    }),
  };
  const added = wanted.filter((box) => !before.has(box.id));
  const drawn = new Set(picture.lines.map(({ from, to }) => pairKey(from, to)));
  const ends = endsOf(scene).filter(({ from, to }) => !drawn.has(pairKey(from, to)));
  const anchorId = near?.of ?? page.focus;
  const anchor = before.get(foldId(anchorId, near?.side ?? 'targets')) ?? before.get(anchorId) ?? picture.boxes[0];
  if (anchor)
    picture = joined(
      picture,
      {
        anchor,
        boxes: added,
        side: near?.side ?? 'targets',
        title: near ? openedTitle(page.index.nodes.get(near.of), near.side) : 'shown again',
      },
      ends,
    );
  return { ...page, picture, folds: scene.folds };
}

/** What is in sight stays so, whatever else comes. */
const kept = ({ picture, index, choice }: Page): Set<string> =>
  new Set([...choice.shown, ...picture.boxes.map((box) => box.id).filter((id) => index.nodes.has(id))]);

/** Takes the next ones out of a fold: those in it that the page knows of. */
export function unfolded(page: Page, fold: Fold, letter: number): Page {
  const choice = { ...page.choice, shown: new Set([...kept(page), ...fold.nodes.slice(0, OPENED)]) };
  return rejoined({ ...page, choice }, fold, letter);
}

/** Folds what a node gets to, or what gets to it, as far as it leads nowhere else. */
export function folded(page: Page, of: string, letter: number): Page {
  const { index } = page;
  const ends = [...(index.out.get(of) ?? []), ...(index.into.get(of) ?? [])].filter(
    (id) => (index.out.get(id)?.length ?? 0) + (index.into.get(id)?.length ?? 0) < 2,
  );
  const shown = new Set([...kept(page)].filter((id) => !ends.includes(id)));
  return rejoined({ ...page, choice: { ...page.choice, shown } }, { of, side: 'targets' }, letter);
}

/** A page with nodes and links that a question has brought, in sight beside the node that was asked about. */
export function expanded(
  page: Page,
  { of, side }: { of: string; side: Fold['side'] },
  found: Pick<Chart, 'nodes' | 'links'> & { folds: ChainFold[] },
  letter: number,
): Page {
  const merged = withMore(page.chart, found.nodes, found.links);
  const { [of]: _, ...others } = merged.more ?? {};
  // what was only counted is known now, or a part of a list that can be asked for
  const more = side === 'targets' ? others : merged.more;
  const rest = { ...merged.rest, [foldId(of, side)]: found.folds };
  const chart = { ...merged, more, rest };
  const known = new Set(page.picture.boxes.map((box) => box.id));
  const fresh = found.nodes.map((node) => node.id).filter((id) => !known.has(id));
  const choice = {
    ...page.choice,
    shown: new Set([...kept(page), ...fresh.slice(0, OPENED)]),
    hidden: new Set([...page.choice.hidden].filter((id) => !fresh.includes(id))),
  };
  return rejoined({ ...page, chart, index: indexChart(chart), choice }, { of, side }, letter);
}

/** A page without some nodes, until they are shown again. */
export function hiding(page: Page, ids: readonly string[], letter: number): Page {
  const choice = { ...page.choice, shown: kept(page), hidden: new Set([...page.choice.hidden, ...ids]) };
  const next = rejoined({ ...page, choice }, null, letter);
  const isThere = next.picture.boxes.some((box) => box.id === page.focus);
  return { ...next, focus: isThere ? page.focus : (next.picture.boxes[0]?.id ?? '') };
}

/** A page with nothing hidden. */
export const showingAll = (page: Page, letter: number): Page =>
  rejoined({ ...page, choice: { ...page.choice, shown: kept(page), hidden: new Set() } }, null, letter);

/** Pins a node, or lets it go: pinned, it is never folded. */
export function pinning(page: Page, id: string): Page {
  const pinned = new Set(page.choice.pinned);
  if (!pinned.delete(id)) pinned.add(id);
  return { ...page, choice: { ...page.choice, pinned } };
}
