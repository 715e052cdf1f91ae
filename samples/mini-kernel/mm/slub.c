// SPDX-License-Identifier: MIT
/*
 * Memory for objects and pages, from one array that is never refilled.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static char heap[1 << 20];
static size_t heap_used;

void *kmalloc(size_t size, gfp_t flags)
{
	void *object = heap + heap_used;

	size = (size + 15) & ~15UL;
	if (size > sizeof(heap) - heap_used)
		return NULL;
	heap_used += size;
	if (flags & __GFP_ZERO)
		memset(object, 0, size);
	return object;
}
EXPORT_SYMBOL(kmalloc);

void kfree(const void *object)
{
}
EXPORT_SYMBOL(kfree);

void *kmemdup(const void *src, size_t len, gfp_t flags)
{
	void *object = kmalloc(len, flags);

	if (object)
		memcpy(object, src, len);
	return object;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     void (*ctor)(void *object))
{
	struct kmem_cache *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->name = name;
	s->size = size;
	s->ctor = ctor;
	return s;
}
EXPORT_SYMBOL(kmem_cache_create);

static void setup_object(struct kmem_cache *s, void *object)
{
	if (unlikely(s->ctor))
		s->ctor(object);
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	void *object = kmalloc(s->size, flags);

	if (object)
		setup_object(s, object);
	return object;
}
EXPORT_SYMBOL(kmem_cache_alloc);

void kmem_cache_free(struct kmem_cache *s, void *object)
{
	kfree(object);
}
EXPORT_SYMBOL(kmem_cache_free);

struct page *alloc_page(gfp_t gfp)
{
	struct page *page = kzalloc(sizeof(struct folio), gfp);

	if (!page)
		return NULL;
	page->virtual = kmalloc(PAGE_SIZE, gfp);
	page->_refcount.counter = 1;
	return page;
}

void copy_user_highpage(struct page *to, struct page *from)
{
	memcpy(page_address(to), page_address(from), PAGE_SIZE);
}
