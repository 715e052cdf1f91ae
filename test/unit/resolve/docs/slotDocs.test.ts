import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { slotDocs } from '../../../../server/src/resolve/docs/slotDocs.ts';

const root = mkdtempSync(join(tmpdir(), 'kerntrail-docs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

write(
  'Documentation/filesystems/locks.rst',
  `=====
Locks
=====

area_operations
===============

prototypes::

	int (*fill)(struct area *);

locking rules:

=============	=========	====================
ops		area_lock	PageBusy(page)
=============	=========	====================
open:		yes
fill:		yes		may come back
				busy
long_name_here: no
=============	=========	====================

->fill() is called when nothing is there
yet. It must not sleep.

->fill() may be left out.

Others
------
fill:
	no entry of this struct

other_operations
================

->fill() is another's.
`,
);
write(
  'Documentation/driver-api/areas.rst',
  `The area
========

struct area_operations
----------------------

\`\`open\`\`
	called when an area is opened.

	Second paragraph.

 - fill(...)

   Called for each page.

close: called at the end,
  whatever happened
`,
);
write(
  'Documentation/filesystems/Old',
  `--------------------------- old_operations ---------------------------
prototypes:
	int (*read) (struct old *);
	int (*write) (struct old *);

locking rules:
	may block	old_lock
read:	yes		shared
write:	no		exclusive
\tNobody knows more.
------------------------ net_thing ------------------------
ndo_go:
	Synchronization: the_lock()
`,
);
write('Documentation/devicetree/bindings/area.txt', 'area_operations\n===\n\n->fill() is for nobody.\n');

const said = (owner: string, member: string): string[] =>
  slotDocs(root, owner, member).map((d) => `${d.file.replace('Documentation/', '')}:${d.line} ${d.kind}: ${d.text}`);

test('a row of a table of rules, a paragraph, and an entry of a list', () => {
  expect(said('area_operations', 'fill')).toEqual([
    'filesystems/locks.rst:18 row: area_lock: yes · PageBusy(page): may come back busy',
    'filesystems/locks.rst:23 text: ->fill() is called when nothing is there yet. It must not sleep.',
    'driver-api/areas.rst:12 text: Called for each page.',
  ]);
  expect(said('area_operations', 'open')).toEqual([
    'filesystems/locks.rst:17 row: area_lock: yes',
    'driver-api/areas.rst:7 text: called when an area is opened.',
  ]);
  expect(said('area_operations', 'close')).toEqual([
    'driver-api/areas.rst:16 text: called at the end, whatever happened',
  ]);
  expect(said('area_operations', 'long_name_here')).toEqual(['filesystems/locks.rst:20 row: area_lock: no']);
});

test('texts of old kernels, and what a struct holds the operations of', () => {
  expect(said('old_operations', 'write')).toEqual(['filesystems/Old:9 row: may block: no · old_lock: exclusive']);
  expect(said('net_thing_ops', 'ndo_go')).toEqual(['filesystems/Old:12 text: Synchronization: the_lock()']);
});

test('nothing of members and structs that no text names', () => {
  expect(said('area_operations', 'none')).toEqual([]);
  expect(said('nobody_ops', 'fill')).toEqual([]);
  expect(said('', 'fill')).toEqual([]);
  expect(slotDocs(join(root, 'nowhere'), 'area_operations', 'fill')).toEqual([]);
});
