import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directDependencies, withDependencies } from '../../scripts/lib/packages.mjs';
import { ROOT } from '../../scripts/lib/run.mjs';

test('the notices name every package that Kerntrail has at run time, with its version', () => {
  const notices = readFileSync(join(ROOT, 'THIRD_PARTY_NOTICES.md'), 'utf8');
  const packages = withDependencies(directDependencies());
  const missing = packages.filter(({ name, version }) => !notices.includes(`- ${name} ${version} (`));
  expect(missing.map(({ name, version }) => `${name} ${version}: npm run notices`)).toEqual([]);
  expect(packages.map(({ name }) => name)).toContain('lmdb');
});

test('nothing at run time has a licence that asks for more than a notice', () => {
  const packages = withDependencies(directDependencies());
  const asksMore = packages.filter(({ license }) => !/^(MIT|ISC|BSD|Apache-2\.0|0BSD|BlueOak)/.test(license ?? ''));
  expect(asksMore).toEqual([]);
});
