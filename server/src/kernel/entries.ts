/** Where control comes into the kernel from outside its own calls. */

/** How an entry is come to. */
export type RootKind = 'syscall' | 'exception' | 'interrupt' | 'initcall' | 'work' | 'timer' | 'thread' | 'assembly';

/** Slots that the kernel calls of its own accord, and what that is called. */
const ENTRY_SLOTS: ReadonlyMap<string, RootKind> = new Map([
  ['work_struct.func', 'work'],
  ['kthread_work.func', 'work'],
  ['timer_list.function', 'timer'],
  ['hrtimer.function', 'timer'],
  ['irqaction.handler', 'interrupt'],
  ['irqaction.thread_fn', 'interrupt'],
  ['softirq_action.action', 'interrupt'],
  ['tasklet_struct.callback', 'interrupt'],
  ['tasklet_struct.func', 'interrupt'],
  ['kthread_create_info.threadfn', 'thread'],
  // ret_from_fork, in assembly, calls what copy_thread() puts into a register
  ['kernel_clone_args.fn', 'thread'],
  ['callback_head.func', 'interrupt'],
]);

/** What kind of entry calls through `owner.member`; null for a slot that is called like any other. */
export const entryOfSlot = (owner: string, member: string): RootKind | null =>
  ENTRY_SLOTS.get(`${owner}.${member}`) ?? null;

/** Is a bare pointer one of those that boot goes through? `__initcall_…`, `__setup_…` */
export const isInitcall = (pointer: string): boolean => /^__initcall|^__setup|initcall/.test(pointer);

/**
 * Is a function an exception's or an interrupt vector's, by its name? DEFINE_IDTENTRY and its like make them so, and
 * assembly calls them by a name that a macro makes.
 */
export const isExceptionEntry = (name: string): boolean => /^(asm_)?(exc|sysvec)_\w+$/.test(name);

/**
 * Behind the function's name in what an initcall's macro makes, its level: `5` of `__initcall_inet_init5`, `con` of
 * console_initcall(), `early`; '' where it tells none.
 */
export const initcallLevel = (variable: string, fn: string): string =>
  isInitcall(variable) && variable.includes(fn) ? variable.slice(variable.lastIndexOf(fn) + fn.length) : '';

/** Initcalls that boot does not go through with the others: those of a section of their own, as `con`; else ''. */
export function initcallGroup(variable: string, fn: string): string {
  const level = initcallLevel(variable, fn);
  return /^(?:\d?s?|early|rootfs)$/.test(level) ? '' : level.replace(/\W/g, '');
}
