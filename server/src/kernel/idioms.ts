/** Macros and names that all of the kernel uses alike, and that its sources don't explain to a reader of one file. */

/** They hand on what they are given. */
export const READERS =
  /^(?:READ_ONCE|(?:s?rcu_)(?:dereference\w*|access_pointer)|smp_load_acquire|(?:un)?likely|ARRAY_SIZE|container_of)$/;

/** They put their second argument into the first. */
export const WRITERS = /^(?:WRITE_ONCE|rcu_assign_pointer|RCU_INIT_POINTER)$/;

/** They copy one object over another, whole. */
export const COPIERS = /^(?:memcpy|memmove|swap)$/;

/** Types of names that assembly or an architecture's register stands behind: `current` is the running task. */
export const TYPES_OF_NAMES: ReadonlyMap<string, string> = new Map([['current', 'struct task_struct *']]);

/**
 * Macros that stand for an object in modules, and for NULL in what is built in: include/linux/export.h. Where it is put at
 * run time, the module is what matters.
 */
export const MODULE_OBJECTS: ReadonlyMap<string, string> = new Map([['THIS_MODULE', '__this_module']]);

/** What the names of structs of operations hold: `file_operations`, `dev_pm_ops`, `vm_operations_struct`. */
export const OPERATIONS = ['_operations', '_ops', 'operations_struct'];

const DEBUGGING =
  /(?:^|[^!])(?:defined|IS_ENABLED)\(CONFIG_\w*(?:DEBUG|LOCKDEP|PROVE|TRACE_IRQFLAGS|KASAN|KCSAN|KMSAN|PROFIL|LOCK_STAT|LOCK_ALLOC)/;

/** Is what stands under a condition there only in kernels that are built to find faults? */
export const isForDebugging = (condition: string | null): boolean => condition !== null && DEBUGGING.test(condition);

const FOR_MODULES = /(?:^|&& *)\(*defined\(MODULE\)/;

/** Does a condition hold in modules only? The same text built in is what most read: `module_init` makes an initcall. */
export const isForModules = (condition: string | null): boolean => condition !== null && FOR_MODULES.test(condition);

/** Calls that the kernel patches: `static_call(name)(args)` calls what was last put under the name. */
const STATIC_CALL = /^static_call(?:_cond|_mod|_ro)?$/;

/** Is it a macro that gives what a static call calls? */
export const isStaticCall = (macro: string): boolean => STATIC_CALL.test(macro);

/** It puts its second argument under its first, a static call's name. */
export const UPDATES_STATIC_CALL = 'static_call_update';

/** The name of a static call whose key is this variable: `kvm_x86_run` of `__SCK__kvm_x86_run`; null where it is none. */
export const staticCallOf = (variable: string): string | null => /^__SCK__(\w+)$/.exec(variable)?.[1] ?? null;

/** Functions whose names say that they undo what another one did: what they are handed is put nowhere. */
const UNDOES =
  /(?:^|_)(?:un|de)register|(?:^|_)(?:un\w+|del|delete|remove|rm|destroy|free|exit|fini|cleanup|put|detach|release|cancel|flush|stop|disable)(?:_|$)/;

/** Does a function take back what it is handed, by its name? `platform_driver_unregister`, `list_del` */
export const takesBack = (fn: string): boolean => UNDOES.test(fn);

/** Does a function make what it is handed known to a core, by its name? `register_filesystem`, `__platform_driver_register` */
export const registers = (fn: string): boolean => /(?:^|_)register(?:_|$)/.test(fn);
