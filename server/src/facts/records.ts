/** Structs, unions and enums as facts, with what kernel-doc says of them. */

import type { Declaration, RecordNode } from '../syntax/declarations.ts';
import { conditionOf, placeOf } from '../syntax/source.ts';
import { Kind } from '../syntax/tokens.ts';
import { docOf, memberDocs } from './kernelDoc.ts';
import type { RecordFact } from './types.ts';
import type { Visit } from './visit.ts';

/** Adds a record with all records inside it. Returns its index, which `struct @n` in a type text refers to. */
export function addRecord(visit: Visit, node: RecordNode, outer = -1): number {
  const { facts, source } = visit;
  const index = facts.records.length;
  const place = placeOf(source, node.place.pos);
  const record: RecordFact = {
    keyword: node.keyword,
    tag: node.tag,
    outer,
    ...place,
    endLine: placeOf(source, node.end.pos).line,
    fields: [],
    condition: conditionOf(source, node.place),
    doc: '',
  };
  facts.records.push(record);
  const docs = node.place.macro ? null : docOf(source, node.place.pos);
  if (docs) record.doc = docs.summary;
  const inner = node.place.macro ? null : memberDocs(source, node.place.pos, node.end.pos);
  for (const member of node.members) {
    const nested = member.record ? addRecord(visit, member.record, index) : -1;
    const typed = (type: string) => (nested >= 0 && !member.record?.tag ? type.replace('@', `@${nested}`) : type);
    if (member.declarators.length === 0) {
      // `struct tag { … };` inside a record declares a type, an untagged one shows its members through
      if (member.record && !member.record.tag)
        record.fields.push({
          name: '',
          type: `${member.record.keyword} @${nested}`,
          record: nested,
          doc: '',
          condition: conditionOf(source, member.first),
          ...placeOf(source, member.first.pos),
        });
      else if (member.record)
        record.fields.push({
          name: '',
          type: `${member.record.keyword} ${member.record.tag}`,
          record: nested,
          doc: '',
          condition: conditionOf(source, member.first),
          ...placeOf(source, member.first.pos),
        });
      continue;
    }
    for (const d of member.declarators) {
      if (!d.nameTok) continue;
      record.fields.push({
        name: d.name,
        type: typed(d.type),
        record: nested,
        doc: inner?.get(d.name) ?? docs?.members.get(d.name) ?? '',
        condition: conditionOf(source, d.nameTok),
        ...placeOf(source, d.nameTok.pos),
      });
    }
  }
  return index;
}

/** Adds an enum's names; a value is told where it is a plain number, or counts on from one. */
export function addEnumerators(visit: Visit, node: NonNullable<Declaration['enum']>): void {
  let value: number | null = 0;
  for (const e of node.enumerators) {
    if (e.value.length)
      value =
        e.value.length === 1 && e.value[0].kind === Kind.Number
          ? Number.parseInt(e.value[0].text, e.value[0].text.startsWith('0x') ? 16 : 10)
          : null;
    visit.facts.enumerators.push({ name: e.tok.text, tag: node.tag, value, ...placeOf(visit.source, e.tok.pos) });
    if (value !== null) value++;
  }
}
