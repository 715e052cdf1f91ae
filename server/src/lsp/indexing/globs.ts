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

/** Adds the nodes of a glob, its start first; gives what is wrong with it, or null. */
function addGlob(nodes: Node[], glob: string): string | null {
  let at = 0;
  let problem: string | null = null;
  const add = (test: Node['test'] = null, ...to: number[]): number => nodes.push({ test, to }) - 1;
  const lead = (from: number, to: number): void => void nodes[from].to.push(to);
  const step = (from: number, test: Node['test'], to: number): void => lead(from, add(test, to));
  const failed = (why: string): void => {
    problem ??= why;
    at = glob.length;
  };
  /** Does a part of the path end here? Within braces, their parts are looked at alone. */
  const endsPart = (i: number, depth: number): boolean =>
    i >= glob.length || glob[i] === '/' || (depth > 0 && (glob[i] === ',' || glob[i] === '}'));

  /** Reads up to the end, or to the `,` or `}` of the braces around; gives the node it gets to. */
  const sequence = (start: number, depth: number, opensPart: boolean): number => {
    let from = start;
    let opens = opensPart;
    while (at < glob.length && !(depth > 0 && (glob[at] === ',' || glob[at] === '}'))) {
      const next = add();
      const wasOpen = opens;
      opens = false;
      const c = glob[at++];
      if (c === '*') {
        const first = at - 1;
        while (glob[at] === '*') at++;
        const whole = wasOpen && endsPart(at, depth);
        if (whole && at - first === 2) from = anyFolders(from, next);
        else {
          // a star alone stands for a name, and no name is empty
          if (whole) step(from, isNoSlash, next);
          else lead(from, next);
          step(next, isNoSlash, next);
          from = next;
        }
        opens = glob[at - 1] === '/';
        continue;
      }
      if (c === '{') braces(from, next, depth, wasOpen);
      else step(from, c === '?' ? isNoSlash : c === '[' ? readClass() : literal(c), next);
      opens = c === '/';
      from = next;
    }
    return from;
  };

  /** `**`, and the slash after it: folders, or none. */
  const anyFolders = (from: number, next: number): number => {
    const inside = add();
    lead(from, inside);
    step(inside, isAny, inside);
    if (glob[at] !== '/') return inside;
    at++;
    lead(from, next);
    step(inside, isSlash, next);
    return next;
  };

  const literal = (c: string): Node['test'] => {
    if (c === '\\' && at >= glob.length) failed('nothing follows its last \\');
    const code = (c === '\\' ? (glob[at++] ?? c) : c).charCodeAt(0);
    return (x) => x === code;
  };

  const braces = (from: number, next: number, depth: number, opensPart: boolean): void => {
    if (depth >= MOST_NESTED) {
      failed('its braces are nested too deep');
      return;
    }
    do {
      const start = add();
      lead(from, start);
      lead(sequence(start, depth + 1, opensPart), next);
    } while (glob[at++] === ',');
    if (glob[at - 1] !== '}') failed('it has a { without its }');
  };

  const readClass = (): Node['test'] => {
    const negated = glob[at] === '!' || glob[at] === '^';
    if (negated) at++;
    const ranges: [number, number][] = [];
    const first = at;
    const code = (): number => {
      if (glob[at] === '\\') at++;
      return glob.charCodeAt(at++);
    };
    while (at < glob.length && (glob[at] !== ']' || at === first)) {
      const low = code();
      const isRange = glob[at] === '-' && at + 1 < glob.length && glob[at + 1] !== ']';
      if (isRange) at++;
      ranges.push([low, isRange ? code() : low]);
    }
    if (glob[at++] !== ']') failed('it has a [ without its ]');
    return (x) => x !== SLASH && ranges.some(([low, high]) => low <= x && x <= high) !== negated;
  };

  lead(sequence(add(), 0, true), END);
  return problem;
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
