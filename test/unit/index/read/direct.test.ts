import { expect, test } from 'vitest';
import { openDirect } from '../../../../server/src/index/read/direct.ts';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { usesOf } from '../../../../server/src/resolve/slots/slots.ts';
import { tableOf } from '../../../../server/src/resolve/slots/tables.ts';
import { writeTree } from '../../support/marked.ts';

const TREE = writeTree(`
//@ include/linux/types.h
typedef unsigned int u32;
typedef u32 __bitwise depth_t;

//@ include/linux/depths.h
struct depths { int n; };
extern struct depths depths;

//@ include/linux/pond.h
#include <linux/depths.h>
#include <linux/types.h>
#define POND_OPS(x) .fill = x##_fill
#define DEFINE_CALL(x) int do_##x(void); int do_##x(void)
struct pond;
struct pond_ops {
	depth_t (*fill)(struct pond *pond);
	int (*drain)(struct pond *pond);
};
struct pond { const struct pond_ops *ops; };
extern const struct pond_ops *default_ops(void);
u32 pond_age(struct pond *pond);

//@ include/linux/frog.h
#include <linux/pond.h>
static inline u32 frog_age(const struct pond_ops *ops) { return 1; }
extern depth_t frog_depth;

//@ drivers/pond/frog.c
#include <linux/frog.h>
depth_t frog_fill(struct pond *pond)
{
	static const struct pond_ops local = { .fill = frog_fill };
	return local.fill(pond);
}

//@ drivers/pond/pond.c
#include <linux/frog.h>
static int drain(struct pond *pond) { return 0; }
static const struct pond_ops pond_ops = { POND_OPS(frog), .drain = drain };
struct depths depths;
DEFINE_CALL(dive)
{
	return 0;
}
int attach(struct pond *pond)
{
	pond->ops = &pond_ops;
	return 0;
}

//@ drivers/pond/toad.c
#include <linux/pond.h>
static int drain(struct pond *pond) { return 1; }
static const struct pond_ops toad_ops = { .drain = drain };
struct depths toads;
`);
const PATH = 'drivers/pond/pond.c';

async function opened() {
  const direct = openDirect(TREE.root, 'x86');
  const facts = await direct.factsOfText(PATH, TREE.files.get(PATH) ?? '');
  return { direct, facts, index: direct.reader(PATH) };
}

test('a table: its functions where they are defined, what it leaves unset, its installs', async () => {
  const { facts, index } = await opened();
  const at = facts.variables.findIndex((v) => v.name === 'pond_ops');
  const { name, line, column } = facts.variables[at];
  const definition = { name, kind: NameKind.Variable, file: PATH, line, column, index: at, static: true };
  const [found] = index.names('pond_ops').filter((n) => n.kind === NameKind.Variable);
  const table = tableOf(
    { index, architecture: 'x86' },
    facts,
    { ...definition, type: found.type, flags: found.flags } as never,
    PATH,
  );
  expect(table?.slots.map((s) => `${s.path} ${s.target} ${s.definition?.file}:${s.definition?.line}`)).toEqual([
    'fill frog_fill drivers/pond/frog.c:2',
    'drain drain drivers/pond/pond.c:2',
  ]);
  expect(table?.unset).toEqual([]);
  expect(table?.installs.map((r) => `${r.owner}.${r.member} in ${r.function}`)).toEqual(['pond.ops in attach']);
});

test('a name is found where it is defined, not where it is the type of another', async () => {
  const { index } = await opened();
  const places = (name: string) => index.names(name).map((n) => `${index.pathOf(n.file)}:${n.line}`);
  expect(places('u32')).toEqual(['include/linux/types.h:1']);
  expect(places('depth_t')).toEqual(['include/linux/types.h:2']);
  expect(places('pond_ops')).toEqual(['drivers/pond/pond.c:3', 'include/linux/pond.h:6']);
  expect(index.types.typedefs('depth_t').map((t) => t.text)).toEqual(['u32']);
});

test('what has no name is asked for, and is nowhere', async () => {
  const { index } = await opened();
  expect(index.names('')).toEqual([]);
  expect(index.types.recordsByTag('')).toEqual([]);
});

test('what the macros of the file make of its words', async () => {
  const { index } = await opened();
  const kinds = index.names('do_dive').map((n) => n.kind);
  expect(kinds).toContain(NameKind.Function);
});

test('a struct and an object of the same name', async () => {
  const direct = openDirect(TREE.root, 'x86');
  const path = 'drivers/pond/toad.c';
  await direct.factsOfText(path, TREE.files.get(path) ?? '');
  const found = direct.reader(path).names('depths');
  const text = found.map((n) => `${n.kind} ${direct.reader(path).pathOf(n.file)}`);
  expect(text).toContain(`${NameKind.Record} include/linux/depths.h`);
  expect(text).toContain(`${NameKind.Variable} drivers/pond/pond.c`);
});

test("another file's facts are what it defines, with the numbers that its names were given", async () => {
  const { index } = await opened();
  const [fill] = index.names('frog_fill').filter((n) => n.kind === NameKind.Function);
  const facts = index.facts('drivers/pond/frog.c');
  expect(facts?.functions[fill.index].name).toBe('frog_fill');
  expect(facts?.sites).toEqual([]);
});

test('a text typed anew counts at once', async () => {
  const { direct, index } = await opened();
  expect(direct.reader(PATH)).toBe(index);
  await direct.factsOfText(PATH, (TREE.files.get(PATH) ?? '').replaceAll('attach', 'fasten'));
  const now = direct.reader(PATH);
  expect(now.names('attach')).toEqual([]);
  const [fasten] = now.names('fasten');
  const uses = usesOf(
    { index: now, architecture: 'x86' },
    { ...fasten, name: 'pond_ops', kind: NameKind.Variable, file: PATH } as never,
    PATH,
  );
  expect(uses.registrations.map((r) => r.function)).toEqual(['fasten']);
});
