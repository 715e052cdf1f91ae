import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../../../server/src/facts/fileFacts.ts';
import type { FileFacts } from '../../../../server/src/facts/types.ts';
import { knowledgeOf, names, parsers } from '../../facts/factsOf.ts';

const TOKEN = '#define TOKEN(a, b) __TOKEN(a, b)\n#define __TOKEN(a, b) a##b\n';

const HEADER = `#ifndef _SET_GEN_H
#define _SET_GEN_H
struct set_region { int n; };
static inline int region_size(struct set_region *r) { return r->n; }
#endif

#ifndef MTYPE
#error "MTYPE is not defined!"
#endif
#undef mtype_add
#undef mtype_variant
#define mtype_add TOKEN(MTYPE, _add)
#define mtype_variant TOKEN(MTYPE, _variant)

static int mtype_add(struct ip_set *set)
{
	return region_size(set->region);
}

static const struct ip_set_variant mtype_variant = {
	.add = mtype_add,
};

#ifdef SET_EMIT_CREATE
static int TOKEN(HTYPE, _create)(struct ip_set *set)
{
	set->variant = &TOKEN(HTYPE, 4_variant);
	return 0;
}
#endif
`;

const INCLUDER = `#define HTYPE hash_ip
#define MTYPE hash_ip4
#include "set_gen.h"
#undef MTYPE
#define MTYPE hash_ip6
#define SET_EMIT_CREATE
#include "set_gen.h"
`;

function read(text: string, siblings: Record<string, string>, path = 'net/set/set_gen.h'): FileFacts {
  const knowledge = knowledgeOf({ [path]: text, 'net/set/set.h': TOKEN });
  return fileFacts(path, Buffer.from(text), knowledge, parsers[0], () =>
    Object.entries(siblings).map(([file, bytes]) => ({ path: file, bytes: Buffer.from(bytes) })),
  );
}

describe('headers that take parameters', () => {
  test('each #include makes functions and tables of its own, what does not depend on it is there once', () => {
    const facts = read(HEADER, { 'net/set/hash_ip.c': INCLUDER, 'net/set/other.c': 'int x;\n' });
    expect(facts.instances).toEqual([
      { includer: 'net/set/hash_ip.c', line: 3 },
      { includer: 'net/set/hash_ip.c', line: 7 },
    ]);
    expect(names(facts.functions)).toEqual(['region_size', 'hash_ip4_add', 'hash_ip6_add', 'hash_ip_create']);
    expect(facts.variables.map((v) => `${v.name}: ${v.inits.map((i) => i.value.name)}`)).toEqual([
      'hash_ip4_variant: hash_ip4_add',
      'hash_ip6_variant: hash_ip6_add',
    ]);
    expect(facts.records.map((r) => r.tag)).toEqual(['set_region']);
    expect(facts.assignments.map((a) => `${a.function}: ${a.member} = ${a.values.map((v) => v.name)}`)).toEqual([
      'hash_ip_create: variant = hash_ip4_variant',
    ]);
    // the C file decides what is compiled in, so that its #ifdef is no condition any more
    expect(facts.functions.at(-1)?.condition).toBeNull();
  });

  test('an #if on a parameter takes the one arm', () => {
    const facts = read(
      `#if PTTYPE == 64
#define FNAME(name) paging64_##name
#elif PTTYPE == PTTYPE_EPT
#define FNAME(name) ept_##name
#endif
static int FNAME(walk)(int level)
{
#if PTTYPE != PTTYPE_EPT
	return legacy_walk(level);
#else
	return nested_walk(level);
#endif
}
#undef FNAME
`,
      {
        'net/set/mmu.c':
          '#define PTTYPE_EPT 18 /* any */\n#define PTTYPE PTTYPE_EPT\n#include "set_gen.h"\n#undef PTTYPE\n#define PTTYPE 64\n#include "set_gen.h"\n',
      },
    );
    expect(names(facts.functions)).toEqual(['ept_walk', 'paging64_walk']);
    expect(facts.calls.map((c) => `${facts.functions[c.function].name}: ${c.names}`)).toEqual([
      'ept_walk: nested_walk',
      'paging64_walk: legacy_walk',
    ]);
  });

  test('without a C file that defines its names, a header is read as it stands', () => {
    const facts = read(HEADER, { 'net/set/hash_ip.c': '#include "set_gen.h"\n' });
    expect(facts.instances).toEqual([]);
    expect(names(facts.functions)).toContain('region_size');
  });

  test('a guarded header is read once, whatever its users define', () => {
    const guarded = `#ifndef _X_H\n#define _X_H\n#define x_name TOKEN(MTYPE, _x)\nstatic int x_name(void) { return 0; }\n#endif\n`;
    const facts = read(guarded, { 'net/set/hash_ip.c': INCLUDER });
    expect(facts.instances).toBeNull();
    expect(facts.functions).toHaveLength(1);
  });
});
