// @ts-check
// Are references complete? Names are drawn at random from a kernel tree, and what `kerntrail references` says of each is
// held against a search for its word outside comments and strings, made here, with another scanner and without an index.
// Each difference must be another thing of the same word, told by a rule below; what no rule tells is printed.
//
//   node test/kernel/references.mjs --tree DIR --cache DIR [--names 200] [--seed 1] [--show KIND]
//
// The tree must be indexed: kerntrail index --tree DIR --cache DIR. The exit code is 1 where something is not explained.
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../scripts/lib/run.mjs';

const { values: given } = parseArgs({
  options: {
    tree: { type: 'string' },
    cache: { type: 'string' },
    names: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '' },
  },
});
const [TREE, CACHE] = [given.tree ?? '', given.cache ?? ''];
if (!TREE || !CACHE) throw new Error('name a tree and where its index lies: --tree DIR --cache DIR');

/** @typedef {{ path: string, line: number, column: number, offset: number }} Place */
/** @typedef {{ kind: string, name: string, path: string, line: number, column: number }} Drawn */
/** @typedef {{ file: string, line: number, column: number, use: string, text: string }} Use */

/**
 * Whole numbers below `n`, the same for a seed each time (mulberry32).
 * @param {number} seed
 */
function dice(seed) {
  let a = seed >>> 0;
  return (/** @type {number} */ n) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

const files = readdirSync(TREE, { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && /\.[chS]$/.test(e.name))
  .map((e) => join(e.parentPath, e.name).slice(join(TREE, '/').length))
  .sort();
const read = (/** @type {string} */ path) => readFileSync(join(TREE, path), 'latin1');

/**
 * The text with blanks in place of comments and literals, line ends aside.
 * @param {string} text
 * @param {string} path
 */
function bare(text, path) {
  const blank = (/** @type {string} */ all) => all.replace(/[^\n]/g, ' ');
  const plain = text.replace(
    /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g,
    blank,
  );
  if (!path.endsWith('.S')) return plain;
  // comments of assembly are its architecture's own
  /** @type {Record<string, string>} */
  const opens = { arm: '@', arm64: '', arc: ';', ia64: '', m68k: '\\|', parisc: ';', sh: '!', sparc: '!' };
  const c = opens[/^arch\/(\w+)\//.exec(path)?.[1] ?? ''] ?? '#';
  const directives = 'define|undef|include|if|ifdef|ifndef|elif|else|endif|error|warning|line|pragma';
  return c ? plain.replace(new RegExp(`(^|[ \\t])${c}(?![ \\t]*(?:${directives})\\b)[^\\n]*`, 'gm'), blank) : plain;
}

const isSeen = (/** @type {string} */ path) =>
  path.startsWith('arch/')
    ? path.startsWith('arch/x86/')
    : !/^(?:tools|samples|scripts|Documentation|usr)\//.test(path);

/**
 * What is drawn: a regular expression over bare text each, whose last group is the name.
 * @type {Record<string, RegExp>}
 */
const DRAWN = {
  function: /^(?:[a-z_][\w \t]*[ \t*])(\w+)\((?:[^;{}()]|\([^()]*\))*\)\s*\n\{/gm,
  macro: /^#[ \t]*define[ \t]+(\w+)/gm,
  member: /^\t(?:const )?(?:struct \w+|unsigned \w+|\w+)[ \t]+\**(\w+)(?:\[\w+\])?;/gm,
  slot: /^\t[\w \t*]+\(\*(\w+)\)\(/gm,
  table: /^(?:static )?(?:const )?struct \w+ (\w+)(?:\[\w*\])? = \{/gm,
  type: /^struct (\w+) \{/gm,
  typedef: /^typedef [\w \t*]+[ \t*](\w+);/gm,
  enumerator: /^\t([A-Z][A-Z0-9_]+)(?: = \w+)?,$/gm,
  variable: /^(?:static )?(?:unsigned )?(?:int|long|bool|u32|u64|atomic_t)[ \t]+(\w+)(?: = \w+)?;/gm,
};

/**
 * Is a member drawn inside a struct, not a local of a function? Its block opens with `struct x {`.
 * @param {string} text
 * @param {number} at
 */
function opensRecord(text, at) {
  const open = text.lastIndexOf('\n}', at) + 1;
  return (
    /^(?:typedef )?(?:struct|union)\b[^;{}()]*\{/m.test(text.slice(open, at)) && !/^\{/m.test(text.slice(open, at))
  );
}

/**
 * @param {(n: number) => number} roll
 * @param {number} count
 */
function draw(roll, count) {
  const kinds = Object.keys(DRAWN);
  /** @type {Drawn[]} */
  const out = [];
  const seen = new Set();
  const from = files.filter((f) => isSeen(f) && !f.endsWith('.S') && !f.startsWith('drivers/gpu/drm/amd/include/'));
  for (let tries = 0; out.length < count && tries < count * 400; tries++) {
    const kind = kinds[out.length % kinds.length];
    const path = from[roll(from.length)];
    const text = bare(read(path), path);
    const found = [...text.matchAll(DRAWN[kind])].filter(
      (m) => !/^(member|slot)$/.test(kind) || opensRecord(text, m.index),
    );
    if (found.length === 0) continue;
    const m = found[roll(found.length)];
    const at = m.index + m[0].search(new RegExp(`\\b${m[1]}\\b(?!.*\\b${m[1]}\\b\\()`));
    const offset = kind === 'macro' ? m.index + m[0].length - m[1].length : at;
    if (seen.has(m[1]) || !/^[A-Za-z_]\w+$/.test(m[1])) continue;
    seen.add(m[1]);
    const before = text.slice(0, offset);
    out.push({ kind, name: m[1], path, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') });
  }
  return out;
}

/**
 * Files that hold one of the words, comments and strings included.
 * @param {string[]} names
 */
function filesWith(names) {
  const args = ['-rlwF', '--include=*.[chS]', ...names.flatMap((name) => ['-e', name]), '.'];
  const { stdout } = spawnSync('grep', args, { cwd: TREE, maxBuffer: 1 << 28, encoding: 'utf8' });
  const regular = new Set(files);
  return stdout
    .split('\n')
    .map((line) => line.replace(/^\.\//, ''))
    .filter((path) => regular.has(path));
}

/**
 * Every place of the drawn words in the whole tree, by word.
 * @param {string[]} names
 */
function search(names) {
  /** @type {Map<string, Place[]>} */
  const found = new Map(names.map((n) => [n, []]));
  for (const path of filesWith(names)) {
    const raw = read(path);
    const hits = new Set(names.filter((name) => raw.includes(name)));
    const text = bare(raw, path);
    let line = 1;
    let lineStart = 0;
    for (const m of text.matchAll(/\n|[A-Za-z_]\w*|\d\w*/g)) {
      if (m[0] === '\n') {
        line++;
        lineStart = m.index + 1;
      } else if (hits.has(m[0]))
        found.get(m[0])?.push({ path, line, column: m.index - lineStart + 1, offset: m.index });
    }
  }
  return found;
}

/**
 * @param {string} where
 * @returns {Promise<Use[]>}
 */
const kerntrail = (where) =>
  new Promise((resolve, reject) => {
    const args = ['references', where, '--json', '--no-update', '--tree', TREE, '--cache', CACHE];
    execFile(process.execPath, [join(ROOT, 'dist/cli.cjs'), ...args], { maxBuffer: 1 << 30 }, (error, out) => {
      if (error && error.code !== 1) reject(error);
      else
        resolve(
          out
            .split('\n')
            .filter(Boolean)
            .map((l) => JSON.parse(l)),
        );
    });
  });

/** Texts that were looked at last. @type {Map<string, string>} */
const texts = new Map();
/** @param {string} path */
function textOf(path) {
  let text = texts.get(path);
  if (text === undefined) {
    if (texts.size > 50) texts.clear();
    text = bare(read(path), path);
    texts.set(path, text);
  }
  return text;
}

/**
 * Why a place of the word is no use of what was drawn; '' where no rule says so.
 * @param {Drawn} drawn
 * @param {Place} place
 */
function reasonOf(drawn, { path, offset }) {
  const text = textOf(path);
  const { name, kind } = drawn;
  if (path.startsWith('arch/') && !path.startsWith('arch/x86/')) return 'another architecture';
  if (!isSeen(path)) return 'another program';
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(Math.max(0, offset - 400), offset).replace(/\s+$/, '');
  const after = text.slice(offset + name.length, offset + name.length + 200).replace(/^\s+/, '');
  const start = text.slice(lineStart, offset);
  if (/^\s*#\s*(?:include|error|warning|pragma)/.test(start)) return 'path of an #include, text of an #error';
  const isMember = /(?:->|(?<!\.)\.)$/.test(before);
  const isTag = /\b(?:struct|union|enum)$/.test(before);
  const wantsMember = kind === 'member' || kind === 'slot';
  if (!wantsMember && isMember) return 'a member of that name';
  if ((kind === 'type') !== isTag) return isTag ? 'a tag of that name' : 'no tag';
  if (/\bgoto$/.test(before) || (/[;{}:]$/.test(before) && /^:/.test(after))) return 'a label of that name';
  const define = defineAround(text, offset);
  if (define && new RegExp(`\\(([^)]*\\W)?${name}(\\W[^)]*)?\\)`).test(define.head)) return 'a parameter of a #define';
  if (wantsMember) return memberReason(drawn, text, offset, isMember);
  if (path !== drawn.path && definesItself(text, name)) return 'a file with a definition of its own';
  if (isLocalOf(drawn) && path !== drawn.path) return 'what was drawn is local to its file';
  if (isDeclaredNear(text, offset, name)) return 'a local, a parameter or a member that is declared near';
  if (path.includes('/') && localHeader(drawn, path, name)) return 'a local header of another folder defines it';
  return '';
}

/**
 * Why a word is no use of the member that was drawn. What stands beside it may say that it is one after all.
 * @param {Drawn} drawn
 * @param {string} text
 * @param {number} offset
 * @param {boolean} isMember
 */
function memberReason(drawn, text, offset, isMember) {
  const owner = ownerOf(drawn);
  const before = text.slice(Math.max(0, text.lastIndexOf('\n}', offset)), offset);
  if (isMember) {
    const receiver = /(\w+)\s*(?:->|\.)\s*$/.exec(before.slice(-200));
    const simple = receiver && !/(?:->|\.|\))\s*$/.test(before.slice(0, before.lastIndexOf(receiver[0])));
    if (owner && simple) {
      const tags = [...before.matchAll(new RegExp(`\\bstruct (\\w+)\\s+\\**(?:\\w+,\\s*\\**)*${receiver[1]}\\b`, 'g'))];
      if (tags.at(-1)?.[1] === owner) return '';
    }
    return 'a member of another struct, by its type';
  }
  const told = owner && new RegExp(`\\(\\s*[^;{}()]*\\bstruct ${owner}\\s*,\\s*$`).test(before.slice(-160));
  return told ? '' : 'no member: a name, a local, or of another struct';
}

/**
 * The struct that a drawn member stands in; '' for one inside another.
 * @param {Drawn} drawn
 */
function ownerOf({ path, line }) {
  const above = textOf(path)
    .split('\n')
    .slice(0, line - 1);
  for (let n = above.length - 1; n >= 0; n--) {
    if (/^\t[^\t].*\{\s*$|^\}/.test(above[n])) return '';
    const m = /^(?:typedef )?struct (\w+)\s*\{/.exec(above[n]);
    if (m) return m[1];
  }
  return '';
}

/**
 * The #define that a place stands in, with its parameters.
 * @param {string} text
 * @param {number} offset
 */
function defineAround(text, offset) {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (start > 1 && text[start - 2] === '\\') start = text.lastIndexOf('\n', start - 2) + 1;
  const head = /^[ \t]*#[ \t]*define[ \t]+\w+(\([^)]*\))?/.exec(text.slice(start, start + 600));
  return head ? { head: head[1] ?? '' } : null;
}

/**
 * Does a file have a static, a #define or an enumerator of its own under that name?
 * @param {string} text
 * @param {string} name
 */
const definesItself = (text, name) =>
  new RegExp(
    `^(?:static\\b[^;{}()=]*\\b${name}\\s*[(\\[=;]|#[ \\t]*define[ \\t]+${name}\\b|[\\w \\t*]+[ \\t*]${name}\\((?:[^;{}()]|\\([^()]*\\))*\\)\\s*\\n\\{|\\t${name}(?: = [^,;]+)?,|typedef [^;{}]*\\b${name};|struct ${name} \\{)`,
    'm',
  ).test(text);

/**
 * Is it of use in its own .c file alone?
 * @param {Drawn} drawn
 */
function isLocalOf({ path, kind, name, line }) {
  if (path.endsWith('.h')) return false;
  if (/^(macro|type|typedef|enumerator)$/.test(kind)) return true;
  const lines = textOf(path).split('\n');
  return lines.slice(Math.max(0, line - 3), line).some((l) => /^static\b/.test(l)) && name !== '';
}

/**
 * A declaration of that name in the function around, or in the struct.
 * @param {string} text
 * @param {number} offset
 * @param {string} name
 */
function isDeclaredNear(text, offset, name) {
  const open = Math.max(0, text.lastIndexOf('\n}', offset));
  const close = text.indexOf('\n}', offset);
  const body = text.slice(open, close < 0 ? text.length : close);
  return new RegExp(`[\\w*]\\s*[\\s*]\\(?\\*?${name}\\)?\\s*(?:[;=,)\\[:]|\\()`).test(body);
}

/**
 * A #define or static inline of the name in a local header beside a place that was left out.
 * @param {Drawn} drawn
 * @param {string} path
 * @param {string} name
 */
function localHeader(drawn, path, name) {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return headersWith(name).some(
    (h) => h !== drawn.path && (h.startsWith(folder) || folder.startsWith(h.slice(0, h.lastIndexOf('/') + 1))),
  );
}
/** @type {Map<string, string[]>} */
const headers = new Map();

/** @param {string} name */
function headersWith(name) {
  let list = headers.get(name);
  if (!list) {
    list = [...new Set((found.get(name) ?? []).map((p) => p.path))].filter(
      (p) => p.endsWith('.h') && definesItself(textOf(p), name),
    );
    headers.set(name, list);
  }
  return list;
}

const roll = dice(Number(given.seed));
const drawn = draw(roll, Number(given.names));
const found = search(drawn.map((d) => d.name));
/** @type {Map<string, number>} */
const counts = new Map();
const add = (/** @type {string} */ kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
let unexplained = 0;
/** @type {{ name: string, ms: number, uses: number }[]} */
const times = [];
for (const d of drawn) {
  const began = performance.now();
  const uses = await kerntrail(`${d.path}:${d.line}:${d.column}`);
  times.push({ name: d.name, ms: performance.now() - began, uses: uses.length });
  const key = (/** @type {Place} */ p) => `${p.path}:${p.line}:${p.column}`;
  const keyOf = (/** @type {Use} */ u) => `${u.file}:${u.line}:${u.column}`;
  const said = new Map(uses.map((u) => [keyOf(u), u]));
  const places = found.get(d.name) ?? [];
  const expected = new Set(places.map(key));
  let [missing, extra] = [0, 0];
  for (const p of places) {
    const use = said.get(key(p));
    if (use) {
      add(use.use === 'possible' ? 'told as possible' : 'told');
      continue;
    }
    const reason = reasonOf(d, p);
    add(reason || 'NOT EXPLAINED');
    if (!reason) missing++;
    if (!reason || reason === given.show)
      console.log(
        `- ${d.kind} ${d.name} (${d.path}:${d.line}): ${key(p)} ${read(p.path).split('\n')[p.line - 1].trim()}`,
      );
  }
  for (const u of uses) {
    if (expected.has(keyOf(u))) continue;
    const reason = u.use === 'implied' ? 'implied: not spelt there' : '';
    add(reason || 'TOO MUCH');
    if (!reason) extra++;
    if (!reason) console.log(`+ ${d.kind} ${d.name} (${d.path}:${d.line}): ${keyOf(u)} ${u.text}`);
  }
  if (uses.length === 0) console.log(`0 ${d.kind} ${d.name} (${d.path}:${d.line}:${d.column}): nothing at all is told`);
  unexplained += missing + extra + (uses.length === 0 ? 1 : 0);
}
console.log(`\n${drawn.length} names, seed ${given.seed}`);
for (const [kind, n] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${String(n).padStart(8)}  ${kind}`);
times.sort((a, b) => b.ms - a.ms);
console.log(
  'slowest:',
  times
    .slice(0, 5)
    .map((t) => `${t.name} ${Math.round(t.ms)} ms, ${t.uses} uses`)
    .join('; '),
);
process.exitCode = unexplained ? 1 : 0;
