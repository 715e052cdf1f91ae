/** A picture as an SVG file: the same lines and outlines as on the page, with colours of its own. */
import type { ChartIndex } from './chart.ts';
import { pairKey } from './chart.ts';
import { headOf, outlineOf, pathOf, STYLES } from './paths.ts';
import { boundsOf, type Picture } from './place.ts';
import { isUnsure, lineStyle } from './words.ts';

/** Colours of a picture, as CSS writes them. */
export interface Palette {
  background: string;
  text: string;
  quiet: string;
  line: string;
  chosen: string;
  box: string;
  border: string;
  slot: string;
  room: string;
}

const MARGIN = 16;
/** Types that every system has; names are set in the first it knows. */
const TYPE = 'Menlo, Consolas, DejaVu Sans Mono, monospace';

/** A text in XML. Control characters have no place in it at all. */
export const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be left out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');

/** The file's text. `title` is its name for screen readers. */
export function svgText(picture: Picture, index: ChartIndex, title: string, palette: Palette): string {
  const { x, y, width, height } = boundsOf(picture);
  const box = [x - MARGIN, y - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN].map((n) => Math.round(n));
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${box[2]}" height="${box[3]}" viewBox="${box.join(' ')}" role="img" font-family="${TYPE}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" fill="${palette.background}"/>`,
    ...picture.rooms.map(
      (room) =>
        `<g><rect x="${room.x}" y="${room.y}" width="${room.width}" height="${room.height}" rx="6" fill="${palette.room}" stroke="${palette.border}"${room.kind === 'opened' ? ' stroke-dasharray="5 3"' : ''}/><text x="${room.x + 8}" y="${room.y + 14}" font-size="10" fill="${palette.quiet}">${escaped(room.name)}</text></g>`,
    ),
    ...linesText(picture, index, palette),
    ...picture.boxes.map((b) => boxText(b, palette)),
    '</svg>',
  ];
  return `${out.join('\n')}\n`;
}

function linesText({ lines }: Picture, { pairs, chosen }: ChartIndex, palette: Palette): string[] {
  const byKey = new Map(pairs.map((pair) => [pairKey(pair.from, pair.to), pair]));
  return lines.map(({ from, to, points, bundle }) => {
    const key = pairKey(from, to);
    const pair = byKey.get(key);
    const kind = pair ? lineStyle(pair) : 'call';
    const style = STYLES[kind] ?? STYLES.call;
    const isChosen = chosen.has(key);
    const colour = isChosen ? palette.chosen : palette.line;
    const dash = pair && isUnsure(pair.links[0]) ? '2 5' : style.dash;
    const head = headOf(kind, points);
    const width = style.width + (isChosen ? 1 : 0);
    return (
      `<path d="${pathOf(points)}" fill="none" stroke="${colour}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>` +
      (pair && !bundle
        ? `<path d="${head.d}" transform="${head.transform}" fill="${head.open ? palette.background : colour}" stroke="${colour}"/>`
        : '')
    );
  });
}

function boxText(box: Picture['boxes'][number], palette: Palette): string {
  const isSlot = box.kind === 'slot';
  const dash = box.kind === 'fold' || box.kind === 'pointer' ? ' stroke-dasharray="4 3"' : '';
  const middle = box.width / 2;
  const text = (y: number, size: number, fill: string, said: string): string =>
    `<text x="${middle}" y="${y}" font-size="${size}" text-anchor="middle" fill="${fill}">${escaped(said)}</text>`;
  return [
    `<g transform="translate(${box.x} ${box.y})">`,
    `<path d="${outlineOf(box.kind, box.width, box.height)}" fill="${palette.box}" stroke="${isSlot ? palette.slot : palette.border}" stroke-width="${isSlot ? 2 : 1}"${dash}/>`,
    text(box.below ? 17 : 17.5, 12, isSlot ? palette.slot : palette.text, box.name),
    box.below ? text(31, 10, palette.quiet, box.below) : '',
    '</g>',
  ].join('');
}
