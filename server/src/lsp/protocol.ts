// Kerntrail's own part of the language server protocol. Types, names and patterns only: client and server both bundle it.
import type { FrameRows, StackList } from '../features/pasted/traceTree.ts';
import type {
  ChainFold,
  ChainHolder,
  ChainLink,
  ChainNode,
  ChainRoot,
  ChainStep,
  PathStep,
} from '../features/source/chains/model.ts';

export type { FrameItem, StackItem, StackList } from '../features/pasted/traceTree.ts';
export type { ChainChart } from '../features/source/chains/chart.ts';
export type {
  ChainFold,
  ChainHolder,
  ChainLink,
  ChainNode,
  ChainRoot,
  ChainStep,
  PathStep,
} from '../features/source/chains/model.ts';
export { MAPS } from '../kernel/maps.ts';
export { TRACE_SIGNS } from '../trace/formats/kinds.ts';
export type { SharedRun } from '../trace/merge.ts';

/** What the server does at the moment; `waiting`: another process builds this index, and the numbers are its own. */
export type Phase = 'idle' | 'waiting' | 'scanning' | 'indexing' | 'linking' | 'ready' | 'error' | 'noTree';

/** Server -> client, whenever something of it changes: all there is to show in the status bar. */
export interface StatusParams {
  phase: Phase;
  /** Absolute path of the tree that is read; absent when there is none. */
  tree?: string;
  /** The tree's version as its Makefile says it: `6.1.192`. */
  release?: string;
  /** The architecture answers are given for. */
  architecture: string;
  /** All the tree has, in alphabetical order. */
  architectures: string[];
  /** Files done and files to do in this phase; both 0 when it isn't counted. */
  done: number;
  total: number;
  /** For `error` and `noTree`: what is wrong and what to do. For the others: more to know, such as bytes not parsed. */
  message?: string;
}

/** Server -> client, a notification with StatusParams. */
export const STATUS = 'kerntrail/status';

/** Server -> client, a notification without parameters: the index holds more than before, and answers may be others now. */
export const INDEXED = 'kerntrail/indexed';

/** Client -> server, a request without parameters: forget what is indexed of this tree and begin again. */
export const REINDEX = 'kerntrail/reindex';

/** Client -> server, a request with ArchitectureParams. */
export const SET_ARCHITECTURE = 'kerntrail/setArchitecture';

/** A folder's name in arch/. */
export interface ArchitectureParams {
  architecture: string;
}

/** Client -> server, a request with BesideOtherParams: another C language server came or went. */
export const BESIDE_OTHER = 'kerntrail/besideOther';

/** Whether another server answers plain C now. */
export interface BesideOtherParams {
  on: boolean;
}

/** Client -> server, a notification without parameters: the user trusts the folders now. */
export const TRUST = 'kerntrail/trust';

/** Client -> server, a request with PathParams, answered with PathResult: chains of calls between two functions. */
export const FIND_PATH = 'kerntrail/findPath';

/** Client -> server, a request with PathEndParams, answered with PathEndResult: can a chain begin or end there? */
export const PATH_END = 'kerntrail/pathEnd';

/** A name that someone has typed, or that stands at the cursor. */
export interface PathEndParams {
  name: string;
}

/** Whether it is an end of a chain. */
export interface PathEndResult {
  /** why it is none, for the reader; null where it is one */
  problem: string | null;
}

/** From where to where chains are wanted, and what they should keep to. */
export interface PathParams {
  /** a function, or a slot as `struct.member` */
  from: string;
  to: string;
  /** a subsystem whose tables are preferred, such as `ext4`; '' for none */
  context: string;
  /** functions or slots that the chains go through, in their order */
  through?: string[];
  /** how many seconds the search may take; 10 where it is left out */
  seconds?: number;
  /** how many chains are wanted; a few where it is left out */
  max?: number;
  /** LSP's own: the first chain is told by this token as soon as there is one, as a PathResult; a better one may follow */
  partialResultToken?: string | number;
}

/** Client -> server, a request with ReachedParams, answered with PathResult: the entries that a function is reached from. */
export const FIND_ROOTS = 'kerntrail/findRoots';

/** Which function, or slot as `struct.member`; the rest as in PathParams. */
export type ReachedParams = Pick<PathParams, 'to' | 'context' | 'seconds' | 'max'>;

/** A chain, from its first function to the last. */
export interface FoundChain {
  /** of what is reached from entries, the kind of entry: `syscall`; '' elsewhere */
  kind: string;
  steps: PathStep[];
}

/** Chains, the likeliest first. */
export interface PathResult {
  chains: FoundChain[];
  /** why there is no chain, and what may help; where there is one, which of several functions of a name it begins or ends with */
  message: string | null;
}

/** Client -> server, a request with PathNamesParams, answered with PathName[]: functions and slots for what someone types. */
export const PATH_NAMES = 'kerntrail/pathNames';

/** The beginning of a name, or some of its letters in their order. */
export interface PathNamesParams {
  query: string;
}

/** What a chain may begin or end at. */
export interface PathName {
  /** as a search takes it: `do_fault`, `vm_operations_struct.fault`, `fs/a.c:run` where files define several */
  text: string;
  /** `mm/memory.c:4640` */
  place: string;
  kind: ChainNode['kind'];
}

/** Client -> server, a request with ChainRootsParams, answered with ChainRoots: what an exploration may begin at. */
export const CHAIN_ROOTS = 'kerntrail/chainRoots';

/** A place in an open source, or a name as people write it: `f`, `mm/memory.c:f`, `struct.member`. */
export type ChainRootsParams = ChainPlaceParams | { name: string };

/** What stands there: functions, slots, what a pointer calls; of a table its functions, of a struct its slots. */
export interface ChainRoots {
  roots: ChainRoot[];
  /** the table or struct that they are of; null where they stand for themselves */
  of: ChainHolder | null;
  /** why there are none, or what is not known yet; null where all is said */
  message: string | null;
}

/** Client -> server, a request with ChainPlaceParams, answered with a boolean: may an exploration begin at this place? */
export const CHAIN_BEGINS = 'kerntrail/chainBegins';

/** A place in an open source. */
export interface ChainPlaceParams {
  uri: string;
  position: PlainPosition;
}

/** Client -> server, a request with ChainNextParams, answered with ChainNext: the steps on from a node. */
export const CHAIN_NEXT = 'kerntrail/chainNext';

/** From which node, and which way. */
export interface ChainNextParams {
  node: ChainNode;
  direction: 'callers' | 'targets';
  /** a subsystem (`ext4`, `fs/ext4`), a table or a module whose functions are meant; left out for none */
  context?: string;
  /** of a long list, the fold that is opened: its folder, and whether it lies outside of the context */
  within?: string;
  outside?: boolean;
}

/** The steps on from a node, the likeliest first: all of them, or of a long list the nearest, the rest folded. */
export interface ChainNext {
  steps: ChainStep[];
  folds: ChainFold[];
  /** what is not known yet, or what narrows the steps; null where nothing is to be said */
  message: string | null;
}

/** Client -> server, a request with ChainWhyParams, answered with lines of text: all that is known of one step. */
export const CHAIN_WHY = 'kerntrail/chainWhy';

/** The step, with what it leads from and to. */
export interface ChainWhyParams {
  from: ChainNode;
  to: ChainNode;
  link: ChainLink;
}

/** Client -> server, a request with PictureParams, answered with PictureResult: where the boxes of a graph go. */
export const CHAIN_PICTURE = 'kerntrail/chainPicture';

/** A graph to be laid out: boxes by their sizes, in pixels, and the lines between them. */
export interface PictureParams {
  /** `room`: boxes of one stand together; '' for none */
  boxes: { id: string; width: number; height: number; room: string }[];
  /** `weight`: how much a line should be short and straight; 1 where it is left out */
  lines: { from: string; to: string; weight?: number }[];
}

/** A point, in pixels from the upper left corner. */
export interface PlainPoint {
  x: number;
  y: number;
}

/** Where everything goes, in pixels from the upper left corner. */
export interface PictureResult {
  width: number;
  height: number;
  /** upper left corners */
  boxes: { id: string; x: number; y: number }[];
  rooms: { name: string; x: number; y: number; width: number; height: number }[];
  /** Bézier curves, end to end: a start, then three points for each */
  lines: { from: string; to: string; points: PlainPoint[] }[];
  /** why there is no layout; null where there is one */
  message: string | null;
}

/** Client -> server, a request with ChainMapParams, answered with ChainChart: one of MAPS in the tree that is open. */
export const CHAIN_MAP = 'kerntrail/chainMap';

/** Which map, by its id in MAPS. */
export interface ChainMapParams {
  map: string;
  /** a subsystem whose functions come first at each slot; left out for none */
  context?: string;
}

/** Client -> server, a request with ChainTraceParams, answered with ChainChart: the stacks of an open text as a graph. */
export const CHAIN_TRACE = 'kerntrail/chainTrace';

/** Which stacks of which text. */
export interface ChainTraceParams {
  uri: string;
  /** numbers of the stacks; left out: all */
  stacks?: number[];
}

/** The settings below `kerntrail.`, as `initializationOptions.settings` and `workspace/didChangeConfiguration` carry them. */
export interface Settings {
  enable: boolean;
  tree: string;
  architecture: string;
  besideOtherServers: 'auto' | 'on' | 'off';
  codeLens: { tables: boolean; functions: boolean };
  inlayHints: { dispatches: boolean };
  /** a kernel with debug information, for exact lines in backtraces; '' for a trusted tree's own, where it has one */
  vmlinux: string;
  index: { workers: number; exclude: string[] };
}

/** `initializationOptions`. Other editors may leave all of it out. */
export interface InitializationOptions {
  /** Folder for the index. */
  storage: string;
  settings: Settings;
  /** Another C language server answers plain C navigation. */
  besideOther: boolean;
  /** The user trusts the opened folders: what they hold may be handed to other programs. Left out: they don't. */
  trusted: boolean;
}

/** `workspace/didChangeConfiguration` carries this as `settings`. */
export interface ConfigurationParams {
  kerntrail: Settings;
}

/** Commands a CodeLens may carry. Their arguments are PeekArguments; the client opens a peek view. */
export const SHOW_REFERENCES = 'kerntrail.showReferences';
export const SHOW_IMPLEMENTATIONS = 'kerntrail.showImplementations';

/** A CodeLens over a hunk opens its place: arguments are a uri and a zero-based line. */
export const OPEN_PLACE = 'kerntrail.openPlace';
/** What OPEN_PLACE is called with. */
export type PlaceArguments = [uri: string, line: number];

/** A zero-based position, as in LSP. */
export interface PlainPosition {
  line: number;
  character: number;
}

/** A place, as in LSP's Location. */
export interface PlainLocation {
  uri: string;
  range: { start: PlainPosition; end: PlainPosition };
}

/** Where the peek opens (uri and position) and what it lists. */
export type PeekArguments = [uri: string, position: PlainPosition, locations: PlainLocation[]];

/** Scheme of documents that hold a text from the clipboard or a terminal. */
export const PASTED_SCHEME = 'kerntrail-text';

/** Language of pasted traces and patch mails. */
export const TRACE_LANGUAGE = 'kernel-trace';

/** Client -> server, a request with TraceParams, answered with StackList: an open text's stacks. Null: not open. */
export const TRACE_STACKS = 'kerntrail/traceStacks';

/** A request about an open text that is no source. */
export interface TraceParams {
  uri: string;
}

/** Client -> server, a request with TraceFramesParams, answered with TraceFramesAnswer: one stack's rows. */
export const TRACE_FRAMES = 'kerntrail/traceFrames';

/** One stack of an open text. */
export interface TraceFramesParams extends TraceParams {
  /** its number, 0-based */
  stack: number;
}

/** A stack's rows, as far as there is a tree to answer from. */
export interface TraceFramesAnswer extends FrameRows {
  /** why places are missing or may be wrong; null where the index is complete */
  partial: string | null;
}

/** Client -> server, a request with TraceTextParams, answered with the text to copy. */
export const TRACE_TEXT = 'kerntrail/traceText';

/** Which stacks are to be copied, as plain text or as Markdown. */
export interface TraceTextParams extends TraceParams {
  /** numbers of the stacks; absent: all */
  stacks?: number[];
  markdown: boolean;
}

/** Client -> server, a request with TraceDetectParams, answered with TraceDetectAnswer. */
export const TRACE_DETECT = 'kerntrail/traceDetect';

/** A text that is no document: the clipboard's, a terminal's line. */
export interface TraceDetectParams {
  text: string;
  /** a single frame is enough: someone has asked for this text to be opened */
  any?: boolean;
}

/** Whether a text is worth opening as a trace. */
export interface TraceDetectAnswer {
  /** the text is a trace or a patch mail */
  trace: boolean;
}

/** Client -> server, a request with TraceDetectParams for a line of a terminal, answered with its frame or null. */
export const TRACE_LINE = 'kerntrail/traceLine';

/** Null: the text isn't open. */
export type TraceStacksAnswer = StackList | null;
/** Null: no frame was found in the line. */
export type TraceLineAnswer = FrameRows['frames'][number] | null;
