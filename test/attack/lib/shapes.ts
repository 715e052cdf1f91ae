/**
 * Texts that nest, repeat or chain one construct: what a person never writes, a generator may and an attacker will. Each
 * is a function of a count, so that its cost can be compared between sizes.
 */

export interface Shape {
  name: string;
  path: string;
  make(n: number): string;
  /** the count at which the text is some hundred kilobytes to a few megabytes */
  full: number;
}

const times = (n: number, one: string | ((i: number) => string)): string =>
  Array.from({ length: n }, (_, i) => (typeof one === 'string' ? one : one(i))).join('');

const inFunction = (body: string, head = 'int run(struct node *p)'): string => `${head}\n{\n${body}\n}\n`;

const shape = (name: string, full: number, make: (n: number) => string, path = 'drivers/x/shape.c'): Shape => ({
  name,
  path,
  make,
  full,
});

const OPS = 'struct node_ops { int (*run)(int); int (*stop)(int); };\n';

/** Constructs of C. */
export const C_SHAPES: Shape[] = [
  shape('nested structs', 10_000, (n) => `${times(n, 'struct {\n')}int x;\n${times(n, '};\n')}`, 'include/linux/s.h'),
  shape(
    'nested tagged structs',
    10_000,
    (n) => `${times(n, (i) => `struct s${i} {\n`)}int x;\n${times(n, (i) => `} m${i};\n`)}`,
  ),
  shape('nested parentheses in a declarator', 20_000, (n) => `int ${times(n, '(')}x${times(n, ')')};\n`),
  shape('nested pointers to functions', 10_000, (n) => `${times(n, 'int (*')}f${times(n, ')(void)')};\n`),
  shape('nested parameters', 10_000, (n) => `void f(${times(n, 'int (*g)(')}int${times(n, ')')});\n`),
  shape('nested lists', 20_000, (n) => `int x[] = ${times(n, '{')}run${times(n, '}')};\n`),
  shape('nested designated lists', 10_000, (n) => `struct a x = ${times(n, '{ .m = ')}run${times(n, ' }')};\n`),
  shape('nested literals', 10_000, (n) => `struct a *x = ${times(n, '&(struct a){ .m = ')}run${times(n, ' }')};\n`),
  shape('parentheses around a value', 20_000, (n) => `void *x = ${times(n, '(')}&run${times(n, ')')};\n`),
  shape('casts before a value', 20_000, (n) => `void *x = ${times(n, '(void *)')}&run;\n`),
  shape('nested typeof', 10_000, (n) => `${times(n, 'typeof(')}int${times(n, ')')} x;\n`),
  shape('nested blocks', 10_000, (n) => inFunction(`${times(n, 'if (p) {\n')}p->run(p);${times(n, '}\n')}`)),
  shape('nested blocks with locals', 10_000, (n) =>
    inFunction(`${times(n, '{ struct node *q = p;\n')}q->run(q);${times(n, '}\n')}`),
  ),
  shape('else if', 20_000, (n) => inFunction(`${times(n, (i) => `if (p->a == ${i}) p->run(p); else `)};`)),
  shape('nested calls', 50_000, (n) => inFunction(`${times(n, 'f(')}p${times(n, ')')};`)),
  shape('nested member calls', 20_000, (n) => inFunction(`${times(n, 'p->f(')}p${times(n, ')')};`)),
  shape('nested calls with members', 10_000, (n) => inFunction(`${times(n, 'g(')}p${times(n, ')->f(p)')};`)),
  shape('chained members', 50_000, (n) => inFunction(`p${times(n, '->next')}->run(p);`)),
  shape('chained calls', 20_000, (n) => inFunction(`p${times(n, '->next(p)')};`)),
  shape('chained indices', 20_000, (n) => inFunction(`p${times(n, '[0](1)')};`)),
  shape('chained results', 20_000, (n) => inFunction(`p${times(n, '(1)')};`)),
  shape('stray closers before calls', 20_000, (n) => inFunction(times(n, 'p))(q '))),
  shape('unclosed calls', 20_000, (n) => inFunction(times(n, 'f( '))),
  shape('unclosed member calls', 20_000, (n) => inFunction(times(n, 'p->f( '))),
  shape('unclosed calls outside', 20_000, (n) => times(n, 'f( ')),
  shape('unclosed calls outside, statements', 20_000, (n) => times(n, 'f(; ')),
  shape('unclosed blocks', 20_000, (n) => times(n, (i) => `int f${i}(void) {\n`)),
  shape('unclosed strings', 20_000, (n) => times(n, 'x = "abc\n')),
  shape('unclosed comments', 50_000, (n) => `int x; ${times(n, '/* ')}`),
  shape('one line of comments', 100_000, (n) => `int x; ${times(n, '/* a */ ')}`),
  shape('stray closers', 50_000, (n) => times(n, ') } ] ')),
  shape('assignments in a chain', 20_000, (n) => inFunction(`${times(n, 'p->f = ')}run;`)),
  shape('assignments of a local in a chain', 20_000, (n) => inFunction(`int (*q)(int); q(1); ${times(n, 'q = ')}run;`)),
  shape('choices in a chain', 20_000, (n) => inFunction(`p->f = ${times(n, (i) => `p->a == ${i} ? run${i} : `)}run;`)),
  shape('choices in a receiver', 20_000, (n) => inFunction(`(${times(n, (i) => `p->a == ${i} ? p : `)}p)->run(p);`)),
  shape(
    'choices in a table',
    20_000,
    (n) => `${OPS}struct node_ops x = { .run = ${times(n, (i) => `A${i} ? run${i} : `)}run };\n`,
  ),
  shape('unary operators', 50_000, (n) => inFunction(`(${times(n, '*')}p)->run(p); p->f = ${times(n, '!')}run;`)),
  shape('commas', 50_000, (n) => inFunction(`${times(n, (i) => `p->f${i} = run${i}, `)}p;`)),
  shape('pointer locals', 50_000, (n) => inFunction(times(n, (i) => `struct node *q${i} = p; q${i}->run(p);\n`))),
  shape('pointers to functions as locals', 20_000, (n) =>
    inFunction(times(n, (i) => `int (*q${i})(int) = p->run; q${i}(1);\n`)),
  ),
  shape('locals of one statement', 20_000, (n) =>
    inFunction(`struct node ${times(n, (i) => `*q${i}, `)}*q;\n${times(n, (i) => `q${i}->run(p);\n`)}`),
  ),
  shape('pointers to functions of one statement', 20_000, (n) =>
    inFunction(`int ${times(n, (i) => `(*q${i})(int), `)}(*q)(int);\n${times(n, (i) => `q${i}(1);\n`)}`),
  ),
  shape('one name in many blocks', 20_000, (n) => inFunction(times(n, '{ struct node *q = p; q->run(q); }\n'))),
  shape('one static name in many blocks', 20_000, (n) => inFunction(times(n, '{ static int q; p->f = q; }\n'))),
  shape('a local put into itself', 20_000, (n) =>
    inFunction(`int (*a)(int), (*b)(int);\n${times(n, 'a = b; b = a;\n')}a(1);`),
  ),
  shape('locals put into each other', 20_000, (n) =>
    inFunction(`int (*a)(int), (*b)(int);\n${times(n, 'a = b; b = a; a(1);\n')}`),
  ),
  shape('parameters', 50_000, (n) => inFunction('p1(1);', `int run(${times(n, (i) => `int (*p${i})(int), `)}int x)`)),
  shape('parameters that are called', 10_000, (n) =>
    inFunction(
      times(n, (i) => `p${i}(1); q->f = p${i};\n`),
      `int run(${times(n, (i) => `int (*p${i})(int), `)}int x)`,
    ),
  ),
  shape('arguments', 50_000, (n) => inFunction(`f(${times(n, (i) => `run${i}, `)}p);`)),
  shape('members', 50_000, (n) => `struct s {\n${times(n, (i) => `int (*f${i})(int);\n`)}};\n`, 'include/linux/s.h'),
  shape(
    'members that are called',
    20_000,
    (n) =>
      `struct node {\n${times(n, (i) => `int (*f${i})(int);\n`)}};\n${inFunction(times(n, (i) => `p->f${i}(1);\n`))}`,
  ),
  shape(
    'unnamed members that are called',
    5000,
    (n) =>
      `struct node {\n${times(n, (i) => `struct { int (*f${i})(int); };\n`)}};\n${inFunction(times(n, (i) => `p->f${i}(1);\n`))}`,
  ),
  shape(
    'members by position',
    20_000,
    (n) =>
      `struct s { struct { int a; } in;\n${times(n, (i) => `int (*f${i})(int);\n`)}};\nstruct s x = { { 1 }, ${times(n, (i) => `run${i}, `)} };\n`,
  ),
  shape(
    'structs in structs by powers',
    12,
    (n) =>
      `struct s0 { ${times(20, (j) => `int m${j}; `)} };\n${times(n, (i) => `struct s${i + 1} { ${times(20, (j) => `struct s${i} m${j}; `)} };\n`)}struct s${n} x = { run, run, run };\n`,
  ),
  shape('declarators', 50_000, (n) => `int ${times(n, (i) => `x${i} = 1, `)}x;\n`),
  shape('prototypes', 50_000, (n) => times(n, (i) => `int f${i}(int a, struct node *b);\n`), 'include/linux/s.h'),
  shape('type words', 50_000, (n) => `${times(n, 'long ')} x;\n`),
  shape('stars', 50_000, (n) => `int ${times(n, '*')}x;\n`),
  shape(
    'stars that are called',
    10_000,
    (n) => `struct node { struct node ${times(n, '*')}q; };\n${inFunction(times(n, '(*p->q)->run(1);\n'))}`,
  ),
  shape('dimensions', 20_000, (n) => `int x${times(n, '[2]')};\n`),
  shape('attributes', 20_000, (n) => `int x ${times(n, '__attribute__((unused)) ')};\n`),
  shape('small structs', 50_000, (n) => times(n, (i) => `struct s${i} { int a; };\n`), 'include/linux/s.h'),
  shape(
    'documented structs',
    20_000,
    (n) => times(n, (i) => `/**\n * struct s${i} - one\n * @a: first\n */\nstruct s${i} { int a; };\n`),
    'include/linux/s.h',
  ),
  shape(
    'one struct over and over',
    20_000,
    (n) => `${times(n, 'struct node { int (*run)(int); };\n')}${inFunction('p->run(1);')}`,
  ),
  shape(
    'one typedef over and over',
    20_000,
    (n) => `${times(n, 'typedef struct node t;\n')}${inFunction(times(n, '((t *)p)->run(1);\n'))}`,
  ),
  shape(
    'typedefs in a chain',
    20_000,
    (n) =>
      `typedef struct node t0;\n${times(n, (i) => `typedef t${i} *t${i + 1};\n`)}${inFunction(`t${n} q; q->run(1);`)}`,
  ),
  shape('functions', 50_000, (n) =>
    times(n, (i) => `static int f${i}(struct node *p)\n{\n\treturn p->run(${i});\n}\n`),
  ),
  shape('functions in one #if', 10_000, (n) =>
    times(n, (i) => `#ifdef A${i}\nint f${i}(int a)\n#else\nint f${i}(long a)\n#endif\n{\n\treturn a;\n}\n`),
  ),
  shape('functions of one name', 10_000, (n) => times(n, 'static int f(struct node *p)\n{\n\treturn p->run(1);\n}\n')),
  shape('cases', 50_000, (n) => inFunction(`switch (p->a) {\n${times(n, (i) => `case ${i}: p->run(p); break;\n`)}}`)),
  shape('labels', 50_000, (n) => inFunction(`${times(n, (i) => `l${i}: `)};`)),
  shape('enumerators', 100_000, (n) => `enum e { ${times(n, (i) => `E${i}, `)} };\n`, 'include/linux/s.h'),
  shape('elements', 200_000, (n) => `${OPS}int (*x[])(int) = { ${times(n, (i) => `run${i}, `)} };\n`),
  shape(
    'elements without commas',
    20_000,
    (n) => `${OPS}struct node_ops x = { ${times(n, (i) => `.m${i} = run${i} `)} };\n`,
  ),
  shape('tables', 20_000, (n) => `${OPS}${times(n, (i) => `static struct node_ops x${i} = { .run = run${i}, };\n`)}`),
  shape(
    'values that need the parser',
    20_000,
    (n) =>
      `${OPS}${times(n, (i) => `static struct node_ops x${i} = { .run = A + run${i} * 2, .stop = "a" "b" run };\n`)}`,
  ),
  shape('faults', 10_000, (n) => inFunction(times(n, (i) => `p->f = (struct ${i} ; p->g = run${i} run;\n`))),
  shape('semicolons in a macro call', 50_000, (n) => `TRACE(${times(n, 'a = b; ')});\n`),
  shape('calls on lines of their own', 20_000, (n) => `foo(${times(n, 'a ')})\n${times(n, 'x()\n')}`),
  shape(
    'const structs',
    20_000,
    (n) => `${times(n, (i) => `struct s${i} { const struct t${i} *ops; };\n`)}${inFunction(times(n, 'g(p->ops);\n'))}`,
  ),
  shape(
    'pointers to functions and no struct',
    50_000,
    (n) => times(n, (i) => `int (*f${i})(int);\n`),
    'include/linux/s.h',
  ),
  shape(
    'pointers to functions far behind a struct',
    50_000,
    (n) => `\nstruct s { int a; };\n${times(n, (i) => `int (*f${i})(int);\n`)}`,
    'include/linux/s.h',
  ),
  shape('unclosed dimensions of pointers', 50_000, (n) => times(n, '(*f[ '), 'include/linux/s.h'),
  shape(
    'stars in a comment',
    50_000,
    (n) => `/**\n * struct s - one\n * @a: ${times(n, '*')} b\n */\nstruct s { int a; };\n`,
  ),
];

/** Constructs of the preprocessor. */
export const PREPROCESSOR_SHAPES: Shape[] = [
  shape(
    '#elif',
    20_000,
    (n) => `#if A\nint x;\n${times(n, (i) => `#elif defined(B${i}) && C > ${i}\nint x${i};\n`)}#endif\n`,
  ),
  shape(
    '#elif in a header',
    20_000,
    (n) =>
      `#ifndef S_H\n#define S_H\n#if A\n#define M(x) x\n${times(n, (i) => `#elif defined(B${i})\n#define M(x) x + ${i}\n`)}#endif\n#endif\n`,
    'include/linux/s.h',
  ),
  shape('nested #if', 20_000, (n) => `${times(n, (i) => `#if A${i}\nint x${i};\n`)}${times(n, '#endif\n')}`),
  shape('nested #if in a function', 20_000, (n) =>
    inFunction(`${times(n, (i) => `#if A${i}\np->run(${i});\n`)}${times(n, '#endif\n')}`),
  ),
  shape(
    '#if in a table',
    20_000,
    (n) => `${OPS}struct node_ops x[] = {\n${times(n, (i) => `#ifdef A${i}\n{ .run = run${i} },\n#endif\n`)}};\n`,
  ),
  shape('unclosed #if', 20_000, (n) => times(n, (i) => `#ifdef A${i}\nint x${i};\n`)),
  shape('a long #if', 50_000, (n) => `#if ${times(n, (i) => `defined(A${i}) || `)}B\nint x;\nint y;\n#endif\n`),
  shape(
    'a long #if over many',
    5000,
    (n) =>
      `#if ${times(n, (i) => `defined(A${i}) || `)}B\n${times(n, (i) => `int f${i}(void) { return 1; }\n`)}#endif\n`,
  ),
  shape('#if of parentheses', 50_000, (n) => `#if ${times(n, '(')}1${times(n, ')')}\nint x;\n#endif\n`),
  shape('escaped quotes in a directive', 100_000, (n) => `#define X ${times(n, '\\"')} /* a */\nint x;\n`),
  shape('quotes in a directive', 100_000, (n) => `#error ${times(n, '\\\' \\" ')} /* a */\nint x;\n`),
  shape('blanks in a directive', 200_000, (n) => `#if ${times(n, ' ')}x\nA(b)\nC(d)\n#endif\n`, 'include/linux/s.h'),
  shape('a long #include', 100_000, (n) => `#include ${times(n, 'a')}\nint x;\n`),
  shape('#includes', 50_000, (n) => times(n, '#include "shape.c"\n')),
  shape(
    'macros that double',
    30,
    (n) =>
      `#define A0 x x\n${times(n, (i) => `#define A${i + 1} A${i} A${i}\n`)}int v = A${n};\n${inFunction(`A${n};`)}`,
  ),
  shape(
    'macros that double, over and over',
    2000,
    (n) =>
      `#define A0 x x\n${times(24, (i) => `#define A${i + 1} A${i} A${i}\n`)}${times(n, (i) => `int v${i} = A24;\n`)}`,
  ),
  shape(
    'macros that double in a body',
    2000,
    (n) =>
      `#define A0 p->f(1);\n${times(24, (i) => `#define A${i + 1} A${i} A${i}\n`)}${inFunction(times(n, 'p->g = A24;\n'))}`,
  ),
  shape(
    'macros that double their arguments',
    2000,
    (n) =>
      `#define A0(x) x x\n${times(16, (i) => `#define A${i + 1}(x) A${i}(x) A${i}(x)\n`)}${times(n, (i) => `A16(int v${i};)\n`)}`,
  ),
  shape(
    'nested uses of a macro',
    5000,
    (n) => `#define F(x) (x)\n${inFunction(`p->g = ${times(n, 'F(')}run${times(n, ')')};`)}`,
  ),
  shape(
    'nested uses of a doubling macro',
    5000,
    (n) => `#define F(x) x, x\n${inFunction(`p->g = ${times(n, 'F(')}run${times(n, ')')};`)}`,
  ),
  shape(
    'nested uses of a macro that calls',
    5000,
    (n) => `#define F(x) (x)->f(1)\n${inFunction(`${times(n, 'F(')}p${times(n, ')')};`)}`,
  ),
  shape(
    'macros that open parentheses',
    5000,
    (n) => `#define F g(\n#define g(x) x\n${inFunction(`p->f = ${times(n, 'F ')};`)}`,
  ),
  shape(
    'macros in a chain',
    20_000,
    (n) => `#define A0 run\n${times(n, (i) => `#define A${i + 1} A${i}\n`)}void *x = A${n};\n`,
  ),
  shape(
    'macros with arguments in a chain',
    20_000,
    (n) =>
      `#define A0(x) run\n${times(n, (i) => `#define A${i + 1}(x) A${i}(x)\n`)}${inFunction(`p->f = A${n}(1); A${n}(p);`)}`,
  ),
  shape('one macro over and over', 20_000, (n) =>
    times(n, (i) => `#define M(x) x + ${i}\nint x${i} = M(1);\n#undef M\n`),
  ),
  shape(
    'parameters of a macro',
    20_000,
    (n) =>
      `#define M(${times(n, (i) => `a${i}, `)}z) ${times(n, (i) => `a${i}->f(1) `)}\n${inFunction(`M(${times(n, 'p, ')}p);`)}`,
  ),
  shape('calls in a macro', 10_000, (n) => `#define M(x) ${times(n, (i) => `f${i}(x); `)}\n${inFunction('M(p);')}`),
  shape('callees in a macro', 20_000, (n) => `#define M(x) ${times(n, ')(')}\n${inFunction('M(p);')}`),
  shape(
    'assignments in a macro',
    20_000,
    (n) => `#define M(x) ${times(n, (i) => `x->a${i} = B; `)}\n${inFunction('M(p); M(run);')}`,
  ),
  shape(
    'nested parentheses in a macro',
    20_000,
    (n) => `#define M(x) ${times(n, '(')}x${times(n, ')')}\n${inFunction('p->f = M(run); M(p)->run(1);')}`,
  ),
  shape(
    'members in a macro',
    20_000,
    (n) => `#define M(x) x${times(n, '->a')}\n${inFunction('p->f = M(run); M(p)->run(1);')}`,
  ),
  shape(
    'strings of arguments',
    5000,
    (n) => `#define M(x) ${times(n, '#x ')}\n${times(n, (i) => `M(a${i}) `)}\nint x[] = { M(${times(n, 'b ')}) };\n`,
  ),
  shape('pasted arguments', 5000, (n) => `#define M(x) ${times(n, 'x##a ')}\nint x[] = { M(${times(n, 'b ')}) };\n`),
  shape('a name pasted together', 5000, (n) => `#define M(x) x${times(n, '##1')} 1${times(n, '##1')}\nint x = M(2);\n`),
  shape(
    'macros that name macros',
    2000,
    (n) =>
      `${times(n, (i) => `#define B${i} ${i}\n`)}#define M(x) ${times(n, (i) => `B${i} + `)}x\nstruct s x[] = {\n${times(n, '{ M(1), },\n')}};\n`,
  ),
  shape('#defines', 50_000, (n) => times(n, (i) => `#define M${i}(x) f${i}(x)\n`), 'include/linux/s.h'),
  shape('names split over lines', 10_000, (n) => times(n, (i) => `#define A\\\nB${i}(x) f(x)\n`)),
  shape(
    'macros of macros of macros',
    300,
    (n) =>
      `#include "trace/define_trace.h"\n${times(5, (k) => `#define L${k}(x) ${times(n, k < 4 ? `L${k + 1}(x) ` : 'x ')}\n`)}${times(10, (i) => `L0(a${i})\n`)}`,
    'include/trace/events/s.h',
  ),
  shape('names in a header with parameters', 20_000, (n) => times(n, 'FNAME( '), 'include/linux/s.h'),
];

/** Assembly. */
export const ASSEMBLY_SHAPES: Shape[] = [
  shape('capitals', 50_000, (n) => `${times(n, 'ENTRY')}\n`, 'arch/x86/s.S'),
  shape('labels', 50_000, (n) => times(n, (i) => `.globl l${i}\nl${i}:\n`), 'arch/x86/s.S'),
];

const FRAME = (i: number): string => ` ext4_f${i}+0x1${i % 10}/0x300 [ext4]\n`;

/** Pasted texts. */
export const TRACE_SHAPES: Shape[] = [
  shape('frames of one stack', 200_000, (n) => `Call Trace:\n${times(n, FRAME)}`),
  shape('recursion', 200_000, (n) => `Call Trace:\n${times(n, ' same_function+0x12/0x300\n')}`),
  shape('stacks', 50_000, (n) => times(n, (i) => `Call Trace:\n${FRAME(i)}${FRAME(i + 1)} vfs_read+0x10/0x20\n`)),
  shape('the same stacks', 50_000, (n) => times(n, 'Call Trace:\n a+0x1/0x2\n b+0x1/0x2\n vfs_read+0x10/0x20\n')),
  shape('stacks that part everywhere', 300, (n) =>
    times(n, (i) => `Call Trace:\n${times(i, ' same+0x1/0x2\n')} end${i}+0x1/0x2\n`),
  ),
  shape(
    'places among frames',
    50_000,
    (n) => `Call Trace:\n${times(n, (i) => ` f${i}+0x1/0x2\nBUG: KASAN: bad in g${i}+0x1/0x2\n`)}`,
  ),
  shape('places alone', 50_000, (n) =>
    times(n, (i) => `Preemption disabled at:\n[<ffffffff81234567>] g${i}+0x1/0x2\n`),
  ),
  shape(
    'places of one stack',
    50_000,
    (n) => `3 locks held by a/1:\n${times(n, (i) => ` #${i % 9}: (&x){+.+.}, at: g${i}+0x1/0x2\n`)}`,
  ),
  shape('registers', 50_000, (n) => `Call Trace:\n${times(n, (i) => ` f${i}+0x1/0x2\nRIP: 0010:g${i}+0x1/0x2\n`)}`),
  shape('callers on arm', 50_000, (n) =>
    times(n, (i) => `[<c0123456>] (f${i}) from [<c0123456>] (f${i + 1}+0x1/0x2)\n`),
  ),
  shape(
    'places of one CPU',
    50_000,
    (n) => `Call Trace:\n${times(n, (i) => `pc : g${i}+0x1/0x2\nlr : g${i}+0x1/0x2\n`)}`,
  ),
  shape('callers on a 64-bit arm', 50_000, (n) => `pc : a+0x1/0x2\n${times(n, (i) => ` f${i} from b${i}+0x1/0x2\n`)}`),
  shape('frames of GDB', 50_000, (n) => times(n, (i) => `#${i}  0xffffffff81000000 in f${i} (a=1) at fs/x.c:${i}\n`)),
  shape('wrapped frames of GDB', 5000, (n) =>
    times(n, (i) => `#${i % 90}  0xffffffff81000000 in f${i} (a=1, b="${'x'.repeat(200)}\n  ${'y'.repeat(200)}\n`),
  ),
  shape('one frame of GDB, never closed', 50_000, (n) => `#0  f (a=1,\n${times(n, 'b=(\n')}`),
  shape('numbers alone', 50_000, (n) => times(n, (i) => `#${i % 90}  f${i} (\n`)),
  shape('function graph', 50_000, (n) =>
    times(n, (i) => ` ${i % 4})   1.000 us    |  ${'  '.repeat(i % 30)}f${i}();\n`),
  ),
  shape('function tracer', 50_000, (n) => times(n, (i) => `  cat-123   [001] d..2.  9.${100000 + i}: f${i} <-g${i}\n`)),
  shape('kprobes', 50_000, (n) =>
    times(n, (i) => `  cat-123   [001] d..2.  9.${100000 + i}: p_f: (f${i}+0x0/0x310)\n`),
  ),
  shape('perf', 50_000, (n) =>
    times(n, (i) => `cat  1234 [001] 12.345: 250000 cycles:\n\tffffffff81234567 f${i}+0x9f ([kernel.kallsyms])\n\n`),
  ),
  shape('bpftrace', 50_000, (n) => `@[\n${times(n, (i) => `    f${i}+1\n`)}]: 12\n`),
  shape('names alone', 100_000, (n) => times(n, (i) => `  ext4_f${i}\n`)),
  shape('titles', 50_000, (n) => times(n, 'Call Trace:\n')),
  shape('callers', 50_000, (n) => times(n, (i) => `[  1.000000][T${i}] f${i}+0x1/0x2\n`)),
  shape('stamps on one line', 2000, (n) => times(n, '[    1.000000] a+0x1/0x2 ')),
  shape('quoting', 2000, (n) => times(n, (i) => `${'> '.repeat(60)}f${i}+0x1/0x2\n`)),
  shape('one long line', 1_000_000, (n) => times(n, 'a+0x1/0x2 ')),
  shape('blank lines', 500_000, (n) => times(n, '\n')),
  shape('words', 200_000, (n) => times(n, 'a word -> and & another <b> [c] (d)\n')),
];

/** Mailed patches. */
export const PATCH_SHAPES: Shape[] = [
  shape(
    'hunks',
    100_000,
    (n) => `--- a/mm/x.c\n+++ b/mm/x.c\n${times(n, (i) => `@@ -${i + 1},2 +${i + 1},2 @@ f${i}\n a\n-b\n+c\n`)}`,
  ),
  shape('files', 50_000, (n) =>
    times(
      n,
      (i) => `diff --git a/mm/x${i}.c b/mm/x${i}.c\n--- a/mm/x${i}.c\n+++ b/mm/x${i}.c\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n`,
    ),
  ),
  shape('files without hunks', 100_000, (n) => times(n, (i) => `diff --git a/mm/x${i}.c b/mm/x${i}.c\n`)),
  shape(
    'hunks that promise too much',
    20_000,
    (n) => `--- a/mm/x.c\n+++ b/mm/x.c\n${times(n, '@@ -1,999999 +1,999999 @@\n a\nb c\n')}`,
  ),
  shape(
    'damaged hunks',
    20_000,
    (n) => `--- a/mm/x.c\n+++ b/mm/x.c\n${times(n, '@@ -1,9 +1,9 @@\n a\nwrapped\n+b\n-c\n')}`,
  ),
  shape(
    'one long damaged hunk',
    100_000,
    (n) => `--- a/mm/x.c\n+++ b/mm/x.c\n@@ -1,${2 * n} +1,${2 * n} @@\n${times(n, ' a\nwrapped rest\n')}`,
  ),
  shape(
    'hunks under other quoting',
    2000,
    (n) => `> --- a/mm/x.c\n> +++ b/mm/x.c\n${times(n, (i) => `> @@ -1,9 +1,9 @@\n${i % 3 ? '' : 'a word\n'}> a\n`)}`,
  ),
  shape(
    'a comment under one quoted hunk',
    100_000,
    (n) => `> --- a/mm/x.c\n> +++ b/mm/x.c\n${times(n, '> @@ -1,9 +1,9 @@\n')}${times(n, 'a word\n')}`,
  ),
  shape('folded subjects', 100_000, (n) => `Subject: a\n${times(n, '  more\n')}`),
  shape('soft line breaks', 100_000, (n) => `Content-Transfer-Encoding: quoted-printable\n${times(n, 'a=\n')}`),
  shape('subjects', 100_000, (n) => times(n, (i) => `Subject: [PATCH] ${i}\n`)),
];
