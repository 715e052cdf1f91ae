/** Which functions and objects an expression's value may be: the leaves of initialisers and right-hand sides. */

import { MAX_EXPRESSION } from '../../syntax/expressions.ts';
import type { SyntaxNode } from '../../syntax/parser.ts';
import { type ParseText, tokAt } from '../../syntax/parseText.ts';
import type { Source } from '../../syntax/source.ts';
import { conditionOf, placeOf } from '../../syntax/source.ts';
import type { Expression, ValueFact } from '../types.ts';

/** What the parser has read, and what it was made from. */
interface ParsedText {
  source: Source;
  text: ParseText;
}

const named = (node: SyntaxNode): SyntaxNode[] => node.namedChildren.filter((c) => c.type !== 'comment');

/** Two conditions as one; null is none. */
export function conjoin(a: string | null, b: string | null): string | null {
  return a === null ? b : b === null ? a : `${a} && ${b}`;
}

/** Source text of a node, blanks folded. */
const plainText = (node: SyntaxNode): string => folded(node.text);

const folded = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/ ?([()[\],.]|->) ?/g, '$1')
    .trim();

function identifierValue(parsed: ParsedText, node: SyntaxNode, condition: string | null): ValueFact {
  const tok = tokAt(parsed.text, node.startIndex);
  const place = placeOf(parsed.source, tok.pos);
  return {
    name: node.text,
    line: place.line,
    column: place.column,
    address: false,
    member: '',
    condition: conjoin(conditionOf(parsed.source, tok), condition),
  };
}

/** A test that only asks for kernel configuration is a condition worth telling; any other is not. */
const configTest = (test: string): string | null => {
  const text = test.replace(/^\((.*)\)$/, '$1');
  return /\bCONFIG_\w+/.test(text) ? text : null;
};

/** A test that a macro's argument has already decided: `(true) ? f : g`. */
function fixedTest(test: string): boolean | null {
  const text = test.replace(/[()\s]/g, '');
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

/** The values of `test ? yes : no`, each under what the test says of the configuration; null where an arm has none to tell. */
export function choiceValues(
  test: string,
  yes: (condition: string | null) => ValueFact[] | null,
  no: (condition: string | null) => ValueFact[] | null,
  condition: string | null,
): ValueFact[] | null {
  const text = folded(test);
  const fixed = fixedTest(text);
  if (fixed !== null) return (fixed ? yes : no)(condition);
  const config = configTest(text);
  const first = yes(conjoin(condition, config));
  const second = no(conjoin(condition, config && `!(${config})`));
  // `fn == (type)NULL ? fn : fn` only asks for the type
  const others = second?.filter((v) => !first?.some((o) => o.name === v.name && o.condition === v.condition));
  return first && others ? [...first, ...others] : null;
}

/** Nodes in each other that are looked into. */
const MAX_DEPTH = 300;

/** The values an expression may have, as far as they are names. Looks through casts, parentheses, `&` and `?:`. */
export const valuesOf = (parsed: ParsedText, node: SyntaxNode, condition: string | null = null): ValueFact[] =>
  valuesIn(parsed, node, condition, 0);

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: one case for each type of node
function valuesIn(parsed: ParsedText, node: SyntaxNode, condition: string | null, depth: number): ValueFact[] {
  if (depth > MAX_DEPTH) return [];
  const inside = (inner: SyntaxNode, within = condition) => valuesIn(parsed, inner, within, depth + 1);
  switch (node.type) {
    case 'identifier':
      return [identifierValue(parsed, node, condition)];
    case 'null':
      return [];
    case 'parenthesized_expression':
    case 'comma_expression': {
      const last = named(node).at(-1);
      return last ? inside(last) : [];
    }
    case 'pointer_expression': {
      const argument = node.childForFieldName('argument');
      if (!argument) return [];
      const inner = inside(argument);
      return node.children[0]?.type === '&'
        ? inner.map((v) => ({ ...v, address: true }))
        : argument.type === 'identifier' || argument.type === 'parenthesized_expression'
          ? inner
          : [];
    }
    case 'cast_expression': {
      const value = node.childForFieldName('value');
      return value ? inside(value) : [];
    }
    case 'field_expression': {
      const argument = node.childForFieldName('argument');
      const field = node.childForFieldName('field');
      if (!argument || !field || node.children[1]?.type === '->') return [];
      return inside(argument).map((v) => ({
        ...v,
        member: v.member ? `${v.member}.${field.text}` : field.text,
      }));
    }
    case 'subscript_expression': {
      const argument = node.childForFieldName('argument');
      return argument ? inside(argument).map((v) => ({ ...v, member: `${v.member}[]` })) : [];
    }
    case 'conditional_expression': {
      const of = (field: string) => (within: string | null) => {
        const arm = node.childForFieldName(field);
        return arm ? inside(arm, within) : [];
      };
      const test = node.childForFieldName('condition')?.text ?? '';
      return choiceValues(test, of('consequence'), of('alternative'), condition) ?? [];
    }
    case 'binary_expression': {
      // `(T) & x` is a cast of `&x` when T is a type: the grammar can't know
      const left = node.childForFieldName('left');
      const right = node.childForFieldName('right');
      if (node.children[1]?.type === '&' && left?.type === 'parenthesized_expression' && right)
        return inside(right).map((v) => ({ ...v, address: true }));
      return [];
    }
    case 'call_expression': {
      const callee = node.childForFieldName('function');
      const args = node.childForFieldName('arguments');
      // `(T)(f)`: a cast whose type the grammar took for a function; `wrapper(f)`: a macro that nobody defined
      if (!args || (callee?.type !== 'parenthesized_expression' && callee?.type !== 'identifier')) return [];
      if (callee.type === 'identifier' && named(args).length !== 1) return [];
      return named(args).flatMap((a) => inside(a));
    }
    case 'assignment_expression': {
      const right = node.childForFieldName('right');
      return right ? inside(right) : [];
    }
    default:
      return [];
  }
}

/** The type among a call's arguments, but for the first, as `typeArguments` writes it: `(struct y *)0`. */
function typeArgument(args: readonly SyntaxNode[]): string | null {
  for (const arg of args.slice(1)) {
    if (arg.type !== 'cast_expression' || arg.childForFieldName('value')?.text !== '0') continue;
    const type = arg.childForFieldName('type');
    if (type) return plainText(type);
  }
  return null;
}

/** An expression as data, as far as its type can depend on it. */
export const expressionOf = (node: SyntaxNode): Expression => expressionIn(node, 0);

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: one case for each type of node
function expressionIn(node: SyntaxNode, depth: number): Expression {
  if (depth > MAX_EXPRESSION) return ['other', ''];
  const inside = (inner: SyntaxNode) => expressionIn(inner, depth + 1);
  switch (node.type) {
    case 'identifier':
      return ['id', node.text];
    case 'parenthesized_expression': {
      const inner = named(node).at(-1);
      return inner ? inside(inner) : ['other', ''];
    }
    case 'field_expression': {
      const argument = node.childForFieldName('argument');
      const field = node.childForFieldName('field');
      if (!argument || !field) return ['other', ''];
      return [node.children[1]?.type === '->' ? '->' : '.', inside(argument), field.text];
    }
    case 'subscript_expression': {
      const argument = node.childForFieldName('argument');
      return argument ? ['[]', inside(argument)] : ['other', ''];
    }
    case 'pointer_expression': {
      const argument = node.childForFieldName('argument');
      return argument ? [node.children[0]?.type === '&' ? '&' : '*', inside(argument)] : ['other', ''];
    }
    case 'cast_expression': {
      const value = node.childForFieldName('value');
      const type = node.childForFieldName('type');
      return value && type ? ['cast', plainText(type), inside(value)] : ['other', ''];
    }
    case 'call_expression': {
      const callee = node.childForFieldName('function');
      const args = node.childForFieldName('arguments');
      const list = args ? named(args) : [];
      const type = typeArgument(list);
      // `container_of(p, struct y, m)`, `list_entry(…)`: a type behind the first argument is the result's
      if (type) return ['cast', type, inside(list[0])];
      return callee ? ['call', inside(callee), list.map(inside)] : ['other', ''];
    }
    case 'conditional_expression': {
      const yes = node.childForFieldName('consequence');
      const no = node.childForFieldName('alternative');
      return yes && no ? ['?', inside(yes), inside(no)] : ['other', ''];
    }
    default:
      return ['other', node.type];
  }
}
