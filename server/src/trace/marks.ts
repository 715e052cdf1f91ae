/** Lines among frames and around them that are none: sections, ends, registers. */

/** Markers of a section of the stack: `<IRQ>`, `</IRQ>`, `<#DF>`, `<EOI>`. */
const SECTION =
  /^(?:--- )?<(\/?)(IRQ|EOI|TASK|NMI|SOFTIRQ|EOE|ENTRY_TRAMPOLINE|ENTRY|SYSENTER|#DF|#DB|#MC|#NMI|#VC2?|DEBUG|DOUBLEFAULT|IRQ stack|NMI exception stack|exception stack|hardirq|softirq)>/;

/** The section that opens (its name) or ends ('') at the front of a message, and where the message goes on. */
export function sectionOf(message: string): { name: string; end: number } | null {
  const c = message.charCodeAt(0);
  if (c !== 60 && c !== 45) return null;
  const m = SECTION.exec(message);
  if (!m) return null;
  const closes = m[1] === '/' || m[2] === 'EOI' || m[2] === 'EOE';
  return { name: closes ? '' : m[2].replace('#', ''), end: m[0].length };
}

/** Lines that end whatever came before. */
export function endsStack(message: string): boolean {
  const c = message.charCodeAt(0);
  if (c === 45) return message.startsWith('---[ end') || message.startsWith('------------[ cut here');
  if (c === 96) return message.startsWith('```');
  if (c === 61) return message.startsWith('========================');
  return false;
}

/** Does a line end the whole report, so that the next heading counts anew? */
export function endsReport(message: string): boolean {
  return (
    message.startsWith('====') ||
    message.startsWith('------------[ cut') ||
    message.startsWith('---[ end') ||
    message.startsWith('```')
  );
}

/** Registers, hex dumps, code bytes: what stands among frames without being one, and without ending a stack. */
export function isNeutral(message: string): boolean {
  if (message === '') return true;
  const c = message.charCodeAt(0);
  // ia64 prints two registers below each frame
  if (c === 115 && /^sp=[0-9a-f]{16} bsp=/.test(message)) return true;
  if (c === 40) return message.startsWith('(ptrval)') || message.startsWith('(ftrace');
  if (
    /^(?:Code|Stack|Modules linked in|Hardware name|Exception stack|Kernel Offset|Workqueue|Call Trace|Instruction dump|Tainted|Dumping ftrace|NMI|pstate|Process|Register|Oops|Unloaded|Last Breaking|Krnl|Sched)\b/.test(
      message,
    )
  ) {
    return true;
  }
  const colon = message.indexOf(':');
  if (
    colon > 0 &&
    colon < 12 &&
    /^[A-Za-z]{1,2}[A-Za-z0-9$ ]{0,8}\s*:\s*\(?\s*(?:\[<)?(?:0x)?[0-9a-f]{4,16}/.test(message)
  )
    return true;
  return /^(?:0x)?[0-9a-f]{2,16}(?:[: ]|$)/.test(message);
}
