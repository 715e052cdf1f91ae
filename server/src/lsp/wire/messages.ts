/** What a message has to look like before any handler sees it: the library takes it on trust. */
import { ErrorCodes } from 'vscode-languageserver';
import {
  BESIDE_OTHER,
  CHAIN_BEGINS,
  CHAIN_MAP,
  CHAIN_NEXT,
  CHAIN_PICTURE,
  CHAIN_ROOTS,
  CHAIN_TRACE,
  CHAIN_WHY,
  FIND_PATH,
  FIND_ROOTS,
  PATH_END,
  PATH_NAMES,
  SET_ARCHITECTURE,
  TRACE_DETECT,
  TRACE_FRAMES,
  TRACE_LINE,
  TRACE_STACKS,
  TRACE_TEXT,
} from '../protocol.ts';

/** Why a message is not taken. `id` is null for what is no request: then there is nobody to answer but a log. */
export interface Refusal {
  id: number | string | null;
  code: number;
  message: string;
}

/** What a value must be: a kind, a list of one shape, or an object of shapes; `?` behind a name: it may be left out. */
type Shape = 'string' | 'number' | 'boolean' | 'count' | 'object' | { [name: string]: Shape } | [Shape];

const DOCUMENT: Shape = { textDocument: { uri: 'string' } };
const POSITION: Shape = { line: 'count', character: 'count' };
const RANGE: Shape = { start: POSITION, end: POSITION };
const AT: Shape = { textDocument: { uri: 'string' }, position: POSITION };
const ITEM: Shape = { item: { uri: 'string', selectionRange: RANGE, data: { kind: 'string' } } };

const PLACE: Shape = { uri: 'string', range: RANGE };
const NODE: Shape = { id: 'string', kind: 'string', name: 'string', location: PLACE, data: { kind: 'string' } };

const SHAPES: Record<string, Shape> = {
  initialize: {},
  'textDocument/hover': AT,
  'textDocument/definition': AT,
  'textDocument/declaration': AT,
  'textDocument/implementation': AT,
  'textDocument/references': { ...AT, context: { includeDeclaration: 'boolean' } },
  'textDocument/prepareCallHierarchy': AT,
  'callHierarchy/incomingCalls': ITEM,
  'callHierarchy/outgoingCalls': ITEM,
  'textDocument/documentSymbol': DOCUMENT,
  'workspace/symbol': { query: 'string' },
  'textDocument/codeLens': DOCUMENT,
  'codeLens/resolve': {
    range: RANGE,
    data: { uri: 'string', path: 'string', kind: 'string', name: 'string', line: 'count', column: 'count' },
  },
  'textDocument/inlayHint': { ...DOCUMENT, range: RANGE },
  'inlayHint/resolve': {
    position: POSITION,
    data: { uri: 'string', path: 'string', name: 'string', line: 'count', column: 'count' },
  },
  'textDocument/documentLink': DOCUMENT,
  'documentLink/resolve': { range: RANGE, data: { uri: 'string' } },
  'textDocument/foldingRange': DOCUMENT,
  'textDocument/didOpen': {
    textDocument: { uri: 'string', languageId: 'string', version: 'number', text: 'string' },
  },
  'textDocument/didChange': {
    textDocument: { uri: 'string', version: 'number' },
    contentChanges: [{ text: 'string', 'range?': RANGE }],
  },
  'textDocument/didSave': DOCUMENT,
  'textDocument/didClose': DOCUMENT,
  'workspace/didChangeWatchedFiles': { changes: [{ uri: 'string' }] },
  'workspace/didChangeConfiguration': {},
  'workspace/didChangeWorkspaceFolders': { event: { added: [{ uri: 'string' }], removed: [{ uri: 'string' }] } },
  '$/setTrace': { value: 'string' },
  [SET_ARCHITECTURE]: { architecture: 'string' },
  [BESIDE_OTHER]: { on: 'boolean' },
  [PATH_END]: { name: 'string' },
  [PATH_NAMES]: { query: 'string' },
  [FIND_PATH]: {
    ...{ from: 'string', to: 'string', context: 'string' },
    ...{ 'through?': ['string'], 'seconds?': 'count', 'max?': 'count' },
  },
  [FIND_ROOTS]: { to: 'string', context: 'string', 'seconds?': 'count', 'max?': 'count' },
  [CHAIN_ROOTS]: { 'uri?': 'string', 'position?': POSITION, 'name?': 'string' },
  [CHAIN_BEGINS]: { uri: 'string', position: POSITION },
  [CHAIN_NEXT]: { node: NODE, direction: 'string', 'context?': 'string', 'within?': 'string', 'outside?': 'boolean' },
  [CHAIN_WHY]: { from: NODE, to: NODE, link: { kind: 'string', why: ['string'], places: [PLACE] } },
  [CHAIN_PICTURE]: {
    boxes: [{ id: 'string', width: 'count', height: 'count', room: 'string' }],
    lines: [{ from: 'string', to: 'string', 'weight?': 'count' }],
  },
  [CHAIN_MAP]: { map: 'string', 'context?': 'string' },
  [CHAIN_TRACE]: { uri: 'string', 'stacks?': ['count'] },
  [TRACE_STACKS]: { uri: 'string' },
  [TRACE_FRAMES]: { uri: 'string', stack: 'count' },
  [TRACE_TEXT]: { uri: 'string', markdown: 'boolean', 'stacks?': ['count'] },
  [TRACE_DETECT]: { text: 'string', 'any?': 'boolean' },
  [TRACE_LINE]: { text: 'string' },
};

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a value, as `position.line must be …`; null where nothing is. */
function wrong(shape: Shape, value: unknown, path: string): string | null {
  if (shape === 'count')
    return Number.isInteger(value) && (value as number) >= 0 ? null : `${path} must be a whole number, 0 or more`;
  if (shape === 'object') return isFields(value) ? null : `${path} must be an object`;
  if (typeof shape === 'string') return typeof value === shape ? null : `${path} must be a ${shape}`;
  return Array.isArray(shape) ? wrongItem(shape[0], value, path) : wrongField(shape, value, path);
}

function wrongItem(shape: Shape, value: unknown, path: string): string | null {
  if (!Array.isArray(value)) return `${path} must be a list`;
  for (const [i, item] of value.entries()) {
    const fault = wrong(shape, item, `${path}[${i}]`);
    if (fault) return fault;
  }
  return null;
}

function wrongField(shape: { [key: string]: Shape }, value: unknown, path: string): string | null {
  if (!isFields(value)) return `${path} must be an object`;
  for (const [key, inner] of Object.entries(shape)) {
    const name = key.replace(/\?$/, '');
    if (name !== key && value[name] === undefined) continue;
    const fault = wrong(inner, value[name], path === 'params' ? name : `${path}.${name}`);
    if (fault) return fault;
  }
  return null;
}

const isId = (id: unknown): id is number | string => typeof id === 'string' || typeof id === 'number';

/** Why a message is not to be handled; null for a good one. A method that nobody knows is the library's to answer. */
export function refusalOf(message: unknown): Refusal | null {
  const invalid = (text: string): Refusal => ({ id: null, code: ErrorCodes.InvalidRequest, message: text });
  if (!isFields(message))
    return invalid('A message must be one JSON object with a method; several in a list are not taken.');
  const { method, id, params } = message;
  if (method === undefined) {
    const isResponse = (isId(id) || id === null) && (message.result !== undefined || isFields(message.error));
    return isResponse ? null : invalid('A message needs a method, or the id and the result of a request.');
  }
  if (typeof method !== 'string') return invalid('The method of a message must be a string.');
  if (id !== undefined && !isId(id)) return invalid(`The id of ${method} must be a string or a number.`);
  const answerTo = isId(id) ? id : null;
  const fault = wrongParams(method, params);
  return fault ? { id: answerTo, code: ErrorCodes.InvalidParams, message: `${method}: ${fault}.` } : null;
}

function wrongParams(method: string, params: unknown): string | null {
  // what it cancels is found by its id alone
  if (method === '$/cancelRequest')
    return isFields(params) && isId(params.id) ? null : 'id must be a string or a number';
  const shape = Object.hasOwn(SHAPES, method) ? SHAPES[method] : undefined;
  if (shape) return wrong(shape, params, 'params');
  return params === undefined || params === null || typeof params === 'object'
    ? null
    : 'params must be an object or a list';
}
