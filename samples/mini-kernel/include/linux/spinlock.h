/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/types.h>

/* Locks only mark their sections here: nothing runs in this tree. */
typedef struct {
	int held;
} spinlock_t;

struct mutex {
	int held;
};

struct rw_semaphore {
	int readers;
};

#define DEFINE_SPINLOCK(name)	spinlock_t name = { 0 }
#define DEFINE_MUTEX(name)	struct mutex name = { 0 }

static inline void spin_lock(spinlock_t *lock)
{
	lock->held = 1;
}

static inline void spin_unlock(spinlock_t *lock)
{
	lock->held = 0;
}

static inline void mutex_lock(struct mutex *lock)
{
	lock->held = 1;
}

static inline void mutex_unlock(struct mutex *lock)
{
	lock->held = 0;
}

static inline void down_read(struct rw_semaphore *sem)
{
	sem->readers++;
}

static inline void up_read(struct rw_semaphore *sem)
{
	sem->readers--;
}

#endif
