/** What comments and Documentation/ say, in short, with links to the rest. */
import { readTreeText } from '../../../index/treeFiles.ts';
import type { SlotEntity } from '../../../resolve/cursor/cursor.ts';
import { commentAbove, commentBeside, functionDoc, memberInComment } from '../../../resolve/docs/comments.ts';
import { slotDocs } from '../../../resolve/docs/slotDocs.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { docMarkdown, paragraphs, uriLink } from '../../markdown.ts';
import type { Request } from '../../request.ts';

const MAX_SUMMARY = 400;
const MAX_RETURNS = 200;
const MAX_SAYING = 400;

/** The text of a file as the index knows it, line by line: as open in the editor where it is the asked one. */
export function linesOf(request: Request, path: string): string[] {
  // tokens hold bytes, each as a character
  const text =
    path === request.file.path
      ? Buffer.from(request.file.text.tokens.text, 'latin1').toString('utf8')
      : readTreeText(request.root, path, 'utf8');
  return text?.split('\n') ?? [];
}

/** What the comment above a function says: its summary and what it returns; '' where there is none. */
export function functionDocText(request: Request, definition: Definition): string {
  const lines = linesOf(request, definition.file);
  // a file that has changed since it was indexed has other lines there; a macro writes the name otherwise
  if (!definition.macro && !lines[definition.line - 1]?.includes(definition.name)) return '';
  const comment = commentAbove(lines, definition.line);
  if (!comment) return '';
  const { summary, returns, hasMore } = functionDoc(comment);
  if (!summary && !returns) return '';
  const isCut = summary.length > MAX_SUMMARY || returns.length > MAX_RETURNS;
  const more = hasMore || isCut ? ` [more](${uriLink(request, definition.file, comment.line)})` : '';
  return paragraphs(
    summary && `${docMarkdown(summary, MAX_SUMMARY)}${returns ? '' : more}`,
    returns && `**Returns** ${docMarkdown(returns, MAX_RETURNS)}${more}`,
  );
}

/** What the comments at a slot's member and the tree's Documentation/ say of it. */
interface SlotTexts {
  /** its comment and its row among locking rules: what is read first; '' for none */
  short: string;
  /** the paragraphs of Documentation/, for behind all else */
  long: string;
}

/** The texts on a slot; both are '' where nothing is said of it. */
export function slotDocTexts(request: Request, { owner, member, field }: SlotEntity): SlotTexts {
  const own = field ? field.field.doc || memberComment(request, field.file, field.field) : '';
  const said = slotDocs(request.root, owner, member).map(({ file, line, text, kind }) => {
    const isRule = kind === 'row' && /lock/i.test(file + text);
    const place = `[${file.replace(/^Documentation\//, '')}:${line}](${uriLink(request, file, line)})`;
    return { kind, text: `${isRule ? '**Locking** ' : ''}${docMarkdown(text, MAX_SAYING)} · ${place}` };
  });
  const rows = said.filter((s) => s.kind === 'row').map((s) => s.text);
  const texts = said.filter((s) => s.kind === 'text').map((s) => `- ${s.text}`);
  return {
    short: paragraphs(own && docMarkdown(own, MAX_SAYING), ...rows),
    long: texts.length > 0 ? `**Documented**\n${texts.join('\n')}` : '',
  };
}

/** The comment beside a member, or above it, or what the comment above its struct says by its prototype. */
function memberComment(request: Request, file: string, { name, line }: { name: string; line: number }): string {
  const lines = linesOf(request, file);
  if (!name || !lines[line - 1]?.includes(name)) return '';
  const own = commentBeside(lines, line) || (commentAbove(lines, line)?.lines.join(' ').trim() ?? '');
  if (own) return own;
  const records = request.index.facts(file)?.records ?? [];
  const record = records.find((r) => r.line < line && line <= r.endLine && r.outer < 0);
  const comment = record && commentAbove(lines, record.line);
  return comment ? memberInComment(comment, name) : '';
}
