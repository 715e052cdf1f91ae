/** What the rows of the Chains view say: labels, descriptions, icons, and the same for a screen reader. */
import type { ChainLink, ChainNode } from '../../../server/src/lsp/protocol.ts';
import {
  type Direction,
  type GroupRow,
  ownNode,
  type PathRow,
  parting,
  type Root,
  type Row,
  type StepRow,
  sizeOf,
} from './rows.ts';

/** A whole number as English has it, `12,345`. */
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 function`, `1,204 functions`. */
const count = (n: number, one: string): string => `${grouped(n)} ${one}${n === 1 ? '' : 's'}`;

/** What a place is called beside a name, `memory.c:4157`: of the call, of what stands in a slot its definition. */
function placeText(link: ChainLink | null, node: ChainNode): string {
  const [place] = link?.places ?? [];
  const at = place && link?.kind !== 'member' ? place : node.location;
  const path = at === node.location ? node.file : decodeURIComponent(at.uri);
  return path === '' ? '' : `${path.replace(/^.*\//, '')}:${at.range.start.line + 1}`;
}

const EVIDENCE: Readonly<Record<string, string>> = {
  named: 'called by name',
  typed: 'known by its type',
  flow: 'a pointer that was followed',
  signature: 'by arguments that fit: the struct is not known',
  name: "by the member's name alone: the struct is not known",
};

/** What evidence means, in words. */
export const evidenceText = (evidence: string): string => EVIDENCE[evidence] ?? evidence;

/** What is sure needs no word. */
const doubtText = ({ evidence }: ChainLink): string =>
  evidence === 'signature' || evidence === 'name' || evidence === 'flow' ? `(${evidence})` : '';

/** What stands beside a step's name. */
export function stepDescription({ node, link, how, again }: StepRow): string {
  const owner = node.kind === 'slot' ? node.owner || 'struct not known' : '';
  const parts = [how, link?.how ?? '', owner, link ? doubtText(link) : '', placeText(link, node)];
  return [...parts, again ? 'as above' : ''].filter(Boolean).join(' · ');
}

/** What a screen reader says of a step, with its whole path. */
export function stepLabel({ node, link, how, again, root }: StepRow): string {
  const kind = node.kind === 'function' ? '' : node.kind;
  const owner = node.owner && `of struct ${node.owner}`;
  const evidence = link ? evidenceText(link.evidence) : '';
  const way = root.kind === 'explore' && link ? (root.direction === 'callers' ? 'caller' : 'target') : '';
  const parts = [kind, owner, how, link?.how ?? '', evidence, way, placeText(link, node), node.file];
  return [node.name, ...parts, again ? 'stands above already' : ''].filter(Boolean).join(', ');
}

/** Icon of a step (a codicon's name): its shape tells the evidence, not its colour. */
export function stepIcon({ node, link, again }: StepRow, direction: Direction | null): string {
  if (again) return 'sync';
  if (link && (link.evidence === 'name' || link.evidence === 'signature')) return 'question';
  if (node.kind === 'slot') return 'symbol-event';
  if (node.kind === 'macro') return 'symbol-constant';
  switch (link?.kind) {
    case 'call':
      return direction === 'callers' ? 'call-incoming' : 'call-outgoing';
    case 'argument':
      return 'arrow-swap';
    case 'flow':
    case 'dispatch':
      return link.kind === 'dispatch' && link.evidence === 'typed' ? 'call-incoming' : 'link';
    default:
      return 'symbol-method';
  }
}

/** `fs/ext4 · 12 functions`, `+ 78 outside ext4`: title and description of a group. */
export function groupWords(row: GroupRow, kept: number): [title: string, description: string] {
  const { title, outside } = row;
  const size = sizeOf(row);
  const of = kept < size ? `${grouped(kept)} of ${grouped(size)}` : grouped(size);
  return outside ? [`+ ${of} ${title}`, ''] : [title, of];
}

/** `Path 1`, or of an entry its kind and name; how long it is, and where it leaves the first. */
export function pathWords({ chain, number, root }: PathRow): [title: string, description: string] {
  const [first] = chain.steps;
  const slots = chain.steps.filter(({ node }) => node.kind === 'slot').map(({ node }) => node.name);
  const through = slots.length > 0 ? `through ${slots.slice(0, 3).join(', ')}${slots.length > 3 ? ', …' : ''}` : '';
  const long = count(chain.steps.length - 1, 'step');
  if (chain.kind) return [first?.node.name ?? '', [chain.kind, long, through].filter(Boolean).join(' · ')];
  const [best] = root.kind === 'search' ? root.chains : [];
  const parts = number > 0 && best ? parting(chain, best) : null;
  const other = parts ? `after ${parts.after.name} by ${parts.own.name}` : through;
  return [`Path ${number + 1}`, [long, other].filter(Boolean).join(' · ')];
}

/** A name as a search takes it, without the file that it may be told by. */
const shortName = (name: string): string => name.replace(/^.*:/, '');

/** What a root is called, and what stands beside it. */
export function rootWords(root: Root): [title: string, description: string] {
  const pinned = root.pinned ? 'pinned' : '';
  if (root.kind === 'search') {
    const { from, to, through, context } = root.question;
    const way = [from, ...through, to].filter(Boolean).map(shortName).join(' → ');
    const found = root.busy
      ? 'searching …'
      : count(root.chains.length, from ? 'path' : 'entry').replace(/entrys$/, 'entries');
    return [
      from ? way : `Entries that reach ${shortName(to)}`,
      [found, asContext(context), pinned].filter(Boolean).join(' · '),
    ];
  }
  const way = root.direction === 'callers' ? 'callers' : 'targets';
  const node = ownNode(root);
  const of = node?.owner || (node ? placeText(null, node) : '');
  const name = node?.name ?? root.of?.name ?? root.roots[0]?.node.name ?? '';
  const held = root.of ? count(root.roots.length, root.of.kind === 'table' ? 'function' : 'slot') : '';
  return [name, [way, asContext(root.context), of, held, pinned].filter(Boolean).join(' · ')];
}

const asContext = (context: string): string => (context ? `as ${context}` : '');

/** A codicon's name for a root: which way it goes, or what was searched for. */
export function rootIcon(root: Root): string {
  if (root.kind === 'search') return root.question.from ? 'git-compare' : 'target';
  return root.direction === 'callers' ? 'call-incoming' : 'call-outgoing';
}

/** The words by which menus know what a row can do, a VS Code context value. */
export function rowContext(row: Row): string {
  const { root } = row;
  switch (row.kind) {
    case 'root':
      return [
        'root',
        root.kind,
        root.pinned ? 'pinned' : 'loose',
        root.kind === 'search' && root.question.from ? 'paths' : '',
        ownNode(root) ? 'node' : '',
        ownNode(root)?.kind ?? '',
        root.kind === 'explore' ? root.direction : '',
        contextOf(root) ? 'narrowed' : '',
      ]
        .filter(Boolean)
        .join(' ');
    case 'step':
      return [
        'step node',
        row.node.kind,
        root.kind === 'explore' ? 'explored' : 'walked',
        row.link ? 'linked' : '',
        (row.link?.places.length ?? 0) > 1 ? 'several' : '',
      ]
        .filter(Boolean)
        .join(' ');
    default:
      return row.kind;
  }
}

const contextOf = (root: Root): string => (root.kind === 'explore' ? root.context : root.question.context);
