/** A tree with two lists of one kind of object, each under a head of its own name. */
export const BELL_TREE = `
//@ include/linux/bell.h
struct bell { int (*ring)(struct bell *bell, int how); struct bell *next; int weight; };
struct bell_head { int lock; struct bell *first; };
struct tower { int height; struct bell bell; };
int bell_add(struct bell_head *head, struct bell *bell);
int bell_del(struct bell_head *head, struct bell *bell);
int bell_ring_all(struct bell_head *head, int how);
int register_day_bell(struct bell *bell);
int unregister_day_bell(struct bell *bell);
//@ kernel/bell.c
#include <linux/bell.h>
static int add(struct bell **at, struct bell *bell) { bell->next = *at; *at = bell; return 0; }
static int ring_each(struct bell **at, int how)
{
	struct bell *bell = *at;
	while (bell)
		bell->ring(bell, how);
	return 0;
}
int bell_add(struct bell_head *head, struct bell *bell) { return add(&head->first, bell); }
int bell_del(struct bell_head *head, struct bell *bell) { return 0; }
int bell_ring_all(struct bell_head *head, int how) { return ring_each(&head->first, how); }
//@ kernel/day.c
#include <linux/bell.h>
static struct bell_head day_bells;
static struct bell_head night_bells = { .lock = 1 };
int register_day_bell(struct bell *bell) { return bell_add(&day_bells, bell); }
int unregister_day_bell(struct bell *bell) { return bell_del(&day_bells, bell); }
int morning(int how)
{
	return bell_ring_all(&day_bells, how);
}
int midnight(int how)
{
	return bell_ring_all(&night_bells, how);
}
static int owl_ring(struct bell *bell, int how) { return how; }
static struct bell owl = { .ring = owl_ring };
int night_start(void) { return bell_add(&night_bells, &owl); }
//@ drivers/cock.c
#include <linux/bell.h>
static int cock_ring(struct bell *bell, int how) { return how; }
static struct bell cock = { .ring = cock_ring };
int cock_start(void) { return register_day_bell(&cock); }
void cock_stop(void) { unregister_day_bell(&cock); }
//@ drivers/tower.c
#include <linux/bell.h>
static int tower_ring(struct bell *bell, int how) { return how; }
int tower_start(struct tower *tower)
{
	tower->bell.ring = tower_ring;
	return register_day_bell(&tower->bell);
}
`;
