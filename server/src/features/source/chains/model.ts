/**
 * Chains of calls as an editor walks and draws them: what they go through, and how one thing gets to another. The client
 * has these types from lsp/protocol.ts.
 */
import type { Location } from 'vscode-languageserver';

/** What a chain goes through: a function or macro, a slot, a pointer that is called. */
export interface ChainNode {
  /** the same for the same thing whoever asks: views and pictures tell nodes apart by it */
  id: string;
  kind: 'function' | 'macro' | 'slot' | 'pointer';
  /** `ext4_readahead`, `->fault` */
  name: string;
  /** of a slot: its struct; '' elsewhere */
  owner: string;
  /** path in the tree; '' where it isn't known */
  file: string;
  /** subsystem or folder that it is grouped by: `fs/ext4`, `mm` */
  group: string;
  /** of its definition, of a slot the member's declaration; zero-based as in LSP */
  location: Location;
  /** what the server needs to be asked about it again, an ItemData of the call hierarchy: nothing for a client to read */
  data: unknown;
}

/** How one node gets to another, in the direction of the call: from the caller to what is called. */
export interface ChainLink {
  /** ids of nodes */
  from: string;
  to: string;
  /** `call`: by name; `dispatch`: function -> slot; `member`: slot -> function in it; `argument`: handed over; `flow`: by a pointer */
  kind: 'call' | 'dispatch' | 'member' | 'argument' | 'flow';
  /** `named` of a call by name; else resolve's word for it: `typed`, `flow`, `signature`, `name` */
  evidence: string;
  /** a few words: `in ext4_file_vm_ops`, `hands it to request_irq` */
  how: string;
  /** lines of a tooltip, as far as they cost nothing: the table, its condition, the line of source */
  why: string[];
  /** where it is written, zero-based; the first is the call itself */
  places: Location[];
}

/** A step on from a node: the node that it gets to, and how. */
export interface ChainStep {
  node: ChainNode;
  link: ChainLink;
  /** it lies outside of the context that the question was asked in: shown folded, never left out */
  outside?: true;
}

/** Steps of a long list that stand folded: those whose files lie below a folder. */
export interface ChainFold {
  /** the folder, with a slash at its end: what asks for these steps */
  within: string;
  count: number;
  /** they lie outside of the context */
  outside?: true;
}

/** What an exploration begins at; `how`: of a table the member that the function stands in, of a struct how many a slot has. */
export interface ChainRoot {
  node: ChainNode;
  how: string;
}

/** A table or struct whose functions or slots an exploration begins at. */
export interface ChainHolder {
  kind: 'table' | 'struct';
  name: string;
  location: Location;
}

/** A step of a found chain: what is got to, and how; the first has nothing that leads to it. */
export interface PathStep {
  node: ChainNode;
  link: ChainLink | null;
}
