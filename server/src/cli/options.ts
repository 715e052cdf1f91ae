/** Options: what there are, what was given, and where it is wrong in words. */
import { parseArgs } from 'node:util';
import { TreeError } from '../index/tree.ts';

/** One option of the command line, by what its help says of it. */
export interface Option {
  /** what stands for its value in the help; without one it is a switch */
  value?: string;
  /** may be given several times */
  many?: boolean;
  /** a line of help; none for what only programs say */
  about?: string;
  short?: string;
}

/** Options by their name, without the dashes. */
export type Options = Record<string, Option>;

/** What was given: the values of each option, a switch's being empty. */
export type Given = ReadonlyMap<string, string[]>;

/** What was written on a command line: options and, in their order, words. */
export interface CommandLine {
  given: Given;
  args: string[];
}

/** Reads a command line by all the options that any command knows. Throws a TreeError that says what is wrong. */
export function readCommandLine(argv: string[], known: Options): CommandLine {
  const { tokens } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, { value, short }]) => [
        name,
        { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) },
      ]),
    ),
  });
  const given = new Map<string, string[]>();
  const args: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) throw new TreeError(`there is no option ${rawName}. Try 'kerntrail --help'.`);
    if (!option.value && value !== undefined) throw new TreeError(`${rawName} takes no value.`);
    if (option.value && (value === undefined || value === ''))
      throw new TreeError(`${rawName} needs a value: ${rawName} ${option.value}.`);
    if (option.value && !token.inlineValue && /^-./.test(value ?? ''))
      throw new TreeError(`${rawName} needs a value. If ${value} is meant, write ${rawName}=${value}.`);
    const before = given.get(name);
    if (before && option.value && !option.many) throw new TreeError(`${rawName} is given twice. Give it once.`);
    given.set(name, [...(before ?? []), value ?? '']);
  }
  return { given, args };
}

/** The value of an option that may be given once. */
export const singleValue = (given: Given, name: string): string | undefined => given.get(name)?.[0];

/** A number that was given for an option, undefined for none. */
export function numberOf(given: Given, name: string, low: number, high: number): number | undefined {
  const text = singleValue(given, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < low || number > high)
    throw new TreeError(`--${name} takes a whole number from ${low} to ${high}, not '${text}'.`);
  return number;
}

/** Options as lines of help. */
export function optionLines(options: Options): string[] {
  const rows = Object.entries(options).flatMap(([name, { value, about, short }]) =>
    about ? [[`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, about]] : [],
  );
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, about]) => `  ${left.padEnd(width)}  ${about}`);
}
