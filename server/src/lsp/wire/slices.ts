/** Long work beside short questions: a slice at a time, messages in between, and an end when nobody wants it any more. */
import type { Steps } from '../../resolve/steps.ts';

/** How long other questions may have to wait. */
const SLICE_MS = 25;

/** Runs work in slices. Between two of them `stop` is asked, which throws where the work is not to go on. */
export async function inSlices<T>(steps: Steps<T>, stop: () => void): Promise<T> {
  try {
    for (let end = performance.now() + SLICE_MS; ; ) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() < end) continue;
      // a message that has come in the meantime is read before this goes on
      await new Promise((resolve) => setImmediate(resolve));
      stop();
      end = performance.now() + SLICE_MS;
    }
  } finally {
    steps.return(undefined as T);
  }
}
