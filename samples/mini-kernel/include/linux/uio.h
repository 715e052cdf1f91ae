/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H

#include <linux/kernel.h>

#define ITER_DEST	0
#define ITER_SOURCE	1

/**
 * struct iov_iter - where bytes go to, or come from
 * @data_source: ITER_SOURCE for a write
 * @base: the buffer
 * @count: bytes left in it
 */
struct iov_iter {
	u8 data_source;
	char *base;
	size_t count;
};

static inline void iov_iter_init(struct iov_iter *i, unsigned int direction,
				 void *buf, size_t count)
{
	*i = (struct iov_iter) {
		.data_source = direction,
		.base = buf,
		.count = count,
	};
}

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	i->base += bytes;
	i->count -= bytes;
}

static inline size_t copy_to_iter(const void *from, size_t bytes,
				  struct iov_iter *i)
{
	bytes = min_t(size_t, bytes, i->count);
	memcpy(i->base, from, bytes);
	iov_iter_advance(i, bytes);
	return bytes;
}

static inline size_t copy_from_iter(void *to, size_t bytes,
				    struct iov_iter *i)
{
	bytes = min_t(size_t, bytes, i->count);
	memcpy(to, i->base, bytes);
	iov_iter_advance(i, bytes);
	return bytes;
}

#endif
