/** A trace to send to others: the text as it was with each frame's line added, or a list in Markdown. */
import type { Steps } from '../../resolve/steps.ts';
import type { Stack } from '../../trace/types.ts';
import { type PastedRequest, resolvedStackSteps } from './request.ts';
import { stackDetail, stackTitle } from './traceOutline.ts';
import { type FrameItem, frameItemsSteps } from './traceTree.ts';

/** A reader copies what someone will read. */
const MAX_STACKS = 100;

/** The given stacks (all, without any) as text or as Markdown. Text keeps the lines of the trace as they were pasted. */
export function* traceText(request: PastedRequest, stacks: readonly number[] | null, markdown: boolean): Steps<string> {
  const { stacks: all } = request.text.trace();
  const chosen = (stacks ?? all.map((_, n) => n)).filter((n) => all[n]);
  const parts: string[] = [];
  for (const n of chosen.slice(0, MAX_STACKS))
    parts.push(yield* markdown ? stackMarkdown(request, n) : stackLines(request, n));
  const left = chosen.length - MAX_STACKS;
  if (left > 0) parts.push(`… and ${left} more ${left === 1 ? 'stack' : 'stacks'}.`);
  return parts.length ? `${parts.join('\n\n')}\n` : '';
}

const remark = (item: FrameItem): string => [item.edge, item.evidence, item.note].filter(Boolean).join('; ');

function* stackLines(request: PastedRequest, n: number): Steps<string> {
  const { stack } = yield* resolvedStackSteps(request, n);
  const rows = new Map<number, FrameItem[]>();
  for (const item of yield* frameItemsSteps(request, n, true)) {
    const row = rows.get(item.line);
    if (row) row.push(item);
    else rows.set(item.line, [item]);
  }
  const out: string[] = [];
  for (const line of linesOf(stack)) {
    const text = (request.text.lines[line] ?? '').trimEnd();
    const items = rows.get(line) ?? [];
    const own = items.filter((i) => !isInferred(i, stack));
    for (const i of items.filter((x) => isInferred(x, stack)))
      out.push(`${indentOf(text, i.character)}${i.function} (${i.where}) [inlined]${comment(i)}`);
    const [frame] = own;
    const isPrinted = frame && text.includes(frame.where);
    out.push(
      frame?.where && !isPrinted
        ? `${text} (${frame.where})${comment(frame)}`
        : `${text}${frame ? comment(frame) : ''}`,
    );
  }
  return out.join('\n');
}

/** Was the row inferred, and not a frame that the trace prints itself? */
const isInferred = (item: FrameItem, stack: Stack): boolean => item.inlined && !stack.frames[item.frame].inlined;

const comment = (item: FrameItem): string => {
  const text = remark(item);
  return text ? `  /* ${text} */` : '';
};

/** What stands before a frame, as far as it is blank or a quote mark: what is put in between looks alike. */
const indentOf = (text: string, character: number): string => text.slice(0, character).replace(/[^\s>]/g, ' ');

/** Lines (0-based) of a stack: all from its first to its last, or its own where other stacks stand in between. */
function linesOf(stack: Stack): number[] {
  const own = [...new Set(stack.frames.map((f) => f.line - 1))].sort((a, b) => a - b);
  const last = own.at(-1);
  if (last === undefined) return [];
  const first = Math.min(stack.line - 1, own[0]);
  if (last - first > 2 * own.length + 40) return own;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const cell = (text: string): string => `\`${text.replace(/`/g, "'")}\``;

function* stackMarkdown(request: PastedRequest, n: number): Steps<string> {
  const { stack } = yield* resolvedStackSteps(request, n);
  const detail = stackDetail(stack);
  const rows = (yield* frameItemsSteps(request, n)).map((item) => {
    const name = `${item.reliable ? '' : '? '}${cell(item.function)}`;
    const text = remark(item);
    return `- ${name}${item.where ? ` at ${cell(item.where)}` : ''}${item.inlined ? ', inlined' : ''}${text ? ` — ${text}` : ''}`;
  });
  const title = stackTitle(stack).replace(/[\\`*_{}[\]<>#|]/g, (c) => `\\${c}`);
  return `**${title}**${detail ? ` (${detail})` : ''}\n\n${rows.join('\n')}`;
}
