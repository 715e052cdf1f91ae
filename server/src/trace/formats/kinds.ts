/** The tools whose stacks are read, as data: what the rest of trace/ and the editor's side have to know of each. */

/** How a tool's stacks differ from the kernel's own. */
interface Tool {
  /** numbers its frames, and never prints the kernel's log among them */
  debugger?: true;
  /** says nothing of whose stack it is */
  anonymous?: true;
  /** prints a function that was inlined without an address of its own */
  sharesAddress?: true;
  /** an empty line ends a stack */
  endsAtBlank?: true;
  /** what its stacks have at least once, as a pattern over lines; none for forms that are opened by hand alone */
  sign?: string;
}

const NUMBERED = String.raw`^[>\s]*#\d+\s+(?:0x[0-9a-f]+ in )?\w+ ?\(`;

/** By the kind that their stacks have. */
export const TOOLS = {
  gdb: { debugger: true, anonymous: true, sharesAddress: true, sign: NUMBERED },
  crash: { debugger: true },
  drgn: { debugger: true, anonymous: true, sign: NUMBERED },
  ftrace: { sign: String.raw`^\s*=> \w+` },
  /** places of events beside stacks; no stack themselves */
  'ftrace-events': {},
  'function-graph': {},
  perf: { endsAtBlank: true, sign: String.raw`^\s+[0-9a-f]{8,16} \S.* \((?:\[|\/|inlined)|^[\s|]+--\d+\.\d+%--\w` },
  bpf: { endsAtBlank: true },
} as const satisfies Record<string, Tool>;

/** Tools other than the kernel itself whose stacks are told apart. */
export type ToolKind = keyof typeof TOOLS;

const tools: Readonly<Record<string, Tool>> = TOOLS;

/** What is peculiar to stacks of a kind; nothing for the kernel's own. */
export const traitsOf = (kind: string): Tool => tools[kind] ?? KERNEL;

const KERNEL: Tool = {};

/** The kernel's frames, its titles, and the hunks of a mail. */
const OWN_SIGNS = [
  String.raw`\w\+0x[0-9a-f]+\/0x[0-9a-f]+`,
  String.raw`\[<[0-9a-f]{8,}>\]`,
  String.raw`^[>\s]*@@ -\d+(?:,\d+)? \+\d+`,
  '[Cc]all [Tt]race:',
];

/** What a trace or a patch has at least once: patterns over lines. Cheap to look for, and wrong now and then. */
export const TRACE_SIGNS: readonly string[] = [
  ...new Set([...OWN_SIGNS, ...Object.values(tools).flatMap((t) => t.sign ?? [])]),
];
