// SPDX-License-Identifier: MIT
#include <linux/kernel.h>
#include <linux/module.h>

static void swap_bytes(void *a, void *b, int size)
{
	char *x = a, *y = b;

	while (size--) {
		char t = x[size];

		x[size] = y[size];
		y[size] = t;
	}
}

/**
 * sort - put the elements of an array in order
 * @base: the array
 * @num: number of elements
 * @size: of one element
 * @cmp_func: below zero if its first argument comes first
 * @swap_func: swaps two elements; NULL for byte by byte
 */
void sort(void *base, size_t num, size_t size,
	  cmp_func_t cmp_func, swap_func_t swap_func)
{
	if (!swap_func)
		swap_func = swap_bytes;
	for (size_t i = 1; i < num; i++)
		for (size_t j = i; j > 0; j--) {
			void *a = base + (j - 1) * size;
			void *b = base + j * size;

			if (cmp_func(a, b) <= 0)
				break;
			swap_func(a, b, size);
		}
}
EXPORT_SYMBOL(sort);
