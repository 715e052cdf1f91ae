/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BIO_H
#define _LINUX_BIO_H

#include <linux/types.h>

struct bio;
struct folio;

typedef void (bio_end_io_t)(struct bio *bio);

/**
 * struct bio - one request to a disk
 * @bi_folio: memory
 * @bi_data: the blocks
 * @bi_status: 0 if all went well
 * @bi_end_io: called when the disk is done
 */
struct bio {
	struct folio *bi_folio;
	const void *bi_data;
	int bi_status;
	bio_end_io_t *bi_end_io;
};

void submit_bio(struct bio *bio);

#endif
