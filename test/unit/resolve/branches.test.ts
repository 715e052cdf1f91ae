import { describe, expect, test } from 'vitest';
import { testsAround, withoutSlot } from '../../../server/src/resolve/branches.ts';
import { tokenize } from '../../../server/src/syntax/tokens.ts';

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
    return withoutSlot(tokens, fn, 'fault')?.text ?? null;
  };

  test('by an if, either way round', () => {
    expect(without('if (!vma->vm_ops->fault) {\n ret = SIGBUS;\n goto out;\n}\nreturn vma->vm_ops->fault(vmf);')).toBe(
      'ret = SIGBUS',
    );
    expect(without('if (vma->vm_ops->fault == NULL)\n return 0;')).toBe('return 0');
    expect(without('if (ops && ops->fault)\n ops->fault(vmf);\nelse\n fallback(vmf);')).toBe('fallback(vmf)');
    expect(without('if (ops->fault)\n ops->fault(vmf);')).toBe('');
  });

  test('by a choice', () => {
    expect(without('return ops->fault ? ops->fault(vmf) : default_fault(vmf, 1);')).toBe('default_fault(vmf, 1)');
  });

  test('a call asks for nothing', () => {
    expect(without('if (ops->fault(vmf))\n return 1;')).toBeNull();
    expect(without('return 0;')).toBeNull();
  });
});
