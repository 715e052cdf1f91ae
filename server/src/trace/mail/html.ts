/** The text of an HTML mail, line by line: tags go, those that break lines break them, entities are decoded. */

/** A character of the source; all that is kept of it is handed on. */
interface Placed {
  text: string;
}

/** What is open while the lines of an HTML text are read. */
interface Html<C> {
  /** the tag or comment that goes on in the next line, as far as it was read */
  tag: string | null;
  /** what is not shown: `style`, `script`, `head`, `title` */
  hidden: string | null;
  /** line breaks of the source count */
  pre: boolean;
  /** of the line that is shown, so far */
  line: C[];
}

/** No text read yet. */
export const newHtml = <C>(): Html<C> => ({ tag: null, hidden: null, pre: false, line: [] });

const BREAKS = /^\/?(?:br|p|div|tr|li|ul|ol|table|blockquote|pre|h[1-6]|hr)\b/i;
const HIDDEN = /^(?:style|script|head|title)\b/i;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };
const LONGEST_TAG = 2000;
const LONGEST_ENTITY = 10;
/** A line that no tag ends is cut here. */
const LONGEST_SHOWN = 100_000;

/** Reads a line of the source; gives the lines that it ends, as they are shown. */
export function readHtml<C extends Placed>(html: Html<C>, chars: readonly C[]): C[][] {
  const out: C[][] = [];
  const endLine = () => {
    out.push(html.line);
    html.line = [];
  };
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i].text;
    if (html.tag !== null) {
      if (c !== '>' || (html.tag.startsWith('!--') && !html.tag.endsWith('--'))) html.tag = longerTag(html.tag, c);
      else if (endTag(html) && html.line.length > 0) endLine();
    } else if (c === '<') html.tag = '';
    else if (!html.hidden) {
      i = showAt(html, chars, i);
    }
  }
  // between tags a line break is a blank
  const last = html.line.at(-1);
  if (html.pre || html.line.length > LONGEST_SHOWN) endLine();
  else if (last && html.tag === null) html.line.push({ ...last, text: ' ' });
  return out;
}

/** Shows the character at `at`, or the one that an entity there stands for; returns the index of its end. */
function showAt<C extends Placed>({ line }: Html<C>, chars: readonly C[], at: number): number {
  const entity = chars[at].text === '&' ? entityAt(chars, at) : null;
  line.push(entity ? { ...chars[at], text: entity.text } : chars[at]);
  return entity ? entity.end : at;
}

/** Of a long comment its end is enough. */
function longerTag(tag: string, c: string): string {
  if (tag.length < LONGEST_TAG) return tag + c;
  return tag.startsWith('!--') ? `!--${(tag + c).slice(-2)}` : tag;
}

/** Ends a tag; tells whether it breaks the line. */
function endTag<C>(html: Html<C>): boolean {
  const tag = html.tag ?? '';
  html.tag = null;
  const name = tag.startsWith('/') ? tag.slice(1) : tag;
  if (/^pre\b/i.test(name)) html.pre = !tag.startsWith('/');
  if (html.hidden) {
    if (tag.startsWith('/') && name.toLowerCase().startsWith(html.hidden)) html.hidden = null;
    return false;
  }
  const hidden = HIDDEN.exec(tag);
  if (hidden && !tag.endsWith('/')) html.hidden = hidden[0].toLowerCase();
  return BREAKS.test(tag);
}

/** `&lt;`, `&#43;`, `&#x27;` at `at`: what it stands for, and the index of its `;`. */
function entityAt(chars: readonly Placed[], at: number): { text: string; end: number } | null {
  let name = '';
  for (let i = at + 1; i < chars.length && i <= at + LONGEST_ENTITY; i++) {
    const { text } = chars[i];
    if (text !== ';') {
      name += text;
      continue;
    }
    const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const code = number ? Number.parseInt(number[1] ?? number[2], number[1] ? 16 : 10) : 0;
    const plain = number ? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null) : ENTITIES[name];
    return plain ? { text: plain === '\u00a0' ? ' ' : plain, end: i } : null;
  }
  return null;
}
