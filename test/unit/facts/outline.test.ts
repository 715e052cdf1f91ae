import { expect, test } from 'vitest';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import { openOutline } from '../../../server/src/facts/outline.ts';
import type { FileFacts } from '../../../server/src/facts/types.ts';
import { knowledgeOf, names, parsers } from './factsOf.ts';

const PATH = 'include/linux/pond.h';
const TEXT = `#define DEFINE_POND(x) struct pond x = { .fill = pond_fill }
#define pond_depth(p) ((p)->depth)
struct stream;
typedef struct { int n; } frog_t;
struct pond {
	int depth;
	struct { int (*croak)(frog_t *frog); } frogs;
	int (*fill)(struct pond *pond, struct stream *stream);
};
int pond_fill(struct pond *pond, struct stream *stream);
static inline int pond_drain(struct pond *pond)
{
	static const struct pond local = { .fill = pond_fill };
	return local.fill(pond, 0);
}
DEFINE_POND(first_pond);
struct stream { struct pond *from, *to; };
static struct pond second_pond = { .fill = pond_fill };
enum weather { RAIN, SUN };
`;

const bytes = Buffer.from(TEXT, 'latin1');
const open = () => openOutline(PATH, bytes, knowledgeOf({}), parsers[0]);

const defined = (facts: FileFacts): string[] =>
  [
    ...names(facts.functions),
    ...names(facts.declarations),
    ...facts.records.map((r) => `struct ${r.tag}: ${r.fields.map((f) => `${f.name} ${f.type}`).join(', ')}`),
    ...names(facts.typedefs),
    ...names(facts.enumerators),
    ...facts.variables.map((v) => `${v.type} ${v.name}: ${v.inits.map((i) => i.value.name).join(' ')}`),
    ...names(facts.macros),
  ].sort();

test('a name is read where it may be defined, and nothing else', () => {
  const outline = open();
  outline.read('stream');
  // it stands in these, too
  expect(outline.facts.records.map((r) => r.tag)).toEqual(['pond', '', 'stream']);
  expect(names(outline.facts.declarations)).toEqual(['pond_fill']);
  expect(outline.facts.functions).toEqual([]);
  expect(outline.facts.variables).toEqual([]);
  expect(outline.facts.enumerators).toEqual([]);
});

test('what a name means is what the whole file says of it', () => {
  const whole = fileFacts(PATH, bytes, knowledgeOf({}), parsers[0]);
  for (const name of ['pond', 'frog_t', 'pond_drain', 'first_pond', 'second_pond', 'SUN', 'pond_depth']) {
    const outline = open();
    outline.read(name);
    const of = (facts: FileFacts) => [
      ...facts.functions.filter((f) => f.name === name),
      ...facts.typedefs.filter((f) => f.name === name),
      ...facts.enumerators.filter((f) => f.name === name),
      ...facts.variables.filter((f) => f.name === name),
      ...facts.macros.filter((f) => f.name === name),
    ];
    expect(of(outline.facts)).toEqual(of(whole));
    expect(of(whole).length + whole.records.filter((r) => r.tag === name).length).toBeGreaterThan(0);
  }
});

test('facts only grow, up to all that stands outside of functions', () => {
  const outline = open();
  outline.read('second_pond');
  const [second] = outline.facts.variables;
  outline.read('pond');
  const pond = outline.facts.records.findIndex((r) => r.tag === 'pond');
  const inner = outline.facts.records[pond].fields.find((f) => f.name === 'frogs')?.record ?? -1;
  outline.readAll();
  outline.read('pond');
  expect(outline.facts.variables[0]).toBe(second);
  expect(outline.facts.records[pond].tag).toBe('pond');
  expect(names(outline.facts.records[inner].fields)).toEqual(['croak']);
  const numbered = (list: string[]) => list.map((line) => line.replace(/@\d+/, '@'));
  const whole = fileFacts(PATH, bytes, knowledgeOf({}), parsers[0]);
  whole.variables = whole.variables.filter((v) => v.function === null);
  expect(numbered(defined(outline.facts))).toEqual(numbered(defined(whole)));
});
