import { describe, expect, test } from 'vitest';
import { madeHeaders, scannedTable } from '../../../../server/src/syntax/macros/syscallTables.ts';

const TABLE = `# a table
0	common	look			sys_look
1	64	poke			sys_poke
3	common	turn			sys_turn	compat_sys_turn
512	x32	poke			compat_sys_poke
`;

const SCRIPT = `echo "__SYSCALL($nxt, sys_ni_syscall)"
echo "__SYSCALL_WITH_COMPAT($nr, $native, $compat)"
`;

const MAKEFILE = `out := arch/$(SRCARCH)/include/generated/asm
uapi := arch/$(SRCARCH)/include/generated/uapi/asm
wide := $(src)/syscall_64.tbl
systbl := $(srctree)/scripts/syscalltbl.sh
      cmd_systbl = $(CONFIG_SHELL) $(systbl) --abis $(abis) $< $@
$(uapi)/unistd_64.h: abis := common,64
$(uapi)/unistd_64.h: $(wide) $(syshdr) FORCE
$(out)/calls_64.h: abis := common,64
$(out)/calls_64.h: $(wide) $(systbl) FORCE
	$(call if_changed,systbl)
`;

function made(files: Record<string, string>, path: string, architectures: string[] = []) {
  const scanned = scannedTable(path, Buffer.from(files[path]), (p) => files[p] ?? null, architectures);
  return madeHeaders(scanned.template ?? '');
}

describe('headers that a build makes of a table of system calls', () => {
  test('those of the makefile beside it, with the calls of their ABIs and what fills the gaps', () => {
    const files = {
      'arch/x86/entry/syscalls/syscall_64.tbl': TABLE,
      'arch/x86/entry/syscalls/Makefile': MAKEFILE,
      'scripts/syscalltbl.sh': SCRIPT,
    };
    expect(made(files, 'arch/x86/entry/syscalls/syscall_64.tbl')).toEqual([
      {
        path: 'arch/x86/include/generated/asm/calls_64.h',
        text: '\n__SYSCALL(0, sys_look)\n__SYSCALL(1, sys_poke)\n__SYSCALL(2, sys_ni_syscall)\n__SYSCALL_WITH_COMPAT(3, sys_turn, compat_sys_turn)\n',
      },
    ]);
  });

  test('a pattern makes those that the makefile wants, each with its own ABI', () => {
    const files = {
      'arch/parisc/kernel/syscalls/syscall.tbl': '0 common a sys_a\n1 32 b sys_b\n1 64 b sys_c\n',
      'arch/parisc/kernel/syscalls/Makefile': `kapi := arch/$(SRCARCH)/include/generated/asm
syscall := $(src)/syscall.tbl
systbl := $(srctree)/scripts/syscalltbl.sh
      cmd_systbl = $(CONFIG_SHELL) $(systbl) --abis common,$* $< $@
$(kapi)/syscall_table_%.h: $(syscall) $(systbl) FORCE
kapisyshdr-y		+= syscall_table_32.h		\\
			   syscall_table_64.h
`,
      'scripts/syscalltbl.sh': SCRIPT,
    };
    expect(made(files, 'arch/parisc/kernel/syscalls/syscall.tbl')).toEqual([
      {
        path: 'arch/parisc/include/generated/asm/syscall_table_32.h',
        text: '\n__SYSCALL(0, sys_a)\n__SYSCALL(1, sys_b)\n',
      },
      {
        path: 'arch/parisc/include/generated/asm/syscall_table_64.h',
        text: '\n__SYSCALL(0, sys_a)\n__SYSCALL(1, sys_c)\n',
      },
    ]);
  });

  test('one table for all architectures, each of which says what it takes of it', () => {
    const files = {
      'scripts/syscall.tbl': '0 common a sys_a\n1 wide b sys_b\n2 old c sys_c\n',
      'scripts/Makefile.asm-headers': `syscall_abis_64  := common,64
syscalltbl := $(srctree)/scripts/syscall.tbl
systbl := $(srctree)/scripts/syscalltbl.sh
      cmd_systbl = $(CONFIG_SHELL) $(systbl) --abis $(subst $(space),$(comma),$(strip $(syscall_abis_$*))) $< $@
$(obj)/syscall_table_%.h: $(syscalltbl) $(systbl) FORCE
`,
      'arch/riscv/include/asm/Kbuild': 'syscall-y += syscall_table_64.h\n',
      'arch/riscv/kernel/Makefile.syscalls': 'syscall_abis_64 += wide\n',
      'scripts/syscalltbl.sh': SCRIPT,
    };
    expect(made(files, 'scripts/syscall.tbl', ['arm', 'riscv'])).toEqual([
      {
        path: 'arch/riscv/include/generated/asm/syscall_table_64.h',
        text: '\n__SYSCALL(0, sys_a)\n__SYSCALL(1, sys_b)\n',
      },
    ]);
  });

  test('the scripts of older trees name a macro for each ABI', () => {
    const files = {
      'arch/x86/entry/syscalls/syscall_64.tbl': '0 common a __x64_sys_a\n1 64 b __x64_sys_b/ptregs\n',
      'arch/x86/entry/syscalls/Makefile': `out := arch/$(SRCARCH)/include/generated/asm
syscall64 := $(srctree)/$(src)/syscall_64.tbl
systbl := $(srctree)/$(src)/syscalltbl.sh
$(out)/syscalls_64.h: $(syscall64) $(systbl)
`,
      'arch/x86/entry/syscalls/syscalltbl.sh':
        'if [ "$abi" = "COMMON" ]\necho "__SYSCALL_$abi($nr, $real, $qualifier)"\n',
    };
    expect(made(files, 'arch/x86/entry/syscalls/syscall_64.tbl')[0].text).toBe(
      '\n__SYSCALL_64(0, __x64_sys_a, )\n__SYSCALL_64(1, __x64_sys_b, )\n',
    );
  });

  test('s390 lists both entries, the kernel own and that of 31 bits', () => {
    const files = {
      'arch/s390/kernel/syscalls/syscall.tbl': '1 common a sys_a compat_sys_a\n2 32 b - sys_b\n',
      'arch/s390/kernel/syscalls/Makefile': `kapi := arch/$(ARCH)/include/generated/asm
syscall	:= $(srctree)/$(src)/syscall.tbl
systbl	:= $(srctree)/$(src)/syscalltbl
$(kapi)/syscall_table.h: $(syscall) FORCE
`,
      'arch/s390/kernel/syscalls/syscalltbl': 'printf "SYSCALL(%s,%s)\\n"\n',
    };
    expect(made(files, 'arch/s390/kernel/syscalls/syscall.tbl')[0].text).toBe(
      '\nSYSCALL(sys_a, compat_sys_a)\nSYSCALL(sys_ni_syscall, sys_b)\n',
    );
  });

  test('no makefile, no headers', () => {
    expect(made({ 'arch/x86/entry/syscalls/syscall_64.tbl': TABLE }, 'arch/x86/entry/syscalls/syscall_64.tbl')).toEqual(
      [],
    );
  });
});
