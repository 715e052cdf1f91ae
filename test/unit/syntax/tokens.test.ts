import { describe, expect, test } from 'vitest';
import { directiveEnd, Kind, tokenize, tokenText } from '../../../server/src/syntax/tokens.ts';

const tokensOf = (text: string | Buffer) => tokenize(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
const texts = (text: string) => {
  const tokens = tokensOf(text);
  return Array.from({ length: tokens.count }, (_, i) => tokenText(tokens, i));
};
const kinds = (text: string) => {
  const tokens = tokensOf(text);
  return [...tokens.kind.subarray(0, tokens.count)];
};
const lines = (text: string) => {
  const tokens = tokensOf(text);
  return Array.from({ length: tokens.count }, (_, i) => `${tokens.line[i]} ${tokenText(tokens, i)}`);
};

describe('tokens', () => {
  test('names, numbers, literals, operators', () => {
    expect(texts('a->b = c[0x1F] + L"x" + 1.5e-3f; x++ <<= ~y;')).toEqual([
      ...[
        'a',
        '->',
        'b',
        '=',
        'c',
        '[',
        '0x1F',
        ']',
        '+',
        'L"x"',
        '+',
        '1.5e-3f',
        ';',
        'x',
        '++',
        '<<=',
        '~',
        'y',
        ';',
      ],
    ]);
    expect(kinds('-> ... ++ -- == != <= >= && || << >> += <<= ##')).toEqual([
      Kind.Arrow,
      Kind.Ellipsis,
      Kind.Increment,
      Kind.Decrement,
      Kind.Compare,
      Kind.Compare,
      Kind.Compare,
      Kind.Compare,
      Kind.LogicalAnd,
      Kind.LogicalOr,
      Kind.Shift,
      Kind.Shift,
      Kind.CompoundAssign,
      Kind.CompoundAssign,
      Kind.Paste,
    ]);
    expect(kinds('a 1 "s" \'c\' ;')).toEqual([Kind.Identifier, Kind.Number, Kind.String, Kind.Character, 0x3b]);
  });

  test('a range without blanks is three tokens', () => {
    expect(texts('[1...5] [A...B] case 0x10...0x1f:')).toEqual([
      ...['[', '1', '...', '5', ']', '[', 'A', '...', 'B', ']', 'case', '0x10', '...', '0x1f', ':'],
    ]);
  });

  test('a hexadecimal number that ends in e takes no sign along', () => {
    expect(texts('0xe+1 1e+1')).toEqual(['0xe', '+', '1', '1e+1']);
  });

  test('comments are no tokens, and lines count through them', () => {
    expect(lines('a /* x\n y */ b // c\nd /**/ e')).toEqual(['1 a', '2 b', '3 d', '3 e']);
  });

  test('literals with escapes, quotes and comments inside', () => {
    expect(texts(String.raw`"a\"b" '\'' "/* no */" '"' "\\" x`)).toEqual([
      ...[String.raw`"a\"b"`, String.raw`'\''`, '"/* no */"', `'"'`, String.raw`"\\"`, 'x'],
    ]);
  });

  test('directives are one token each, with their continuation lines', () => {
    expect(lines('#define A(x) \\\n\tb; \\\n\tc\nd\n  # if X /* two\nlines */ && Y\ne')).toEqual([
      '1 #define A(x) \\\n\tb; \\\n\tc',
      '4 d',
      '5 # if X /* two\nlines */ && Y',
      '7 e',
    ]);
  });

  test('a # in a line is no directive', () => {
    expect(kinds('a # b')).toEqual([Kind.Identifier, 0x23, Kind.Identifier]);
  });

  test('CRLF', () => {
    expect(lines('a\r\n#define X \\\r\n 1\r\nb\r\n')).toEqual(['1 a', '2 #define X \\\r\n 1\r', '4 b']);
  });

  test('a continuation between tokens', () => {
    expect(lines('a \\\nb \\\r\nc')).toEqual(['1 a', '2 b', '3 c']);
  });

  test('kernel-doc comments are noted, others are not', () => {
    const tokens = tokensOf('/** doc */ a /* no */ b /**/ c /*** no */ /** two\n */');
    const found = [];
    for (let i = 0; i < tokens.docs.length; i += 2) found.push(tokens.text.slice(tokens.docs[i], tokens.docs[i + 1]));
    expect(found).toEqual(['/** doc */', '/** two\n */']);
  });
});

describe('any bytes', () => {
  test('none', () => {
    expect(tokensOf('')).toMatchObject({ count: 0, text: '', lines: 1, docs: [] });
  });

  test('Latin-1 letters belong to names, NUL and control characters stand alone', () => {
    expect(texts('gr\xfc\xdfe\0a\x01')).toEqual(['gr\xfc\xdfe', '\0', 'a', '\x01']);
  });

  test('offsets are byte offsets', () => {
    const tokens = tokensOf(Buffer.from('/* é */ name', 'utf8'));
    expect(tokens.start[0]).toBe(9);
    expect(tokenText(tokens, 0)).toBe('name');
  });

  test('a comment, a string, a character, a directive that never end', () => {
    expect(texts('a /* b')).toEqual(['a']);
    expect(texts('a "b\nc')).toEqual(['a', '"b', 'c']);
    expect(texts("a 'b\nc")).toEqual(['a', "'b", 'c']);
    expect(texts('"ends with a backslash\\')).toEqual(['"ends with a backslash\\']);
    expect(texts('#define A \\')).toEqual(['#define A \\']);
    expect(texts('#define A /* open\nb')).toEqual(['#define A /* open\nb']);
    expect(texts('/')).toEqual(['/']);
    expect(texts('#')).toEqual(['#']);
  });

  test('every byte value, alone and in a row', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    for (let i = 0; i < 256; i++) expect(tokensOf(Buffer.from([i])).count).toBeLessThanOrEqual(1);
    const tokens = tokensOf(all);
    for (let i = 0; i < tokens.count; i++) expect(tokens.end[i]).toBeGreaterThan(tokens.start[i]);
  });

  test('more tokens than first made room for', () => {
    const tokens = tokensOf(';'.repeat(100_000));
    expect(tokens.count).toBe(100_000);
    expect([tokens.start[99_999], tokens.kind[99_999], tokens.line[99_999]]).toEqual([99_999, 0x3b, 1]);
  });
});

describe('the end of a preprocessor line', () => {
  const end = (text: string) => text.slice(0, directiveEnd(Buffer.from(text, 'latin1'), 0));
  test.each([
    ['#define A 1\nb', '#define A 1'],
    ['#define A \\\n 1\nb', '#define A \\\n 1'],
    ['#define A /* \n */ 1\nb', '#define A /* \n */ 1'],
    ['#define A 1 // c \\ \nb', '#define A 1 // c \\ '],
    ['#define A "\\\n/*" 1\nb', '#define A "\\\n/*" 1'],
    ["#error can't do /* this\nb */", "#error can't do /* this\nb */"],
    ["#error don't\nb'", "#error don't"],
    ["#define Q '\"'\nb", "#define Q '\"'"],
  ])('%j', (text, expected) => {
    expect(end(text)).toBe(expected);
  });
});
