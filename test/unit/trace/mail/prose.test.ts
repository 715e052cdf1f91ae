import { describe, expect, test } from 'vitest';
import { expressionsIn } from '../../../../server/src/trace/mail/prose.ts';

/** `kind text (name)`; the name only where it says something new. */
const read = (line: string) =>
  expressionsIn(line).map((e) => `${e.kind} ${e.text}${e.name === e.text || e.kind === 'call' ? '' : ` (${e.name})`}`);

describe('expressions in prose', () => {
  test.each([
    [
      'inode->i_mapping->a_ops->readpage(file, page).',
      ['access inode->i_mapping->a_ops->readpage(file, page) (readpage)'],
    ],
    ['the ->fault() hook of vma->vm_ops.', ['slot ->fault() (fault)', 'access vma->vm_ops (vm_ops)']],
    [
      'see fs/ext4/inode.c:3308, then ../mm/filemap.c:12:3.',
      ['file fs/ext4/inode.c:3308 (fs/ext4/inode.c)', 'file ../mm/filemap.c:12:3 (../mm/filemap.c)'],
    ],
    ['vm_operations_struct.fault is a slot.', ['member vm_operations_struct.fault (fault)']],
    [
      'a struct vm_area_struct, the enum zone_type',
      ['type struct vm_area_struct (vm_area_struct)', 'type enum zone_type (zone_type)'],
    ],
    ['In ext4_file_mmap(), or `fault()`:', ['call ext4_file_mmap()', 'call fault()']],
    ['\t.fault\t\t= ext4_filemap_fault,', ['slot .fault (fault)', 'name ext4_filemap_fault']],
    ['vma->vm_ops = &ext4_file_vm_ops;', ['access vma->vm_ops (vm_ops)', 'name ext4_file_vm_ops']],
    ['if (unlikely(!vma->vm_ops->fault(vmf)))', ['call unlikely', 'access vma->vm_ops->fault(vmf) (fault)']],
    ['a[i].b_c->d(e)->f at x', ['access a[i].b_c->d(e)->f (f)']],
    ['ext4_page_mkwrite -> iomap_page_mkwrite', ['name ext4_page_mkwrite', 'name iomap_page_mkwrite']],
    ['at vfs_read+0x9f/0x310 [ext4]', ['frame vfs_read+0x9f/0x310 (vfs_read)']],
    ['copy_from_user(&x, from_user(y))', ['call copy_from_user', 'call from_user']],
    ['super.c and include/linux/fs.h', ['file super.c', 'file include/linux/fs.h']],
    ['这个 __do_fault()函数是 page fault', ['call __do_fault()']],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  test.each([
    'Having said above, it will still be better if you can state what you want to achieve in little layman language.',
    'Rajat Sharma <fs.rajat at gmail.com> wrote on Jan 7, 2011 at 5:39 AM (see page 3):',
    'https://lore.kernel.org/linux-ext4/some_thing@mail.example.org/ and some_one@example.org',
    'e.g. function(s), file(s) and mmap(2); read(2) -- i.e. the struct is in the union of all.',
    'and/or 10.2 v6.1 -> next => so; a - b > c ... (etc.) [sic] "quoted" don\'t',
    '- * + # = == != <= >= && || -- ++ -> => .. :: /* */ // \\',
    'The end.Next sentence.No more.',
  ])('nothing in: %s', (line) => {
    expect(read(line)).toEqual([]);
  });

  test('columns are UTF-16 units', () => {
    const line = '\u{1F600} see a->b';
    const [e] = expressionsIn(line);
    expect([e.start, e.end, e.nameStart, e.nameEnd]).toEqual([7, 11, 10, 11]);
    expect(expressionsIn('x at fs/a.c:7')[0]).toMatchObject({ line: 7, nameEnd: 11 });
  });
});
