import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';

interface Entry {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

for (const folder of ['.', 'test/e2e/host']) {
  const path = join(folder, 'package-lock.json');
  const packages = (JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { packages: Record<string, Entry> }).packages;

  test(`${path} names no registry`, () => {
    expect(Object.keys(packages).filter((name) => packages[name].resolved)).toEqual([]);
  });

  // A registry that lacks some platforms' packages makes npm leave them out, and npm ci then fails everywhere.
  // Cure: add the entries by hand (version, os, cpu, optional), or install where all of them can be found.
  test(`${path} holds the packages of every platform`, () => {
    const missing: string[] = [];
    for (const [from, { optionalDependencies }] of Object.entries(packages)) {
      for (const name of Object.keys(optionalDependencies ?? {})) {
        if (!packages[`${from}/node_modules/${name}`] && !packages[`node_modules/${name}`])
          missing.push(`${from}: ${name}`);
      }
    }
    expect(missing).toEqual([]);
  });
}
