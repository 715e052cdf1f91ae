/**
 * Mails as they travel: quoted-printable (RFC 2045), base64 and HTML bodies -> the text that a reader sees, and where each
 * of its characters stands in the mail as it was pasted. A mail library gives the text alone; links and hovers need the
 * place, so the two encodings are undone here.
 */
import { packPlace } from '../lines/clean.ts';
import { newHtml, readHtml } from './html.ts';

/** A line of the decoded text: where it began, and the place of each of its characters from there (see `packPlace`). */
export interface DecodedLine {
  text: string;
  /** line of the mail, 1-based */
  line: number;
  /** null: as it stands in the mail */
  map: Uint32Array | null;
}

const ENCODED =
  /^(?:> ?)*content-transfer-encoding:[ \t]*(?:quoted-printable|base64)|^(?:> ?)*content-type:[ \t]*text\/html/im;

/** The lines that a reader of the mail sees; null where nothing in the text is encoded. */
export function decodeMail(text: string): DecodedLine[] | null {
  const isEncoded = ENCODED.test(text);
  if (!isEncoded && !looksPrintable(text)) return null;
  const reader: Reader = {
    out: [],
    part: isEncoded ? plainPart() : { ...plainPart(), encoding: 'quoted-printable' },
    header: null,
    boundaries: new Set(),
    hasPlain: false,
    atStart: isEncoded,
  };
  const lines = text.split('\n');
  if (lines.length > 1 && lines[lines.length - 1] === '') lines.pop();
  for (let i = 0; i < lines.length; i++) readLine(reader, lines[i].replace(/\r+$/, ''), i);
  flush(reader);
  return reader.out;
}

/** A body without its headers: soft breaks at the width that mailers cut at, and `=3D` or the like. */
function looksPrintable(text: string): boolean {
  const front = text.slice(0, 200_000);
  if (!/=(?:3D|20|C2=A0|E2=80|09)/.test(front)) return false;
  let soft = 0;
  for (const m of front.matchAll(/^.{60,75}=\r?$/gm)) if (m && ++soft >= 2) return true;
  return false;
}

/** How a part of a mail is encoded. */
interface Part {
  encoding: 'quoted-printable' | 'base64' | null;
  charset: string;
  type: string;
}

const plainPart = (): Part => ({ encoding: null, charset: 'utf-8', type: 'text/plain' });

/** A character, and where it stood. */
interface Char {
  text: string;
  line: number;
  column: number;
}

/** A mail while it is read. */
interface Reader {
  out: DecodedLine[];
  part: Part;
  /** the header fields of the part, while they are read */
  header: string[] | null;
  boundaries: Set<string>;
  /** the mail had a plain text: its HTML says the same again */
  hasPlain: boolean;
  /** nothing but a header may stand here */
  atStart: boolean;
  /** of the line that goes on behind a soft break */
  open?: Char[];
  base64?: { text: string; line: number }[];
  html?: ReturnType<typeof newHtml<Char>>;
}

const FIELD = /^(?:content-[a-z-]+|mime-version|subject|from|date|to|message-id|received|return-path):/i;

function readLine(reader: Reader, raw: string, index: number): void {
  const boundary = raw.startsWith('--') ? raw.trimEnd().replace(/--$/, '') : null;
  if (boundary !== null && (reader.boundaries.has(boundary) || reader.boundaries.has(raw.trimEnd()))) {
    flush(reader);
    reader.part = plainPart();
    reader.atStart = true;
    reader.out.push({ text: '', line: index + 1, map: null });
    return;
  }
  if (/^From \S+ .{0,60}\d{4}$/.test(raw)) {
    flush(reader);
    Object.assign(reader, { part: plainPart(), atStart: true, hasPlain: false });
  }
  if (
    reader.header ||
    ((reader.atStart || reader.part.encoding !== 'base64') && FIELD.test(raw) && isHeader(reader, raw))
  ) {
    readField(reader, raw, index);
    return;
  }
  if (raw !== '') reader.atStart = false;
  readBody(reader, raw, index);
}

/** Is a line that looks like a field one of a header? In a body only what says how a part is encoded. */
const isHeader = ({ atStart }: Reader, raw: string): boolean =>
  atStart || /^content-transfer-encoding:[ \t]*(?:quoted-printable|base64|[78]bit)[ \t]*$/i.test(raw);

function readField(reader: Reader, raw: string, index: number): void {
  if (!reader.header) {
    flush(reader);
    reader.header = [];
  }
  const { header } = reader;
  if (raw === '') {
    reader.header = null;
    reader.part = partOf(header, reader);
    reader.atStart = false;
  } else if (/^[ \t]/.test(raw) && header.length > 0) header[header.length - 1] += ` ${raw.trim()}`;
  else header.push(raw);
  reader.out.push({ text: raw, line: index + 1, map: null });
}

function partOf(header: readonly string[], reader: Reader): Part {
  const part = plainPart();
  for (const field of header) {
    const value = field.slice(field.indexOf(':') + 1).trim();
    if (/^content-transfer-encoding:/i.test(field)) {
      const encoding = value.toLowerCase();
      part.encoding = encoding === 'quoted-printable' || encoding === 'base64' ? encoding : null;
    } else if (/^content-type:/i.test(field)) {
      part.type = /^[^\s;]*/.exec(value)?.[0].toLowerCase() ?? '';
      part.charset = /charset="?([\w.:-]+)/i.exec(value)?.[1] ?? part.charset;
      const boundary = /boundary="?([^";]+)/i.exec(value)?.[1];
      if (boundary) reader.boundaries.add(`--${boundary.trimEnd()}`);
    }
  }
  return part;
}

function readBody(reader: Reader, raw: string, index: number): void {
  const { part } = reader;
  if (part.encoding === 'base64') {
    reader.base64 ??= [];
    reader.base64.push({ text: raw, line: index });
    return;
  }
  if (part.encoding === null && part.type !== 'text/html') {
    if (raw !== '') reader.hasPlain = true;
    reader.out.push({ text: raw, line: index + 1, map: null });
    return;
  }
  const isPrintable = part.encoding === 'quoted-printable';
  // blanks behind a soft break's sign come from transport
  const line = isPrintable ? raw.replace(/[ \t]+$/, '') : raw;
  const isSoft = isPrintable && line.endsWith('=');
  const chars = isPrintable ? printable(isSoft ? line.slice(0, -1) : line, index, part.charset) : plain(line, index);
  const all = reader.open ?? [];
  for (const c of chars) all.push(c);
  reader.open = all;
  if (isSoft && all.length < LONGEST) return;
  endLine(reader, index);
}

/** A line is cut behind so many characters: soft breaks without end would make one line of a text. */
const LONGEST = 100_000;

function plain(line: string, index: number): Char[] {
  const out: Char[] = [];
  for (let i = 0; i < line.length; i++) out.push({ text: line[i], line: index, column: i });
  return out;
}

/** `=3D`, and the bytes of a character as `=C3=A9`. What is no such sequence stays as it is. */
function printable(line: string, index: number, charset: string): Char[] {
  const out: Char[] = [];
  const runs = /(?:=[0-9A-Fa-f]{2})+/g;
  let from = 0;
  const keep = (to: number) => {
    for (let i = from; i < to; i++) out.push({ text: line[i], line: index, column: i });
  };
  for (let m = runs.exec(line); m; m = runs.exec(line)) {
    keep(m.index);
    const bytes = Buffer.from(m[0].replaceAll('=', ''), 'hex');
    let at = m.index;
    for (const { text, size } of charactersOf(bytes, charset)) {
      for (const unit of text.split('')) out.push({ text: unit, line: index, column: at });
      at += 3 * size;
    }
    from = runs.lastIndex;
  }
  keep(line.length);
  return out;
}

/** The characters of some bytes, each with the number of bytes that it takes. */
function charactersOf(bytes: Uint8Array, charset: string): { text: string; size: number }[] {
  if (!/^utf-?8$/i.test(charset)) {
    const decoder = decoderFor(charset);
    return [...bytes].map((b) => ({ text: decoder.decode(Uint8Array.of(b)), size: 1 }));
  }
  const out: { text: string; size: number }[] = [];
  for (let i = 0; i < bytes.length; ) {
    const b = bytes[i];
    const size = b < 0xc0 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    out.push({ text: Buffer.from(bytes.subarray(i, i + size)).toString('utf8'), size });
    i += size;
  }
  return out;
}

/** Of an encoding that nobody knows the bytes themselves. */
function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('latin1');
  }
}

/** Ends the line that is open: HTML makes lines of its own of it. */
function endLine(reader: Reader, index: number): void {
  const chars = reader.open ?? [];
  reader.open = undefined;
  if (reader.part.type === 'text/html') {
    reader.html ??= newHtml();
    const shown = readHtml(reader.html, chars);
    if (!reader.hasPlain) for (const line of shown) reader.out.push(lineOf(line, index));
    return;
  }
  if (chars.length > 0) reader.hasPlain = true;
  reader.out.push(lineOf(chars, index));
}

function lineOf(chars: readonly Char[], index: number): DecodedLine {
  const first = chars[0]?.line ?? index;
  const map = new Uint32Array(chars.length);
  chars.forEach((c, i) => {
    map[i] = packPlace(c.line - first, c.column);
  });
  return { text: chars.map((c) => c.text).join(''), line: first + 1, map };
}

/** Ends what is open: a soft break at a part's end, the bytes of a part in base64, a line of HTML without a last tag. */
function flush(reader: Reader): void {
  const { base64 } = reader;
  if (reader.open) endLine(reader, reader.open.at(-1)?.line ?? 0);
  if (base64) {
    reader.base64 = undefined;
    // nobody reads a picture
    const isText = reader.part.type.startsWith('text/');
    for (const chars of isText ? base64Lines(base64, reader.part.charset) : []) {
      reader.open = chars;
      endLine(reader, chars.at(-1)?.line ?? base64[0].line);
    }
  }
  const rest = reader.html?.line;
  if (rest?.length && !reader.hasPlain) reader.out.push(lineOf(rest, rest[0].line));
  reader.html = undefined;
}

/** The lines of a part in base64; each character with the place of the four letters that hold it. */
function base64Lines(lines: readonly { text: string; line: number }[], charset: string): Char[][] {
  const parts = lines.map(({ text }) => /^[A-Za-z0-9+/]*={0,2}/.exec(text)?.[0] ?? '');
  const out: Char[][] = [[]];
  let byte = 0;
  let part = 0;
  // letters in the parts before
  let before = 0;
  for (const { text, size } of charactersOf(Buffer.from(parts.join(''), 'base64'), charset)) {
    const letter = Math.floor((byte * 4) / 3);
    while (part + 1 < parts.length && letter - before >= parts[part].length) before += parts[part++].length;
    byte += size;
    if (text === '\n') out.push([]);
    else if (text !== '\r')
      for (const unit of text.split(''))
        out[out.length - 1].push({ text: unit, line: lines[part].line, column: letter - before });
  }
  return out;
}
