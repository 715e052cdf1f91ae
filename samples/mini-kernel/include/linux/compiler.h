/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

/* Which address space a pointer belongs to: for checkers and readers only. */
#define __user
#define __iomem
#define __rcu
#define __percpu
#define __force

#define __section(name)		__attribute__((section(name)))
#define __used			__attribute__((used))
#define __maybe_unused		__attribute__((unused))
#define __weak			__attribute__((weak))
#define __cold			__attribute__((cold))
#define __visible		__attribute__((externally_visible))
#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))
#define __ro_after_init		__section(".data..ro_after_init")
#define __read_mostly		__section(".data..read_mostly")
#define __always_inline		inline __attribute__((always_inline))
#define noinline		__attribute__((noinline))
#define notrace			__attribute__((no_instrument_function))
#define noinstr			noinline notrace __section(".noinstr.text")
#define asmlinkage
#define fallthrough		__attribute__((fallthrough))

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

/* Exactly one access, which the compiler can neither repeat nor leave out. */
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile typeof(x) *)&(x) = (val))

/*
 * IS_ENABLED(CONFIG_X) is 1 where the build defines CONFIG_X as 1, else 0.
 * The pasted name is a lone comma only in the first case, and that comma
 * moves the 1 into second place.
 */
#define __config_is_1			,
#define __config_second(a, b, ...)	b
#define __config_shift(comma)		__config_second(comma 1, 0, 0)
#define __config_paste(value)		__config_shift(__config_is_##value)
#define IS_ENABLED(option)		__config_paste(option)

#endif
