/**
 * Tree-sitter behind one adapter: the native packages where they load, else web-tree-sitter with tree-sitter-c's own
 * .wasm. Both speak of the same nodes; offsets are string indices, which are byte offsets as texts are Latin-1.
 */
import { createRequire } from 'node:module';

/** What Kerntrail uses of a node; the native and the wasm one both have it. */
export interface SyntaxNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly isNamed: boolean;
  readonly isMissing: boolean;
  readonly isError: boolean;
  readonly hasError: boolean;
  readonly parent: SyntaxNode | null;
  readonly children: SyntaxNode[];
  readonly namedChildren: SyntaxNode[];
  readonly text: string;
  childForFieldName(name: string): SyntaxNode | null;
  descendantForIndex(start: number, end?: number): SyntaxNode | null;
}

/** A parsed text; `delete` it when its nodes are no longer needed. */
interface SyntaxTree {
  readonly rootNode: SyntaxNode;
  /** frees a wasm tree; a native one goes with the garbage collector */
  delete(): void;
}

/** A parser for C; `parse` throws where it was stopped. */
export interface CParser {
  readonly kind: 'native' | 'wasm';
  parse(text: string): SyntaxTree;
}

/** esbuild bundles to CommonJS, where `require` is; tests run as ES modules. */
const load = typeof require === 'function' ? require : createRequire(import.meta.url);

interface NativeParser {
  setLanguage(language: unknown): void;
  parse(text: string, old: null, options: { bufferSize: number }): { rootNode: SyntaxNode };
}

function nativeParser(): CParser {
  const Parser = load('tree-sitter') as new () => NativeParser;
  const parser = new Parser();
  parser.setLanguage(load('tree-sitter-c'));
  return {
    kind: 'native',
    parse(text) {
      // the default buffer refuses texts over 32 KB
      const tree = parser.parse(text, null, { bufferSize: text.length * 2 + 1024 });
      return { rootNode: tree.rootNode, delete() {} };
    },
  };
}

async function wasmParser(): Promise<CParser> {
  const web = load('web-tree-sitter') as typeof import('web-tree-sitter');
  await web.Parser.init();
  const language = await web.Language.load(load.resolve('tree-sitter-c/tree-sitter-c.wasm'));
  const parser = new web.Parser();
  parser.setLanguage(language);
  return {
    kind: 'wasm',
    parse(text) {
      const tree = parser.parse(text);
      if (!tree) throw new Error('the parser was stopped');
      return tree as unknown as SyntaxTree;
    },
  };
}

/**
 * A parser for C. `kind` forces one of the two; without it (or with KERNTRAIL_PARSER unset) the native one is taken
 * where its packages load on this machine.
 */
export async function createParser(kind = process.env.KERNTRAIL_PARSER): Promise<CParser> {
  if (kind !== 'wasm') {
    try {
      return nativeParser();
    } catch (error) {
      if (kind === 'native') throw error;
    }
  }
  return wasmParser();
}

/** Bytes of a tree that the parser could not read: ERROR nodes, and one for each token it had to make up. */
export function errorBytes(root: SyntaxNode): number {
  let sum = 0;
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (!node.hasError) continue;
    if (node.isError) sum += Math.max(1, node.endIndex - node.startIndex);
    else if (node.isMissing) sum++;
    else for (const child of node.children) open.push(child);
  }
  return sum;
}
