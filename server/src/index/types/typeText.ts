/** C type texts taken apart: `const struct foo *[4]` is an array of pointers to struct foo. */

/** A type taken apart. */
export interface TypeShape {
  /** `struct foo`, `union @3`, `unsigned long`, a typedef's name */
  base: string;
  /** from the outside in: '[]' array of, '*' pointer to, '()' function returning */
  ops: string[];
  /** text of the parameters of the innermost function type, '' without one */
  params: string;
}

const cache = new Map<string, TypeShape>();

/** Shape of a type text as facts hold it (no declared name in it). Never fails: what it can't read is all base. */
export function typeShape(text: string): TypeShape {
  let shape = cache.get(text);
  if (!shape) {
    if (cache.size > 20_000) cache.clear();
    // a slice of a file's facts would hold on to all of them
    const own = Buffer.from(text, 'utf8').toString('utf8');
    shape = parse(own);
    cache.set(own, shape);
  }
  return shape;
}

function parse(text: string): TypeShape {
  let at = 0;
  const words: string[] = [];
  for (;;) {
    const m = /^\s*([A-Za-z_@$][\w@$]*|\d+)/.exec(text.slice(at));
    if (!m) break;
    if (m[1] === 'typeof' || m[1] === '__typeof__') {
      const end = closing(text, text.indexOf('(', at));
      words.push(text.slice(at, end).trim());
      at = end;
      continue;
    }
    if (m[1] !== 'const') words.push(m[1]);
    at += m[0].length;
  }
  const shape: TypeShape = { base: words.join(' '), ops: [], params: '' };
  abstract(text.slice(at).trim(), shape);
  return shape;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === '(' || c === '[') depth++;
    else if ((c === ')' || c === ']') && --depth === 0) return i + 1;
  }
  return text.length;
}

function abstract(text: string, shape: TypeShape): void {
  let stars = 0;
  let at = 0;
  for (; at < text.length; at++) {
    if (text[at] === '*') stars++;
    else if (text[at] !== ' ') break;
  }
  const suffixes: string[] = [];
  if (text[at] === '(' && /^\(\s*[*(]/.test(text.slice(at))) {
    const end = closing(text, at);
    abstract(text.slice(at + 1, end - 1), shape);
    at = end;
  }
  while (at < text.length) {
    if (text[at] === '[') {
      suffixes.push('[]');
      at = closing(text, at);
    } else if (text[at] === '(') {
      const end = closing(text, at);
      suffixes.push('()');
      if (!shape.params) shape.params = text.slice(at + 1, end - 1);
      at = end;
    } else at++;
  }
  shape.ops.push(...suffixes);
  for (let i = 0; i < stars; i++) shape.ops.push('*');
}

/** `struct foo` -> `foo`, else '' */
export function recordTag(base: string): string {
  const m = /^(?:struct|union) (@?\w+)$/.exec(base);
  return m ? m[1] : '';
}
