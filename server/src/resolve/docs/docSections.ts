/** Sections of a tree's Documentation/ that are about a struct: whose heading names it. */
import { namesInFolder, readTreeText, statTreeFile } from '../../index/treeFiles.ts';
import type { Steps } from '../steps.ts';

/** A section of a text: what stands under a heading. */
export interface DocSection {
  /** path relative to the tree */
  file: string;
  /** 1-based line of the heading */
  line: number;
}

/** What is known of a tree's documentation so far: its files are looked through as slots are asked about. */
interface Catalog {
  /** sections by the words of their headings that may name a struct */
  byWord: Map<string, DocSection[]>;
  /** folders and files yet to be looked at, the next one last; null before the first look */
  left: string[] | null;
}

const catalogs = new Map<string, Catalog>();
/** More trees than one window has. */
const MOST_TREES = 4;
/** How long one question may look through what is left, in ms: all of it takes a third of a second (see `readDocs`). */
const BUDGET_MS = 30;
/** What it looks at in any case, however busy the machine is: the texts on file systems are among these. */
const LEAST_FILES = 48;
const TOP = 'Documentation';
/** Where most slots are described is looked at first, the others by name. */
const FIRST = /^Documentation\/filesystems(?:\/(?:[Ll]ocking|vfs)(?:\.\w+)?)?$/;
/** Bindings and interfaces describe no structs; translations say what the originals do. */
const OUT = /^Documentation\/(?:devicetree|translations|ABI|features|output)$/;
/** Before 5.3 many texts had no ending, `Documentation/filesystems/Locking` among them. */
const IS_TEXT = /\.(?:rst|txt)$|^[A-Za-z][\w-]*$/;

/** Sections whose heading names the struct `tag`, or what it holds the operations of (`net_device` for `net_device_ops`). */
export function docSections(root: string, tag: string): DocSection[] {
  const catalog = catalogOf(root);
  const end = performance.now() + BUDGET_MS;
  catalog.left ??= [TOP];
  for (let n = 0; catalog.left.length > 0 && (n < LEAST_FILES || performance.now() < end); n++)
    lookAt(root, catalog, catalog.left.pop() as string);
  const stem = tag.replace(/_(?:ops|operations|struct)$/, '');
  return [tag, ...(stem !== tag && stem.includes('_') ? [stem] : [])].flatMap((w) => catalog.byWord.get(w) ?? []);
}

/** Looks through all of a tree's documentation ahead of the questions, a file or folder with each step. */
export function* readDocs(root: string): Steps<void> {
  const catalog = catalogOf(root);
  catalog.left ??= [TOP];
  for (let path = catalog.left.pop(); path !== undefined; path = catalog.left.pop()) {
    lookAt(root, catalog, path);
    yield;
  }
}

function catalogOf(root: string): Catalog {
  const known = catalogs.get(root);
  if (known) return known;
  for (const oldest of catalogs.keys()) if (catalogs.size >= MOST_TREES) catalogs.delete(oldest);
  const catalog: Catalog = { byWord: new Map(), left: null };
  catalogs.set(root, catalog);
  return catalog;
}

function lookAt(root: string, { byWord, left }: Catalog, path: string): void {
  const isText = IS_TEXT.test(path.slice(path.lastIndexOf('/') + 1));
  if (isText && statTreeFile(root, path)) {
    for (const { line, title } of headings(readTreeText(root, path, 'latin1')?.split('\n') ?? []))
      for (const word of new Set(title.match(/[A-Za-z]\w*_\w+/g))) {
        const list = byWord.get(word);
        if (list) list.push({ file: path, line });
        else byWord.set(word, [{ file: path, line }]);
      }
    return;
  }
  if (OUT.test(path) || path.includes('.')) return;
  const inside = namesInFolder(root, path).map((name) => `${path}/${name}`);
  inside.sort((a, b) => Number(FIRST.test(a)) - Number(FIRST.test(b)) || (a < b ? 1 : -1));
  left?.push(...inside);
}

/** A heading of a text. */
interface Heading {
  /** 1-based */
  line: number;
  title: string;
  /** 0 for the outermost; texts use the characters that they underline with in an order of their own */
  level: number;
}

/** The headings of a text by their underlines, and by the lines of `-----` around them that texts before 5.3 had. */
export function headings(lines: readonly string[]): Heading[] {
  const out: Heading[] = [];
  const styles: string[] = [];
  const add = (n: number, title: string, style: string): void => {
    if (!styles.includes(style)) styles.push(style);
    out.push({ line: n + 1, title, level: styles.indexOf(style) });
  };
  for (let n = 0; n < lines.length; n++) {
    const c = lines[n][0];
    if (!c || !'=-~^"\'*+#.'.includes(c)) continue;
    const between = c === '-' ? /^-{6,}\s*([\w ]*\w)\s*-{6,}\s*$/.exec(lines[n]) : null;
    if (between) add(n, between[1], '- -');
    else if (isRule(lines[n]) && n > 0 && /^\s?\S.*[A-Za-z]/.test(lines[n - 1]) && !isTableEdge(lines[n]))
      add(n - 1, lines[n - 1].trim(), isRule(lines[n - 2] ?? '') ? `${c}${c}` : c);
  }
  return out;
}

const isRule = (line: string): boolean => /^([=\-~^"'*+#.])\1{2,}\s*$/.test(line);

/** `=====  ====`: a table's edge, with the columns' widths. */
export const isTableEdge = (line: string): boolean => /^\s*={2,}(?:\s+={2,})+\s*$/.test(line);

/** Lines that a section has: from behind its heading's underline to the next heading that is no part of it (0-based, end excluded). */
export function linesOfSection(lines: readonly string[], line: number): [from: number, to: number] {
  const all = headings(lines);
  const at = all.findIndex((h) => h.line === line);
  if (at < 0) return [0, 0];
  const next = all.slice(at + 1).find((h) => h.level <= all[at].level);
  return [line, next ? next.line - 1 : lines.length];
}
