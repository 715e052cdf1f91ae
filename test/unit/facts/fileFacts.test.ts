import { expect, test } from 'vitest';
import { hashName } from '../../../server/src/syntax/tokens.ts';
import { describeBoth, inits, names, tables } from './factsOf.ts';

describeBoth('a file', (factsOf) => {
  test('what #if 0 hides is not there', () => {
    const facts = factsOf(`#if 0
void gone(void) {}
#else
void here(void) {}
#endif
#ifdef __ASSEMBLY__
void asm_only(void) {}
#endif
#ifdef __KERNEL__
void kernel_only(void) {}
#endif`);
    expect(facts.functions.map((f) => [f.name, f.condition])).toEqual([
      ['here', null],
      ['kernel_only', null],
    ]);
  });

  test('broken braces cost one function, not the file', () => {
    const facts = factsOf(`void first(void)
{
	if (x) {
}

static struct x_ops ops = { .open = my_open };

void second(void)
{
}
void third(void) { }`);
    expect(names(facts.functions)).toContain('second');
    expect(names(facts.functions)).toContain('third');
    expect(names(facts.functions)[0]).toBe('first');
    expect(tables(facts)).toEqual(['struct x_ops ops: .open = my_open']);
  });

  test('K&R-era and other odd declarations leave the neighbours alone', () => {
    const facts = factsOf(`@@@ nonsense ###;
int good_one(void) { return 0; }
EXPORT_SYMBOL(good_one);
MODULE_LICENSE("GPL")
int good_two(void) { return 0; }
EXPORT_SYMBOL_GPL(good_two)

int good_three(void) { return 0; }
DEFINE_MUTEX(lock)
static struct x_ops ops = { .a = fa };`);
    expect(names(facts.functions)).toEqual(['good_one', 'good_two', 'good_three']);
    expect(inits(facts, 'ops')).toEqual(['.a = fa']);
  });

  test('macros that are more than constants', () => {
    const facts = factsOf(`#define MAX_X 12
#define MASK (MAX_X | 0x80)
#define NAME "name"
#define do_it(a, b) really_do(a, b)
#define alias other_function
  #  define indented(x) x
`);
    expect(facts.macros).toEqual([
      { name: 'do_it', params: ['a', 'b'], calls: 'really_do', line: 4, column: 9 },
      { name: 'alias', params: null, calls: 'other_function', line: 5, column: 9 },
      { name: 'indented', params: ['x'], calls: '', line: 6, column: 13 },
    ]);
  });

  test('which macros of other files a file depends on', () => {
    const facts = factsOf('static struct x_ops ops = { A_PART(f) };\nint unused;', {
      headers: { 'include/linux/x.h': '#define A_PART(f) .open = f\n#define NOT_ASKED(f) f\n' },
    });
    expect(facts.macrosUsed).toEqual([hashName('A_PART')]);
  });
});
