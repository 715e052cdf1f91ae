import { expect, test } from 'vitest';
import { occurrencesOf } from '../../../../server/src/syntax/text/occurrences.ts';

const placesIn = (text: string, word: string, comment = '') =>
  occurrencesOf(Buffer.from(text, 'utf8'), word, comment).map(
    (o) => `${o.line}:${o.column}${o.directive < 0 ? '' : '#'}`,
  );

test('whole words outside comments and strings, by line and byte column', () => {
  const text = `/* put it
 * put */ put(p); puts(put);
char *s = "put"; // put
	x = 'p'; put = output; é = put;
`;
  expect(placesIn(text, 'put')).toEqual(['2:11', '2:24', '4:11', '4:30']);
  expect(placesIn('', 'put')).toEqual([]);
  expect(placesIn('put', '')).toEqual([]);
});

test('preprocessor lines go on behind a backslash, and their comments hold no words', () => {
  const text = `#define get(x) \\
	put(x) /* put */
#error don't put
put();
  # if put
#endif
a # put
`;
  expect(placesIn(text, 'put')).toEqual(['2:2#', '3:14#', '4:1', '5:8#', '7:5']);
});

test('no word stands nowhere', () => {
  expect(placesIn('int a;\n', '')).toEqual([]);
});

test('comments of assembly, as the architecture has them', () => {
  const x86 = `# put, isn't it
#ifdef put
	call put	# put
	mov $put, %eax
`;
  expect(placesIn(x86, 'put', '#')).toEqual(['2:8#', '3:7', '4:7']);
  expect(placesIn('	bl put	@ put\n	mov r0, #put\n', 'put', '@')).toEqual(['1:5', '2:11']);
  expect(placesIn('	bl put	// put\n	mov x0, #put\n', 'put', ' ')).toEqual(['1:5', '2:11']);
});
