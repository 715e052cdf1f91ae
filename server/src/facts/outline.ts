/**
 * What a file defines, read piece by piece as its names are asked for: a header of a hundred kilobytes is opened for one
 * struct. Functions' bodies are not read at all.
 */

import type { MacroKnowledge } from '../syntax/macros/knowledge.ts';
import type { CParser } from '../syntax/parser.ts';
import type { Piece } from '../syntax/pieces.ts';
import { readSource } from '../syntax/source.ts';
import { BRACE_OPEN, hashName } from '../syntax/tokens.ts';
import { addMacro } from './fileFacts.ts';
import { piecesOf, readPiece, templateIncludes, visitRereaders, visitTemplate } from './pieces.ts';
import type { FileFacts } from './types.ts';
import { emptyFacts, finishVisit, newMemos, newVisit, type Visit } from './visit.ts';

/** The facts of a file as far as they have been read. They only grow: an index into one of their lists stays right. */
export interface Outline {
  facts: FileFacts;
  /** reads whatever may define the name */
  read(name: string): void;
  /** reads the rest */
  readAll(): void;
}

/** Opens a C file or header. Never throws on any text. */
export function openOutline(path: string, bytes: Buffer, knowledge: MacroKnowledge, parser: CParser): Outline {
  const source = readSource(path, bytes, knowledge);
  const { tokens } = source;
  const facts = emptyFacts(path);
  facts.includes = source.includes;
  facts.partial = source.cut;
  const memos = newMemos();
  const pieces = piecesOf(source, new Set());
  const isRead = new Uint8Array(pieces.length);
  const asked = new Set<string>();
  let all = false;
  /** End of what may define names in a piece: a function's body and an initialiser list only use them. */
  const headEnd = ({ body, assign, end }: Piece): number =>
    body >= 0 ? body : assign >= 0 && tokens.kind[assign + 1] === BRACE_OPEN ? assign : end;
  const visiting = (run: (visit: Visit) => void): void => {
    const from = facts.variables.length;
    const visit = newVisit(source, facts, false, memos);
    run(visit);
    finishVisit(visit, parser, from);
  };
  const readOnce = (visit: Visit, i: number): void => {
    if (isRead[i]) return;
    isRead[i] = 1;
    readPiece(visit, source, pieces[i]);
  };
  return {
    facts,
    read(name) {
      if (all || asked.has(name)) return;
      const hash = hashName(name);
      visiting((visit) => {
        for (const define of source.defines) if (define.name === name) addMacro(visit, define);
        let p = 0;
        for (let i = tokens.hash.indexOf(hash); i >= 0; i = tokens.hash.indexOf(hash, i + 1)) {
          while (p < pieces.length && pieces[p].end <= i) p++;
          if (p < pieces.length && pieces[p].start <= i && i < headEnd(pieces[p])) readOnce(visit, p);
        }
      });
      asked.add(name);
    },
    readAll() {
      if (all) return;
      all = true;
      visiting((visit) => {
        for (const define of source.defines) if (!asked.has(define.name)) addMacro(visit, define);
        for (let i = 0; i < pieces.length; i++) readOnce(visit, i);
        let p = 0;
        for (const directive of templateIncludes(source)) {
          while (p < pieces.length && pieces[p].end <= directive) p++;
          if (p === pieces.length || pieces[p].start > directive) visitTemplate(visit, source, directive);
        }
        visitRereaders(visit, knowledge);
      });
    },
  };
}
