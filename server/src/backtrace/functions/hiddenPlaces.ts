/**
 * Functions that no index of names holds: local labels of assembly, labels that an assembler's macro makes
 * (`entry_handler 0, t, 64, sync` makes el0t_64_sync), and functions that a #define renames before they are defined.
 */
import type { IndexReader } from '../../index/read/reader.ts';
import { readTreeText } from '../../index/treeFiles.ts';
import { keptByTree } from '../../resolve/kept.ts';
import type { FunctionPlace } from './functionPlaces.ts';

/** Files that are looked into for one name. */
const MOST_FILES = 200;

/** Places of a function by ways that the index does not know; the best known first. */
export function hiddenPlaces(index: IndexReader, name: string): FunctionPlace[] {
  if (!/^[A-Za-z_.$][\w.$]*$/.test(name)) return [];
  const paths = [...new Set(index.filesOfWord(name).map((r) => index.pathOf(r.file)))].slice(0, MOST_FILES);
  const labels = paths.filter((p) => p.endsWith('.S')).flatMap((p) => labelIn(index, p, name));
  if (labels.length) return labels;
  const made = madeLabels(index).get(name);
  if (made) return made;
  return paths.filter((p) => p.endsWith('.c')).flatMap((p) => renamedIn(index, p, name));
}

const labelPlace = (name: string, file: string, line: number, macro: boolean): FunctionPlace => ({
  ...{ name, file, line, column: 1, kind: 'assembly', static: true, macro, index: -1 },
});

const lineOf = (text: string, at: number): number => {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
};

const escaped = (name: string): string => name.replace(/[.$]/g, '\\$&');

function labelIn(index: IndexReader, file: string, name: string): FunctionPlace[] {
  const text = readTreeText(index.root, file, 'latin1');
  const at = text?.search(new RegExp(`^${escaped(name)}:`, 'm')) ?? -1;
  return text !== null && at >= 0 ? [labelPlace(name, file, lineOf(text, at), false)] : [];
}

/** `#define queued_spin_lock_slowpath native_queued_spin_lock_slowpath`, and a function of the first name in that file. */
function renamedIn(index: IndexReader, file: string, name: string): FunctionPlace[] {
  const text = readTreeText(index.root, file, 'latin1');
  if (text === null) return [];
  const define = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+(\\w+)[ \\t]+${escaped(name)}[ \\t]*$`, 'm').exec(text);
  if (!define) return [];
  const functions = index.facts(file)?.functions ?? [];
  return functions.flatMap((f, n): FunctionPlace[] =>
    f.name === define[1] && f.line > lineOf(text, define.index)
      ? [
          {
            ...{ name: f.name, file, line: f.line, column: f.column },
            kind: 'function',
            static: f.static,
            macro: f.macro,
            index: n,
          },
        ]
      : [],
  );
}

/** Labels that assemblers' macros make, by name, for every architecture's entry code. It is read when first asked for. */
const madeLabels = keptByTree((index): Map<string, FunctionPlace[]> => {
  const made = new Map<string, FunctionPlace[]>();
  for (const { path } of index.files()) {
    if (!/^arch\/\w+\/(?:kernel|entry)\/[^/]+\.S$/.test(path)) continue;
    const text = readTreeText(index.root, path, 'latin1');
    if (!text?.includes('.macro')) continue;
    for (const place of labelsMadeIn(text, path)) made.set(place.name, [...(made.get(place.name) ?? []), place]);
  }
  return made;
});

/** A macro of an assembler that makes labels: its parameters, and the labels as they stand in its body. */
interface LabelMacro {
  parameters: string[];
  labels: string[];
}

const BEGIN = /^\s*\.macro\s+(\w+)\s*,?\s*(.*)$/;
const LABEL =
  /^(?:\s*(?:SYM_\w+|ENTRY|FEXPORT|NESTED)\s*\(\s*((?:[^,()\\\s]|\\\(\)|\\\w+)+)|((?:[\w.$]|\\\(\)|\\\w+)+):)/;

/** The labels that the uses of a file's own macros make; each stands where the macro is used. */
function labelsMadeIn(text: string, file: string): FunctionPlace[] {
  const macros = new Map<string, LabelMacro>();
  const out: FunctionPlace[] = [];
  let open: LabelMacro | null = null;
  text.split('\n').forEach((raw, n) => {
    const begin = BEGIN.exec(raw);
    if (begin) {
      open = { parameters: begin[2].split(/[\s,]+/).map((p) => p.split(/[:=]/)[0]), labels: [] };
      macros.set(begin[1], open);
      return;
    }
    if (/^\s*\.endm\b/.test(raw)) open = null;
    else if (open) {
      const label = LABEL.exec(raw);
      const name = label?.[1] ?? label?.[2];
      if (name?.includes('\\')) open.labels.push(name.trim());
    } else {
      const use = /^\s+(\w+)(?:\s+(.*))?$/.exec(raw);
      const macro = use && macros.get(use[1]);
      if (!use || !macro) return;
      const values = (use[2] ?? '')
        .replace(/\s*(?:\/\/|\/\*|#|@).*$/, '')
        .trim()
        .split(/\s*,\s*|\s+/);
      for (const label of new Set(macro.labels)) {
        const name = expanded(label, macro.parameters, values);
        if (/^[A-Za-z_.$][\w.$]*$/.test(name)) out.push(labelPlace(name, file, n + 1, true));
      }
    }
  });
  return out;
}

/** A label with the arguments in the place of the parameters; `\\()` only parts a parameter from what follows. */
const expanded = (label: string, parameters: readonly string[], values: readonly string[]): string =>
  label
    .replace(/\\(\w+)/g, (whole, parameter: string) => {
      const n = parameters.indexOf(parameter);
      return n < 0 ? whole : (values[n] ?? '');
    })
    .replaceAll('\\()', '');
