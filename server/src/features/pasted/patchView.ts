/** Patch mails in the editor: what became of each hunk, what the patch touches and connects, in words. */

import type { CodeLens } from 'vscode-languageserver';
import type { ResolvedHunk, ResolvedPatch, ResolvedPatchFile } from '../../backtrace/patches/patchPlaces.ts';
import { type PatchPoint, type PatchView, placeOfPoint } from '../../backtrace/patches/patchPoints.ts';
import type { CodePlace } from '../../backtrace/resolvedTrace.ts';
import { code, link, paragraphs, placeLink, plain } from '../markdown.ts';
import type { Request } from '../request.ts';

/** What became of a hunk, in few words: `applies`, `applies 12 lines further up`, `applied already`, `conflicts`. */
function placementText({ file, path }: ResolvedPatchFile, { placement }: ResolvedHunk): string {
  if (path === null && file.kind === 'added') return 'adds a file';
  if (!placement) return 'this tree has no such file';
  const { state, drift, unique, exact } = placement;
  if (state === 'conflicts') return 'conflicts: neither its old nor its new lines stand here';
  const lines = Math.abs(drift);
  const moved = lines === 0 ? '' : ` ${lines} ${lines === 1 ? 'line' : 'lines'} further ${drift > 0 ? 'down' : 'up'}`;
  const how = `${unique ? '' : ', in one of several places'}${exact ? '' : ', white space or context aside'}`;
  return `${state === 'applied' ? `applied already${moved && `,${moved}`}` : `applies${moved}`}${how}`;
}

/** A CodeLens over each hunk: what became of it, and a way to its place. `target` makes the command for that. */
export function hunkLenses(
  view: PatchView,
  target: (place: CodePlace) => { command: string; arguments: unknown[] },
): CodeLens[] {
  return view.patches().flatMap((patch) =>
    patch.files.flatMap((file) =>
      file.hunks.map((hunk): CodeLens => {
        const start = { line: hunk.hunk.line - 1, character: 0 };
        const title = placementText(file, hunk);
        const place = placeOfPoint({ patch, file, hunk, n: -1 });
        const command = place ? { title, ...target(place) } : { title, command: '' };
        return { range: { start, end: start }, command };
      }),
    ),
  );
}

const MOST = 8;
const CALLERS = 4;

/** Hover on the header of a hunk or of a file: places, slots of the functions touched, and what is newly connected. */
export function headerHover(request: Pick<Request, 'root'>, point: PatchPoint): string {
  const { file, hunk, patch } = point;
  const hunks = hunk ? [hunk] : file.hunks;
  const place = placeOfPoint(point);
  const states = hunks.map((h) => plain(placementText(file, h)));
  const functions = new Set(hunks.flatMap((h) => h.functions));
  const touched = patch.touched.filter((t) => t.file === file.path && functions.has(t.function));
  const lines = new Set(hunks.flatMap((h) => h.hunk.lines.map((l) => l.line)));
  const edges = patch.edges.filter((e) => lines.has(e.inputLine));
  const damage = hunks.flatMap((h) => h.hunk.damage);
  return paragraphs(
    hunk ? `${states[0]}${place ? ` · ${placeLink(request, place)}` : ''}` : states.map((s) => `- ${s}`).join('\n'),
    damage.length > 0 && `_${plain([...new Set(damage)].join(', '))}_`,
    touched.length > 0 &&
      touched
        .slice(0, MOST)
        .map((t) => touchedText(request, t))
        .join('\n'),
    edges.length > 0 && `Adds:\n${edges.slice(0, MOST).map(edgeLine).join('\n')}${edges.length > MOST ? '\n- …' : ''}`,
  );
}

function touchedText(request: Pick<Request, 'root'>, t: ResolvedPatch['touched'][number]): string {
  const slots = t.slots.slice(0, MOST).map((s) => {
    const callers = new Map(s.dispatches.map((d) => [d.function, d]));
    const links = [...callers.values()].slice(0, CALLERS).map((d) => link(request, d.function, d));
    const called = links.length ? `, called in ${links.join(' · ')}` : '';
    return `  - ${code(s.slot)} of ${link(request, s.table || '…', s)}${called}`;
  });
  return [`- Touches ${link(request, t.function, t)}`, ...slots].join('\n');
}

const edgeLine = (e: ResolvedPatch['edges'][number]): string =>
  e.kind === 'call'
    ? `- ${code(e.from)} calls ${code(e.to)}`
    : `- ${code(e.from)}${e.slot ? `, slot ${code(e.slot)},` : ''} gets ${code(e.to)}`;
