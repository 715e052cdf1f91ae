/** Hover on a list's head: the functions of the objects that are put there, and what calls through it. */

import { functionsOn, listOfHead } from '../../../resolve/dispatch/heads.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { code, count, link, paragraphs, placeLink, plain, table } from '../../markdown.ts';
import type { Request } from '../../request.ts';

const MAX_ROWS = 20;

/** Markdown for the list that a variable is the head of; null where it is none, or nothing is seen put there or called. */
export function hoverList(request: Request, head: Definition): string | null {
  const list = listOfHead(request, head);
  if (!list || (list.objects.length === 0 && list.calls.length === 0)) return null;
  const slots = [...new Set(list.calls.map((c) => c.slot))];
  const functions = slots.flatMap((slot) => functionsOn(request, list, slot));
  const calls = list.calls
    .slice(0, MAX_ROWS)
    .map((c) => `- ${link(request, c.function, c.place)} by ${code(c.callee)} · ${placeLink(request, c.place)}`);
  return paragraphs(
    `**${plain(head.name)}** · list of ${code(`struct ${list.struct}`)} · ${count(list.objects.length, 'object')} seen put there`,
    table(
      ['function', 'put there by', 'in'],
      functions
        .slice(0, MAX_ROWS)
        .map(({ definition, on }) => [
          link(request, definition.name, definition),
          link(request, on.by, on.place),
          placeLink(request, definition),
        ]),
    ),
    functions.length > MAX_ROWS && `… and ${count(functions.length - MAX_ROWS, 'more function')}.`,
    calls.length > 0 && `Called through by\n${calls.join('\n')}`,
  );
}
