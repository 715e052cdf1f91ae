/** A tree whose tracepoints' macros make functions, events and tables, in several readings of one header. */
import { memoryIndex } from './memoryIndex.ts';

/** The headers that make tracepoints. */
export const tracepointHeaders = {
  'include/linux/tracepoint.h': `#define ARGS(args...) args
struct tracepoint_func { void *func; void *data; };
struct tracepoint { const char *name; void *iterator; struct tracepoint_func *funcs; };
int tracepoint_probe_register(struct tracepoint *tp, void *probe, void *data);
int tracepoint_probe_unregister(struct tracepoint *tp, void *probe, void *data);
#define POINT(name, proto, args) \\
	extern struct tracepoint __tracepoint_##name; \\
	static inline int register_trace_##name(void (*probe)(void *data, proto), void *data) \\
	{ \\
		return tracepoint_probe_register(&__tracepoint_##name, (void *)probe, data); \\
	} \\
	static inline int unregister_trace_##name(void (*probe)(void *data, proto), void *data) \\
	{ \\
		return tracepoint_probe_unregister(&__tracepoint_##name, (void *)probe, data); \\
	}
#define DEFINE_POINT(_name, proto, args) \\
	struct tracepoint __tracepoint_##_name = { .iterator = &__traceiter_##_name }; \\
	int __traceiter_##_name(void *__data, proto) \\
	{ \\
		struct tracepoint_func *at = (&__tracepoint_##_name)->funcs; \\
		void *fn; \\
		do { \\
			fn = at->func; \\
			((void (*)(void *, proto))(fn))(__data, args); \\
		} while ((++at)->func); \\
		return 0; \\
	}
#define EVENT(name, proto, args, code) POINT(name, ARGS(proto), ARGS(args))
#define EVENT_CLASS(name, proto, args, code)
#define EVENT_OF(class, name, proto, args) POINT(name, ARGS(proto), ARGS(args))
`,
  'include/trace/again.h': `#ifdef MAKE_POINTS
#undef EVENT
#define EVENT(name, proto, args, code) DEFINE_POINT(name, ARGS(proto), ARGS(args))
#undef EVENT_OF
#define EVENT_OF(class, name, proto, args) DEFINE_POINT(name, ARGS(proto), ARGS(args))
#include READ_AGAIN(POINTS)
#undef POINT
#define POINT(name, proto, args)
#include <trace/ring.h>
#endif
`,
  'include/trace/ring.h': `struct point_class { void *probe; int (*reg)(void); };
struct point_call { struct point_class *class; struct tracepoint *tp; };
#undef EVENT
#define EVENT(name, proto, args, code) \\
	EVENT_CLASS(name, ARGS(proto), ARGS(args), ARGS(code)); \\
	EVENT_OF(name, name, ARGS(proto), ARGS(args));
#undef EVENT_CLASS
#define EVENT_CLASS(name, proto, args, code) struct ring_entry_##name { int size; };
#undef EVENT_OF
#define EVENT_OF(class, name, proto, args)
#include READ_AGAIN(POINTS)
#include "parts/write.h"
#undef EVENT_CLASS
#define EVENT_CLASS(name, proto, args, code) \\
static void ring_write_##name(void *__data, proto) \\
{ \\
	CODE(code) \\
}
#undef EVENT_OF
#define EVENT_OF(class, name, proto, args) \\
static inline void check_##name(void) { check_type_##name(ring_write_##class); }
#include READ_AGAIN(POINTS)
#undef EVENT_CLASS
#define EVENT_CLASS(name, proto, args, code) \\
static struct point_class point_class_##name = { .probe = ring_write_##name, .reg = point_reg };
#undef EVENT_OF
#define EVENT_OF(class, name, proto, args) \\
static struct point_call point_##name = { .class = &point_class_##class, .tp = &__tracepoint_##name };
#include READ_AGAIN(POINTS)
`,
  'include/trace/parts/write.h': '#undef CODE\n#define CODE(x...) x\n',
} as const;

/** Two tracepoints of one class and one of its own. */
export const tracepointTree = () =>
  memoryIndex({
    ...tracepointHeaders,
    'include/trace/events/pond.h': `#include <linux/tracepoint.h>
EVENT_CLASS(ripple,
	int depth, depth, note_depth(depth);
);
EVENT_OF(ripple, drop, int depth, depth);
EVENT_OF(ripple, splash, int depth, depth);
EVENT(freeze, int degrees, degrees, note_cold(degrees););
#include <trace/again.h>
`,
    'kernel/pond.c': `#include <trace/events/pond.h>
static void watch(void *data, int depth) { }
static void leave(void *data, int depth) { }
int point_reg(void) { return 0; }
void note_depth(int depth) { }
void note_cold(int degrees) { }
int start(void)
{
	unregister_trace_splash(leave, NULL);
	return register_trace_splash(watch, NULL);
}
`,
  });
