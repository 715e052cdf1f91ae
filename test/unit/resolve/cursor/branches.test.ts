import { describe, expect, test } from 'vitest';
import { testsAround } from '../../../../server/src/resolve/cursor/branches.ts';
import { withoutSlot } from '../../../../server/src/resolve/slots/nullChecks.ts';
import { tokenize } from '../../../../server/src/syntax/tokens.ts';

/** Tokens of a function that has these lines as its body, and the line that holds `@`. */
function body(text: string) {
  const whole = `int f(struct x *x)\n{\n${text}\n}\n`;
  const lines = whole.split('\n');
  const line = lines.findIndex((l) => l.includes('@')) + 1;
  const column = line ? lines[line - 1].indexOf('@') + 1 : 1;
  return {
    tokens: tokenize(Buffer.from(whole.replace('@', ' '))),
    fn: { line: 1, endLine: lines.length - 1 },
    line,
    column,
  };
}

const around = (text: string): string[] => {
  const { tokens, fn, line, column } = body(text);
  return testsAround(tokens, fn, line, column).map((t) => `${t.holds ? 'if' : 'unless'} ${t.text}`);
};

describe('tests around a place', () => {
  test('then, else, nested, with and without braces', () => {
    expect(around('if (IS_DAX(inode))\n a = 1;\nelse\n @ops = &plain;')).toEqual(['unless IS_DAX(inode)']);
    expect(around('if (unlikely(a  &&\n b)) {\n if (c) x(); else { @ops = &plain; }\n}')).toEqual([
      'unless c',
      'if a && b',
    ]);
    expect(around('if (a)\n return 1;\n@ops = &plain;')).toEqual([]);
  });

  test('else if, loops and blocks of macros', () => {
    expect(around('if (a)\n x();\nelse if (b)\n @y();\nelse\n z();')).toEqual(['if b', 'unless a']);
    expect(around('if (a)\n list_for_each_entry(p, q, list) {\n  x();\n  @y();\n }\nz();')).toEqual(['if a']);
    expect(around('if (a)\n for (i = 0; i < 3; i++)\n  x();\n@y();')).toEqual([]);
    expect(around('do {\n if (a)\n  x();\n} while (0);\n@y();')).toEqual([]);
  });
});

describe('what runs without a slot', () => {
  const without = (text: string) => {
    const { tokens, fn } = body(text);
    const found = withoutSlot(tokens, fn, 'fault');
    if (!found?.where) return found?.text ?? null;
    return `${found.where.holds ? 'where' : 'unless'} ${found.where.text}: ${found.text}`;
  };

  test('by an if, either way round', () => {
    expect(without('if (!vma->vm_ops->fault) {\n ret = SIGBUS;\n goto out;\n}\nreturn vma->vm_ops->fault(vmf);')).toBe(
      'ret = SIGBUS',
    );
    expect(without('if (vma->vm_ops->fault == NULL)\n return 0;')).toBe('return 0');
    expect(without('if (ops && ops->fault)\n ops->fault(vmf);\nelse\n fallback(vmf);')).toBe('fallback(vmf)');
    expect(without('if (ops->fault)\n ops->fault(vmf);')).toBe('');
  });

  test('with further terms: the slot alone decides, or the whole test is told', () => {
    expect(without('if (!ops || !ops->fault)\n return 1;')).toBe('return 1');
    expect(without('if (likely(!ops->fault || late))\n return 1;')).toBe('return 1');
    expect(without('if (!ops->fault && !x->eof)\n return 1;')).toBe('where !ops->fault && !x->eof: return 1');
    expect(without('if (ops->fault || x->eof)\n a();\nelse\n b();')).toBe('unless ops->fault || x->eof: b()');
    expect(without('if (!(ops && ops->fault))\n return 1;')).toBe('return 1');
    expect(without('if (!ops->fault && !ops->fault)\n return 1;')).toBe('return 1');
    expect(without('return a || x->fault ? x->fault() : 1;')).toBe('unless a || x->fault: 1');
  });

  test('what follows an if that leaves', () => {
    expect(without('if (ops->fault)\n return ops->fault(vmf);\nreturn generic(vmf);')).toBe('return generic(vmf)');
    expect(without('if (ops->fault) {\n x();\n goto out;\n}\nif (a) b();')).toBe('if (a) b()');
    expect(without('while (1) {\n if (ops->fault)\n  break;\n}\nb();')).toBe('');
  });

  test('other questions about a slot are no test for NULL', () => {
    expect(without('if (ops->fault != plain_fault)\n return 1;')).toBeNull();
    expect(without('if (is_ours(ops->fault))\n return 1;')).toBeNull();
    expect(without('if (NULL == x[1].ops->fault)\n return 1;')).toBe('return 1');
    expect(without('if (0 != (ops->fault))\n a();')).toBe('');
  });

  test('by a choice', () => {
    expect(without('x = !ops->fault ? plain(vmf) : ops->fault(vmf);')).toBe('plain(vmf)');
    expect(without('return f(a, ops->fault != NULL ? ops->fault(vmf) : 0, b);')).toBe('0');
    expect(without('return ops->fault ? ops->fault(vmf) : default_fault(vmf, 1);')).toBe('default_fault(vmf, 1)');
  });

  test('a call asks for nothing', () => {
    expect(without('if (ops->fault(vmf))\n return 1;')).toBeNull();
    expect(without('return 0;')).toBeNull();
  });
});
