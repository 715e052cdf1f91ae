import { type MemoryWorld, memoryIndex } from './memoryIndex.ts';

/** A thread, a timer, a queue and a table of operations: every way that a function pointer takes in a kernel. */
export const waysTree = (): Promise<MemoryWorld> =>
  memoryIndex({
    'include/linux/work.h': `
typedef void (*work_fn)(int n);
typedef int filter_fn(int n);
struct work { work_fn func; };
struct worker { work_fn current_func; };
struct create { int (*threadfn)(void *data); };
struct queue_ops { int (*setup)(int n, work_fn done); int (*busy)(int n); };
struct queue { const struct queue_ops *ops; work_fn done; };
#define INIT(w, f) do { (w)->func = (f); } while (0)
#define start_thread(fn, fmt, ...) create_thread(fn, 0, fmt, ##__VA_ARGS__)
int create_thread(int (*fn)(void *data), int node, const char *fmt, ...);
int wait_for(int n, filter_fn *filter);
int nap(int n);
static inline int wait_nap(int n) { return wait_for(n, nap); }
void queue_later(struct work *w, work_fn f);
`,
    'kernel/thread.c': `#include <linux/work.h>
static int thread(struct create *create)
{
	int (*threadfn)(void *data) = create->threadfn;
	return threadfn(0);
}
int create_thread(int (*fn)(void *data), int node, const char *fmt, ...)
{
	struct create create = { .threadfn = fn };
	return thread(&create);
}
int wait_for(int n, filter_fn *filter) { return (*filter)(n); }
int nap(int n) { return n; }
`,
    'kernel/work.c': `#include <linux/work.h>
void queue_later(struct work *w, work_fn f) { INIT(w, f); }
void process(struct worker *worker, struct work *w)
{
	worker->current_func = w->func;
	worker->current_func(1);
}
static int ring_setup(int n, work_fn done) { struct queue q; q.done = done; return 0; }
static int ring_busy(int n) { return 0; }
static const struct queue_ops ring_ops = { .setup = ring_setup, .busy = ring_busy };
int setup_all(struct queue *q, work_fn cbs[]) { return q->ops->setup(1, cbs[0]); }
void ring(struct queue *q) { q->done(3); }
int probe(struct queue *q)
{
	int (*busy)(int n) = q->ops->busy;
	return busy(1);
}
`,
    'mm/daemon.c': `#include <linux/work.h>
static int daemon(void *data) { return 0; }
static void flush(int n) { }
static void drain(int n) { }
static void unused(int n) { }
int start(struct work *w, struct queue *q)
{
	work_fn cbs[2];
	work_fn handler = flush;
	cbs[0] = drain;
	queue_later(w, handler);
	setup_all(q, cbs);
	wait_nap(2);
	return start_thread(daemon, "daemon/%d", 1);
}
`,
  });
