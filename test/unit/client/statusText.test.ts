import { expect, test } from 'vitest';
import { progressText, spoken, textOf, treeName } from '../../../client/src/statusText.ts';
import type { StatusParams } from '../../../server/src/lsp/protocol.ts';

const status: StatusParams = {
  phase: 'ready',
  tree: '/usr/src/linux-6.1/',
  release: '6.1.192',
  architecture: 'x86',
  architectures: ['arm64', 'x86'],
  done: 56_749,
  total: 56_749,
};

test('a tree goes by its version, else by its folder', () => {
  expect(treeName(status)).toBe('linux-6.1.192');
  expect(treeName({ ...status, release: undefined })).toBe('linux-6.1');
  expect(treeName({ ...status, release: undefined, tree: 'C:\\src\\linux' })).toBe('linux');
  expect(treeName({ ...status, release: undefined, tree: undefined })).toBe('Kerntrail');
});

test('the status bar tells tree and architecture, and how far the index is', () => {
  expect(textOf(status)).toBe('$(type-hierarchy) linux-6.1.192 · x86');
  expect(textOf({ ...status, phase: 'indexing', done: 28_374 })).toBe('$(loading~spin) linux-6.1.192 · x86 49%');
  expect(textOf({ ...status, phase: 'scanning', done: 0, total: 0 })).toBe('$(loading~spin) linux-6.1.192 · x86');
  expect(textOf({ ...status, phase: 'noTree' })).toBe('$(circle-slash) Kerntrail: no tree');
  expect(textOf({ ...status, phase: 'error' })).toBe('$(warning) Kerntrail');
});

test('a screen reader is told without icons, and what they stand for', () => {
  expect(spoken(status)).toBe('Kerntrail: linux-6.1.192 · x86');
  expect(spoken({ ...status, phase: 'indexing', done: 28_374 })).toBe('Kerntrail: linux-6.1.192 · x86 49%, Indexing');
  expect(spoken({ ...status, phase: 'noTree' })).toBe('Kerntrail: no tree');
  expect(spoken({ ...status, phase: 'error' })).toBe('Kerntrail: an error');
});

test('the tooltip counts files, and says when answers may be partial', () => {
  expect(progressText(status)).toBe('Indexed: 56,749 files');
  expect(progressText({ ...status, phase: 'indexing', done: 1000 })).toBe(
    'Indexing: 1,000 of 56,749 files. Answers may be partial.',
  );
  expect(progressText({ ...status, phase: 'linking', total: 0 })).toBe('Linking. Answers may be partial.');
});

test('before anything was compared the tree does not look ready', () => {
  const opening = { ...status, phase: 'idle' as const, done: 0, total: 0 };
  expect(textOf(opening)).toBe('$(loading~spin) linux-6.1.192 · x86');
  expect(progressText(opening)).toBe('Opening the index. Answers may be partial.');
});
