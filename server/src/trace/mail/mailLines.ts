/** Lines of a mail: decoded, and without the marks of who quotes whom. */

/** A line of the input as it is read: decoded, its place kept. */
export interface Line {
  text: string;
  line: number;
}

/** A line without its quoting. */
interface Unquoted {
  depth: number;
  text: string;
  column: number;
}

/** Takes at most `most` levels of mail quoting off, each with one blank behind it. */
export function unquote(text: string, most: number): Unquoted {
  let at = 0;
  let depth = 0;
  while (depth < most) {
    let next = at;
    // `> >`: one blank between marks, more belong to the text
    if (text.charCodeAt(next) === 32 && text.charCodeAt(next + 1) === 62 && depth > 0) next++;
    if (text.charCodeAt(next) !== 62) break;
    at = next + 1;
    depth++;
  }
  if (depth > 0 && text.charCodeAt(at) === 32) at++;
  return { depth, text: at === 0 ? text : text.slice(at), column: at };
}

/** How often a line is quoted, by the marks at its front. */
export const quoteDepth = (text: string): number => (text.charCodeAt(0) === 62 ? unquote(text, 64).depth : 0);

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" };

/** Decodes a mail's lines: line ends, quoted-printable, a web page's entities, format=flowed's stuffed blanks. */
export function linesOf(text: string): Line[] {
  const raw = text.split('\n');
  if (raw.length > 1 && raw[raw.length - 1] === '') raw.pop();
  const head = text.slice(0, 20_000);
  const printable = /^content-transfer-encoding:\s*quoted-printable/im.test(head);
  const flowed = /format=flowed/i.test(head) && /^content-type:/im.test(head);
  const escaped = /&(?:lt|gt);/.test(text) && !text.includes('<');
  const lines: Line[] = [];
  let soft = false;
  for (let i = 0; i < raw.length; i++) {
    let line = raw[i].endsWith('\r') ? raw[i].slice(0, -1) : raw[i];
    if (escaped) line = line.replace(/&(?:lt|gt|amp|quot|#39);/g, (e) => ENTITIES[e]);
    if (flowed && line.startsWith(' ')) line = line.slice(1);
    let continues = false;
    if (printable) {
      continues = line.endsWith('=');
      line = decodePrintable(continues ? line.slice(0, -1) : line);
    }
    if (soft) lines[lines.length - 1].text += line;
    else lines.push({ text: line, line: i + 1 });
    soft = continues;
  }
  return lines;
}

/** `=3D`, and bytes of UTF-8 as `=C3=A9` (RFC 2045). */
function decodePrintable(text: string): string {
  return text.replace(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
}
