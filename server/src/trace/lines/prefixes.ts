/** What loggers, mailers and the kernel itself print in front of a message. */

const isDigit = (c: number) => c >= 48 && c <= 57;

/** End of printk's time stamp at `at`: `[  640.907585]`, dmesg -H `[  +0.000012]`, -d `[  1.2345 <  0.0001>]`; or -1. */
export function stampEnd(s: string, at: number): number {
  if (s.charCodeAt(at) !== 91) return -1;
  let i = at + 1;
  while (i < at + 14 && s.charCodeAt(i) === 32) i++;
  if (s.charCodeAt(i) === 43) i++;
  const digits = i;
  while (i < digits + 12 && isDigit(s.charCodeAt(i))) i++;
  if (i === digits || s.charCodeAt(i) !== 46) return -1;
  const fraction = ++i;
  while (i < fraction + 10 && isDigit(s.charCodeAt(i))) i++;
  if (i <= fraction + 2) return -1;
  if (s.charCodeAt(i) === 93) return i + 1;
  if (s.charCodeAt(i) !== 32 || s.charCodeAt(i + 1) !== 60) return -1;
  const close = s.slice(i, i + 24).indexOf('>]');
  return close < 0 ? -1 : i + close + 2;
}

/** End of printk's caller id at `at`: `[T123]`, `[    C0]`. -1 where there is none. */
export function callerEnd(s: string, at: number): number {
  if (s.charCodeAt(at) !== 91) return -1;
  let i = at + 1;
  while (i < at + 12 && s.charCodeAt(i) === 32) i++;
  const kind = s.charCodeAt(i++);
  if (kind !== 84 && kind !== 67) return -1;
  const digits = i;
  while (i < digits + 10 && isDigit(s.charCodeAt(i))) i++;
  return i > digits && s.charCodeAt(i) === 93 ? i + 1 : -1;
}

const TIME = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`;
/** `host kernel: `, `host systemd[1]: `; without the host (journalctl --no-hostname) what names the sender must look like it */
const SENDER = String.raw`(?:[^\s:]{1,100} [^\s:[]{1,60}(?:\[\d{1,10}\])?|kernel|[a-z][\w.@-]{0,60}\[\d{1,10}\]): ?`;
/** Prefixes of loggers, each followed by the message; tried where the text before is used up. */
const PREFIXES: { first: string; pattern: RegExp; caller?: number }[] = [
  // <6>: the level of syslog(2) and pstore
  { first: '<', pattern: /<\d{1,3}>/y },
  // 6,1234,5678901,-,caller=T1;: /dev/kmsg
  {
    first: '0123456789',
    pattern: /\d{1,3},\d{1,20},\d{1,20},[-+cCfF](?:,(?:caller=([TC]\d{1,10}))?[^;\s]{0,100})?;/y,
    caller: 1,
  },
  // Jan  5 12:34:56 host kernel: syslog and journalctl
  {
    first: 'JFMASOND',
    pattern: new RegExp(String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} ${TIME} ${SENDER}`, 'y'),
  },
  // 1 2024-01-05T12:34:56Z host kernel - - - syslog as RFC 5424 has it
  {
    first: '1',
    pattern: new RegExp(
      String.raw`1 \d{4}-\d\d-\d\dT${TIME}(?:Z|[+-]\d\d:?\d\d)? \S{1,100} \S{1,60} \S{1,60} \S{1,60} (?:-|\[[^\]]{0,200}\]) ?`,
      'y',
    ),
  },
  // 2024-01-05T12:34:56.123456+01:00 host kernel: journalctl -o short-iso, rsyslog
  {
    first: '0123456789',
    pattern: new RegExp(String.raw`\d{4}-\d\d-\d\d[T ]${TIME}(?:Z|[+-]\d\d:?\d\d)? ${SENDER}`, 'y'),
  },
  // 01-05 12:34:56.789  1234  1234 E kernel  : logcat -v threadtime
  {
    first: '0123456789',
    pattern: new RegExp(String.raw`\d\d-\d\d ${TIME} {1,6}\d{1,8} {1,6}\d{1,8} [VDIWEFS] [^:]{1,40}: ?`, 'y'),
  },
  // E/kernel  (  123): logcat -v brief
  { first: 'VDIWEF', pattern: /[VDIWEF]\/[^(\s]{1,30} {0,20}\( {0,8}\d{1,8}\): ?/y },
  // kern  :warn  : dmesg -x
  { first: 'kudsl', pattern: /(?:kern|user|daemon|syslog|local\d) {0,8}:[a-z]{3,6} {0,8}: ?/y },
  // [Fri Jan  5 12:34:56 2024] dmesg -T
  { first: '[', pattern: new RegExp(String.raw`\[[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} ${TIME} \d{4}\] ?`, 'y') },
  // [Jan 5 12:34] dmesg -H, where the minute changes
  { first: '[', pattern: /\[[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d\] ?/y },
  // Fri Jan  5 12:34:56 2024 kern.warn kernel: OpenWrt's logread
  {
    first: 'MTWFS',
    pattern: new RegExp(
      String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} ${TIME} \d{4} \w{1,10}\.\w{1,10} [^\s:]{1,40}: ?`,
      'y',
    ),
  },
  // [2024-01-05 12:34:56.789] terminal programs
  { first: '[', pattern: new RegExp(String.raw`\[(?:\d{4}-\d\d-\d\d[T ])?${TIME}(?:Z|[+-]\d\d:?\d\d)?\] ?`, 'y') },
  // 2024-01-05T12:34:56.123456+01:00 alone: dmesg --time-format iso, CI systems
  { first: '0123456789', pattern: new RegExp(String.raw`\d{4}-\d\d-\d\d[T ]${TIME}(?:Z|[+-]\d\d:?\d\d)? `, 'y') },
  // 12:34:56.789 in front of the kernel's own stamp or level: terminal programs
  { first: '012', pattern: new RegExp(`${TIME} {1,2}(?=[<[])`, 'y') },
  // [0:  kworker/0:1:   23] and (0)[123:comm]: vendors' Android kernels
  { first: '[', pattern: /\[\d{1,2}: {0,16}[^\]\s]{1,24}: {0,8}\d{1,8}\] ?/y },
  { first: '(', pattern: /\(\d{1,2}\)\[\d{1,8}:[^\]]{1,24}\] ?/y },
  { first: '[', pattern: /\[pid:\d{1,8},cpu\d{1,4},[^\]]{1,40}\] ?/y },
  { first: 'k', pattern: /kernel: /y },
  { first: '*', pattern: /\*\* \d{1,9} printk messages dropped (?:\*\*)? ?/y },
];

/** The prefixes that may start with a character, by its code. */
const PREFIXES_BY_CODE = Array.from({ length: 128 }, (_, code) =>
  PREFIXES.filter((p) => p.first.includes(String.fromCharCode(code))),
);

const CPU_COLUMN = /c(\d{1,2}) {1,8}(?:\d{1,8} )?/y;

/** Some vendors' kernels print the CPU behind the time: `c0 `, `c3   1234 `. Its end, and the CPU as a caller id. */
export function cpuColumnAt(s: string, at: number): { end: number; caller: string } | null {
  if (s.charCodeAt(at) !== 99) return null;
  CPU_COLUMN.lastIndex = at;
  const m = CPU_COLUMN.exec(s);
  return m && { end: CPU_COLUMN.lastIndex, caller: `C${m[1]}` };
}

/** Does a prefix of a logger stand at `at`? Its end, and the caller it names. */
export function prefixAt(s: string, at: number): { end: number; caller: string } | null {
  for (const { pattern, caller } of PREFIXES_BY_CODE[s.charCodeAt(at)] ?? []) {
    pattern.lastIndex = at;
    const m = pattern.exec(s);
    if (m) return { end: pattern.lastIndex, caller: (caller && m[caller]) || '' };
  }
  return null;
}

/** End of mail quoting at `at`: `> > `, `>>`, `| `. KASAN's memory dumps start with `>` too, which does no harm. */
export function quoteEnd(s: string, at: number): number {
  let i = at;
  let end = at;
  for (let marks = 0; marks < 64 && i < s.length; ) {
    const c = s.charCodeAt(i);
    if (c === 62) {
      end = ++i;
      marks++;
    } else if (c === 32 && i === end && s.charCodeAt(i + 1) === 62) i++;
    else break;
  }
  return end;
}

/** May a prefix or a quote mark start with the character? */
export function mayHavePrefix(c: number): boolean {
  return c === 62 || c === 32 || (c < 128 && PREFIXES_BY_CODE[c].length > 0);
}
