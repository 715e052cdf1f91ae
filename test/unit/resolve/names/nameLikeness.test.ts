import { expect, test } from 'vitest';
import { openingWords, similarity } from '../../../../server/src/resolve/names/nameLikeness.ts';

test('a renamed function is more like the old one than its neighbours are', () => {
  const best = (name: string, others: string[]) =>
    others.reduce((a, b) => (similarity(name, b) > similarity(name, a) ? b : a));
  expect(best('ext4_readpages', ['ext4_bmap', 'ext4_readahead', 'ext4_sync_fs'])).toBe('ext4_readahead');
  expect(best('__do_page_cache_readahead', ['do_page_cache_ra', 'read_pages', 'file_ra_state_init'])).toBe(
    'do_page_cache_ra',
  );
});

test('the same but for underscores is the same; no word in common is nothing', () => {
  expect(similarity('__vfs_read', 'vfs_read')).toBe(1);
  expect(similarity('vfs_read', 'ip_output')).toBe(0);
  expect(similarity('', 'x')).toBe(0);
  expect(openingWords('__ext4_iget')).toBe('ext4');
});
