/// <reference lib="dom" />
/** The page's end of its talk with the extension. */
import type { FromPage, ToPage } from '../messages.ts';

interface VsCodeApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Answers to questions, each with the question's number. */
type Answer = Extract<ToPage, { id: number }>;
type Question = Extract<FromPage, { id: number }>;

/** What the page may ask and tell. */
export interface Host {
  tell(message: FromPage): void;
  /** asks, and waits for the answer with the question's number */
  ask(question: Omit<Extract<Question, { kind: 'lay' }>, 'id'>): Promise<Extract<Answer, { kind: 'picture' }>>;
  ask(question: Omit<Extract<Question, { kind: 'expand' }>, 'id'>): Promise<Extract<Answer, { kind: 'steps' }>>;
  kept(): unknown;
  keep(state: unknown): void;
}

/** Connects with the extension; `told` gets what is no answer. */
export function connect(told: (message: Exclude<ToPage, Answer>) => void): Host {
  const api = acquireVsCodeApi();
  const waiting = new Map<number, (answer: Answer) => void>();
  let next = 1;
  window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
    if (!('id' in data)) {
      told(data);
      return;
    }
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  return {
    tell: (message) => api.postMessage(message),
    ask: (question: Omit<Question, 'id'>) =>
      new Promise<Answer>((resolve) => {
        const id = next++;
        waiting.set(id, resolve);
        api.postMessage({ ...question, id } as Question);
      }) as Promise<never>,
    kept: () => api.getState(),
    keep: (state) => api.setState(state),
  };
}
