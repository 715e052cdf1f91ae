/**
 * Globs of the setting kerntrail.index.exclude: `*`, `?`, `**` (as a whole part of a path), `[a-z]`, `[!a]`, `{a,b}`, and
 * `\` before a character that stands for itself. All together become one automaton, whose states are made when a
 * path first gets to them: a regular expression would try every way there is to spread a path over the stars.
 */

/** A test for paths relative to the tree; folders come with a slash at their end. Invalid globs match nothing. */
export const excluder = (globs: readonly string[]): ((path: string) => boolean) => matcher(readGlobs(globs).nodes);

/** What is wrong with globs, each a sentence for the user. */
export const globProblems = (globs: readonly string[]): string[] => readGlobs(globs).problems;

/** Characters of all globs together. */
const MOST_CHARACTERS = 2000;
const MOST_NESTED = 20;

/** What a character leads on to, if it passes the test; without a test, what is reached by itself. */
interface Node {
  test: ((code: number) => boolean) | null;
  to: number[];
}

const START = 0;
const END = 1;

function readGlobs(globs: readonly string[]): { nodes: Node[]; problems: string[] } {
  const nodes: Node[] = [
    { test: null, to: [] },
    { test: null, to: [] },
  ];
  const problems: string[] = [];
  let characters = 0;
  for (const glob of globs.filter(Boolean)) {
    const before = nodes.length;
    characters += glob.length;
    const problem =
      characters > MOST_CHARACTERS
        ? `all of them together may have ${MOST_CHARACTERS} characters`
        : addGlob(nodes, glob.replace(/^\.?\//, '').replace(/\/$/, '/**'));
    if (problem === null) {
      nodes[START].to.push(before);
      continue;
    }
    nodes.length = before;
    const shown = glob.length > 60 ? `${glob.slice(0, 60)}…` : glob;
    problems.push(`The glob ${shown} of kerntrail.index.exclude is not used: ${problem}.`);
  }
  return { nodes, problems };
}

const SLASH = 47;
const isSlash = (code: number): boolean => code === SLASH;
const isNoSlash = (code: number): boolean => code !== SLASH;
const isAny = (): boolean => true;

/** A glob as it is read. */
interface Reading {
  glob: string;
  at: number;
  nodes: Node[];
  /** what is wrong with it, once that is known */
  problem: string | null;
}

/** Adds the nodes of a glob, its start first; gives what is wrong with it, or null. */
function addGlob(nodes: Node[], glob: string): string | null {
  const r: Reading = { glob, at: 0, nodes, problem: null };
  lead(r, readSequence(r, add(r), 0, true), END);
  return r.problem;
}

const add = ({ nodes }: Reading, test: Node['test'] = null, ...to: number[]): number => nodes.push({ test, to }) - 1;
const lead = ({ nodes }: Reading, from: number, to: number): void => void nodes[from].to.push(to);
const step = (r: Reading, from: number, test: Node['test'], to: number): void => lead(r, from, add(r, test, to));

/** Nothing more is read: the first reason is the one that is told. */
function failed(r: Reading, why: string): void {
  r.problem ??= why;
  r.at = r.glob.length;
}

/** Is the reading at the end of a glob, or of one of the choices in braces? */
const isAtEnd = ({ glob, at }: Reading, depth: number): boolean =>
  at >= glob.length || (depth > 0 && (glob[at] === ',' || glob[at] === '}'));

/** Reads up to the end, or to the `,` or `}` of the braces around; gives the node it gets to. */
function readSequence(r: Reading, start: number, depth: number, opensPart: boolean): number {
  const { glob } = r;
  let from = start;
  let opens = opensPart;
  while (!isAtEnd(r, depth)) {
    const next = add(r);
    const c = glob[r.at++];
    if (c === '*') {
      from = readStars(r, from, next, depth, opens);
      opens = glob[r.at - 1] === '/';
      continue;
    }
    if (c === '{') readBraces(r, from, next, depth, opens);
    else step(r, from, c === '?' ? isNoSlash : c === '[' ? readClass(r) : readLiteral(r, c), next);
    opens = c === '/';
    from = next;
  }
  return from;
}

/** One star or more; gives the node they get to. `opensPart`: they begin a part of the path. */
function readStars(r: Reading, from: number, next: number, depth: number, opensPart: boolean): number {
  const first = r.at - 1;
  while (r.glob[r.at] === '*') r.at++;
  // within braces, their parts are looked at alone
  const whole = opensPart && (r.glob[r.at] === '/' || isAtEnd(r, depth));
  if (whole && r.at - first === 2) return anyFolders(r, from, next);
  // a star alone stands for a name, and no name is empty
  if (whole) step(r, from, isNoSlash, next);
  else lead(r, from, next);
  step(r, next, isNoSlash, next);
  return next;
}

/** `**`, and the slash after it: folders, or none. */
function anyFolders(r: Reading, from: number, next: number): number {
  const inside = add(r);
  lead(r, from, inside);
  step(r, inside, isAny, inside);
  if (r.glob[r.at] !== '/') return inside;
  r.at++;
  lead(r, from, next);
  step(r, inside, isSlash, next);
  return next;
}

function readLiteral(r: Reading, c: string): Node['test'] {
  if (c === '\\' && r.at >= r.glob.length) failed(r, 'nothing follows its last \\');
  const code = (c === '\\' ? (r.glob[r.at++] ?? c) : c).charCodeAt(0);
  return (x) => x === code;
}

function readBraces(r: Reading, from: number, next: number, depth: number, opensPart: boolean): void {
  if (depth >= MOST_NESTED) {
    failed(r, 'its braces are nested too deep');
    return;
  }
  do {
    const start = add(r);
    lead(r, from, start);
    lead(r, readSequence(r, start, depth + 1, opensPart), next);
  } while (r.glob[r.at++] === ',');
  if (r.glob[r.at - 1] !== '}') failed(r, 'it has a { without its }');
}

function readClass(r: Reading): Node['test'] {
  const { glob } = r;
  const negated = glob[r.at] === '!' || glob[r.at] === '^';
  if (negated) r.at++;
  const ranges: [number, number][] = [];
  const first = r.at;
  const code = (): number => {
    if (glob[r.at] === '\\') r.at++;
    return glob.charCodeAt(r.at++);
  };
  while (r.at < glob.length && (glob[r.at] !== ']' || r.at === first)) {
    const low = code();
    const isRange = glob[r.at] === '-' && r.at + 1 < glob.length && glob[r.at + 1] !== ']';
    if (isRange) r.at++;
    ranges.push([low, isRange ? code() : low]);
  }
  if (glob[r.at++] !== ']') failed(r, 'it has a [ without its ]');
  return (x) => x !== SLASH && ranges.some(([low, high]) => low <= x && x <= high) !== negated;
}

interface State {
  /** nodes with a test that the path read so far leads to */
  nodes: number[];
  matches: boolean;
  next: Map<number, State>;
}

/** Nodes of all states that are kept, and steps between them. */
const MOST_KEPT = 200_000;

function matcher(nodes: readonly Node[]): (path: string) => boolean {
  const states = new Map<string, State>();
  let kept = 0;
  const seen = new Uint32Array(nodes.length);
  let turn = 0;
  /** The state in which all these nodes, and those that they lead to by themselves, are reached. */
  const stateOf = (reached: number[]): State => {
    turn++;
    const tested: number[] = [];
    for (let todo = reached; todo.length; ) {
      const n = todo.pop() as number;
      if (seen[n] === turn) continue;
      seen[n] = turn;
      if (nodes[n].test) tested.push(n);
      else for (const to of nodes[n].to) todo.push(to);
    }
    const matches = seen[END] === turn;
    const key = `${tested.sort((a, b) => a - b).join()}${matches}`;
    let state = states.get(key);
    if (!state) {
      state = { nodes: tested, matches, next: new Map() };
      states.set(key, state);
      kept += tested.length;
    }
    return state;
  };
  let start = stateOf([START]);
  return (path) => {
    if (kept > MOST_KEPT) {
      states.clear();
      kept = 0;
      start = stateOf([START]);
    }
    let state = start;
    for (let i = 0; i < path.length; i++) {
      if (state.nodes.length === 0) return false;
      const code = path.charCodeAt(i);
      let next = state.next.get(code);
      if (!next) {
        next = stateOf(state.nodes.filter((n) => nodes[n].test?.(code)).flatMap((n) => nodes[n].to));
        state.next.set(code, next);
        kept++;
      }
      state = next;
    }
    return state.matches;
  };
}
