// SPDX-License-Identifier: MIT
#include <linux/bio.h>
#include "ext4.h"

/* The disk is done with one folio. */
static void mpage_end_io(struct bio *bio)
{
	struct folio *folio = bio->bi_folio;

	if (!bio->bi_status)
		folio_set_uptodate(folio);
	folio_unlock(folio);
	kfree(bio);
}

static int ext4_submit_read(struct inode *inode, struct folio *folio)
{
	struct ext4_sb_info *sbi = EXT4_SB(inode->i_sb);
	struct bio *bio = kzalloc(sizeof(*bio), GFP_KERNEL);

	if (!bio)
		return -ENOMEM;
	bio->bi_folio = folio;
	bio->bi_data = sbi->s_image + (folio->index << PAGE_SHIFT);
	bio->bi_end_io = mpage_end_io;
	submit_bio(bio);
	return 0;
}

/* Start reading all folios of rac or, without rac, the one folio. */
int ext4_mpage_readpages(struct inode *inode, struct readahead_control *rac,
			 struct folio *folio)
{
	int err = 0;

	if (!rac)
		return ext4_submit_read(inode, folio);
	while (!err && (folio = readahead_folio(rac)))
		err = ext4_submit_read(inode, folio);
	return err;
}
