/** Inlay hints behind what a function calls through pointers: the one function that runs, or how many may. */
import type { Command, InlayHint, InlayHintLabelPart, Range } from 'vscode-languageserver';
import type { SiteFact } from '../../facts/types.ts';
import type { Target } from '../../resolve/dispatch/slotTargets.ts';
import { type SiteTargets, siteAt, siteFile, slotOf, targets } from '../../resolve/dispatch/targets.ts';
import type { Steps } from '../../resolve/steps.ts';
import { code, count, grouped, placeLink, plain } from '../markdown.ts';
import { distinct, locationOf, type Request, rangeOf, uriOf } from '../request.ts';

/** What a hint carries until it is pointed at: its dispatch, by the place (1-based line, byte column) of the name called. */
export interface HintData {
  path: string;
  name: string;
  line: number;
  column: number;
}

/** Functions that a tooltip names. */
const NAMED = 8;

/**
 * Hints of the dispatches in a range (LSP's) of a file. Where nothing is known to be called there is none, and none where
 * a macro hides the call: there is no name to stand behind.
 */
export function* inlayHints(request: Request, { start, end }: Range): Steps<InlayHint[]> {
  const { facts } = request.file;
  if (!facts) return [];
  const file = siteFile(request, facts, () => request.file);
  const out: InlayHint[] = [];
  for (const site of facts.sites) {
    if (site.macro || site.line - 1 < start.line || site.line - 1 > end.line) continue;
    yield;
    const label = labelOf(request, targets(file, site).targets);
    if (label) out.push(hintOf(request, facts.path, site, label));
  }
  return out;
}

/** `→ filemap_fault`, which leads there; `→ 79`, which is asked about again. Of an index that grows, no count is the last. */
function labelOf(request: Request, found: readonly Target[]): string | InlayHintLabelPart[] | null {
  if (found.length === 0) return null;
  const [{ definition }] = found;
  if (found.length === 1 && request.notYet === null)
    return [
      { value: '→ ' },
      { value: definition.name, location: locationOf(request, definition, definition.name.length) },
    ];
  return [{ value: `→ ${grouped(found.length)}${request.notYet === null ? '' : '…'}` }];
}

function hintOf(request: Request, path: string, site: SiteFact, label: InlayHint['label']): InlayHint {
  const { name, line, column } = site;
  return {
    position: rangeOf(request, { file: path, line, column }, name.length).end,
    label,
    paddingLeft: true,
    paddingRight: true,
    data: { path, name, line, column } satisfies HintData,
  };
}

/** A hint with its tooltip and, where several functions may run, the peek view of them that a click opens by `command`. */
export function resolveInlayHint(request: Request, hint: InlayHint, data: HintData, command: string): InlayHint {
  const facts = request.index.facts(data.path);
  const site = facts && siteAt(facts, data, data.name);
  // the file has changed since its hints were made
  if (!facts || !site) return hint;
  const answer = targets(
    siteFile(request, facts, () => request.view(data.path)),
    site,
  );
  const tooltip = { kind: 'markdown' as const, value: tooltipOf(request, answer) };
  const label = Array.isArray(hint.label) ? hint.label : [{ value: hint.label }];
  if (answer.targets.length < 2) return { ...hint, tooltip };
  const list: Command = {
    title: `List ${count(answer.targets.length, 'function')}`,
    command,
    arguments: [
      uriOf(request.root, data.path),
      hint.position,
      distinct(answer.targets.map((t) => locationOf(request, t.definition, t.definition.name.length))),
    ],
  };
  return { ...hint, tooltip, label: label.map((part) => ({ ...part, command: list })) };
}

/** The nearest functions with their places, and why there are no more. */
function tooltipOf(request: Request, answer: SiteTargets): string {
  const { targets: found, narrowed } = answer;
  const rows = found
    .slice(0, NAMED)
    .map(({ definition }) => `- ${code(definition.name)} ${placeLink(request, definition)}`);
  const more = found.length > NAMED ? [`- + ${grouped(found.length - NAMED)} more`] : [];
  const head = `${code(slotOf(answer))} may call ${count(found.length, 'function')}${narrowed ? ` (${plain(narrowed)})` : ''}${request.notYet ? `; the rest is ${request.notYet}` : ''}`;
  return [head, '', ...rows, ...more].join('\n');
}
