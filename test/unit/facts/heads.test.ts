import { expect, test } from 'vitest';
import { describeBoth } from './factsOf.ts';

describeBoth('heads of functions', (factsOf) => {
  test('a name that some configuration has a macro for', () => {
    const facts = factsOf(`#define remove_it(name, parent) do {} while (0)
#define DEFINE_IT(name) void name##_it(int a)
void remove_it(const char *name, struct dir *parent)
{
}
static DEFINE_IT(other)
{
}
struct x *remove_it(int a)
{
}
`);
    expect(facts.functions.map((f) => `${f.name}:${f.line}`)).toEqual(['remove_it:3', 'other_it:6', 'remove_it:9']);
  });

  test('a return type of a tag, a name that begins like an attribute', () => {
    const facts = factsOf('enum kind __kind_of(bool a, bool b)\n{\n}\nvoid next(void)\n{\n}\n');
    expect(facts.functions.map((f) => f.name)).toEqual(['__kind_of', 'next']);
  });

  test('attributes from macros leave the name alone', () => {
    const facts = factsOf(
      `static int __init my_init(void)
{
	return 0;
}
int __must_check my_copy(void __user *to, const void *from) { return 0; }
__unknown_attribute static void my_third(void) {}
static void __attribute__((noinline)) my_fourth(int a, ...) {}
static __always_inline bool my_fifth(bool (*test)(int), int x[4]) { return test(x[0]); }
asmlinkage __visible void my_sixth(void) {}`,
    );
    expect(
      facts.functions.map(
        (f) => `${f.returnType} ${f.name}(${f.params.map((p) => `${p.name}: ${p.type}`).join(', ')})`,
      ),
    ).toEqual([
      'int my_init()',
      'int my_copy(to: void *, from: const void *)',
      'void my_third()',
      'void my_fourth(a: int, ...: ...)',
      'bool my_fifth(test: bool (*)(int), x: int[4])',
      'void my_sixth()',
    ]);
  });

  test('conditions of a function, and #if in its head', () => {
    const facts = factsOf(`#ifdef CONFIG_SMP
void smp_only(void) {}
#endif
static int
#ifdef CONFIG_A
first(int a)
#else
second(int a, int b)
#endif
{
	return a;
}
void after(void) {}`);
    expect(facts.functions.map((f) => [f.name, f.condition])).toEqual([
      ['smp_only', 'defined(CONFIG_SMP)'],
      ['first', 'defined(CONFIG_A)'],
      ['second', '!defined(CONFIG_A)'],
      ['after', null],
    ]);
  });

  test('a whole head in each arm', () => {
    const facts = factsOf(`#ifdef CONFIG_A
static int first(int a)
#else
static long second(int a, int b)
#endif
{
	return a;
}
void after(void) {}`);
    expect(facts.functions.map((f) => [f.name, f.returnType, f.condition])).toEqual([
      ['first', 'int', 'defined(CONFIG_A)'],
      ['second', 'long', '!defined(CONFIG_A)'],
      ['after', 'void', null],
    ]);
  });

  test('the same head in each arm is there with its body, whichever arm counts; a macro may make it', () => {
    const facts = factsOf(`#define DEF(f, ...) long by_##f(void) { return do_##f(1); } static long do_##f(__VA_ARGS__)
#ifdef CONFIG_A
DEF(clone, int a, int b)
#else
DEF(clone, int a)
#endif
{
	return copy(a);
}
#ifdef CONFIG_A
int plain(int a)
#else
int plain(void)
#endif
{
	return copy(1);
}`);
    expect(facts.functions.map((f) => [f.name, f.condition])).toEqual([
      ['by_clone', null],
      ['do_clone', null],
      ['plain', null],
    ]);
    expect(facts.calls.map((c) => [facts.functions[c.function].name, c.names])).toEqual([
      ['by_clone', 'do_clone'],
      ['do_clone', 'copy'],
      ['plain', 'copy'],
    ]);
  });
});
