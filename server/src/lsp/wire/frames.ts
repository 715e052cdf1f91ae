/**
 * Messages out of a stream of bytes: headers with a Content-Length, then JSON. Whatever is no message is told and
 * passed over; JSON has no line ends but between its tokens, so that a header is known wherever it stands.
 */

/** What is done with what a stream holds. */
export interface FrameSink {
  message(value: unknown): void;
  /** something was no message, and was passed over: why, and what the sender should do */
  fault(why: string): void;
  /** nothing that follows can be made sense of */
  broken(why: string): void;
}

/** A message larger than this would not fit into one string beside its text. */
const MAX_MESSAGE = 256 << 20;
/** Bytes without the end of a header. */
const MAX_HEADER = 64 << 10;
const HEADER_END = '\r\n\r\n';
const OVERLAP = HEADER_END.length - 1;

const MUST = 'Each message needs the header "Content-Length: " with the number of its bytes.';

/** Cuts a stream into messages; the function that it gives takes the bytes as they come. */
export function newFrames(sink: FrameSink): (bytes: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  /** bytes of the message that is awaited; -1 for a header */
  let wanted = -1;
  let isBroken = false;
  /** the end of what has been looked through for a header: one may come in two pieces */
  let tail: Buffer = Buffer.alloc(0);
  const joined = (): Buffer => {
    if (chunks.length !== 1) chunks = [Buffer.concat(chunks)];
    return chunks[0];
  };
  const drop = (count: number): void => {
    const rest = joined().subarray(count);
    chunks = rest.length ? [rest] : [];
    size = rest.length;
    tail = Buffer.alloc(0);
  };
  const fail = (why: string): false => {
    isBroken = true;
    chunks = [];
    sink.broken(why);
    return false;
  };
  /** false: more bytes are needed */
  const header = (): boolean => {
    if (size === 0) return false;
    const bytes = joined();
    const end = bytes.indexOf(HEADER_END);
    if (end > MAX_HEADER || (end < 0 && size > MAX_HEADER))
      return fail(`${MAX_HEADER >> 10} KB came without a header. ${MUST}`);
    if (end < 0) return false;
    const text = bytes.toString('latin1', 0, end);
    drop(end + HEADER_END.length);
    const given = [...text.matchAll(/content-length:[ \t]*([^\r\n]*?)[ \t]*(?:$|\r\n)/gi)].at(-1)?.[1];
    if (given === undefined) sink.fault(`A header has no Content-Length. ${MUST}`);
    else if (!/^\d+$/.test(given))
      sink.fault(`The Content-Length ${JSON.stringify(given.slice(0, 40))} is no number of bytes. ${MUST}`);
    else if (Number(given) > MAX_MESSAGE)
      return fail(
        `A message of ${given} bytes was announced: ${MAX_MESSAGE >> 20} MB are the most. Split it, or leave the document closed.`,
      );
    else wanted = Number(given);
    return true;
  };
  /** Where a header begins inside of what should be one message; -1 where none does. */
  const strayHeader = (bytes: Buffer): number => {
    for (let end = bytes.indexOf(HEADER_END); end >= 0; end = bytes.indexOf(HEADER_END, end + 1)) {
      const from = Math.max(0, end - 200);
      const found = /content-length:[ \t]*\d+(?:\r\n[\w-]+:[^\r\n]*)*$/i.exec(bytes.toString('latin1', from, end));
      if (found) return from + found.index;
    }
    return -1;
  };
  const body = (): boolean => {
    const bytes = joined().subarray(0, wanted);
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      const next = strayHeader(joined().subarray(0, wanted + OVERLAP));
      sink.fault(`A message is no JSON: ${(error as Error).message}`);
      drop(next >= 0 ? next : wanted);
      wanted = -1;
      return true;
    }
    drop(wanted);
    wanted = -1;
    sink.message(value);
    return true;
  };
  /** A message that never becomes whole ends where the next one begins. */
  const partial = (last: Buffer): boolean => {
    const seam = Buffer.concat([tail, last]);
    tail = seam.subarray(-OVERLAP);
    if (!seam.includes(HEADER_END)) return false;
    const next = strayHeader(joined());
    if (next < 0) return false;
    sink.fault(`A message is shorter than its Content-Length of ${wanted} bytes. ${MUST}`);
    drop(next);
    wanted = -1;
    return true;
  };
  return (bytes) => {
    if (isBroken) return;
    chunks.push(bytes);
    size += bytes.length;
    let last = bytes;
    for (;;) {
      const goesOn = wanted < 0 ? header() : size >= wanted ? body() : partial(last);
      if (!goesOn) return;
      last = chunks[0] ?? bytes;
    }
  };
}
