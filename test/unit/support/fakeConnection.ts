/** A connection that keeps what is registered on it, so that a test can ask it as an editor would. */
import type { Connection } from 'vscode-languageserver';
import { newServer, type Server } from '../../../server/src/lsp/state.ts';

const NEVER = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };

export interface Fake {
  server: Server;
  /** what was registered: `onHover`, `languages.callHierarchy.onPrepare`, `kerntrail/findPath` */
  names: string[];
  /** asks a handler, with a token that is never cancelled */
  ask<R>(name: string, params: unknown): Promise<R>;
  /** what was sent to the editor: method and parameters */
  sent: [string, unknown][];
  /** what was logged */
  logged: string[];
}

/** A server whose editor is the test. */
export function fakeServer(): Fake {
  const handlers = new Map<string, (p: unknown, token: unknown) => unknown>();
  const sent: [string, unknown][] = [];
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const named = (prefix: string, own: object): object =>
    new Proxy(own, {
      get(target, key) {
        if (key in target) return target[key as keyof typeof target];
        return (...args: unknown[]) => {
          const handler = args.at(-1) as (p: unknown, token: unknown) => unknown;
          handlers.set(args.length > 1 ? nameOf(args[0]) : `${prefix}${String(key)}`, handler);
          return { dispose() {} };
        };
      },
    });
  const send = (type: unknown, params: unknown): Promise<void> => {
    sent.push([nameOf(type), params]);
    return Promise.resolve();
  };
  const connection = named('', {
    console: { log, info: log, warn: log, error: log },
    languages: {
      callHierarchy: named('languages.callHierarchy.', {}),
      inlayHint: named('languages.inlayHint.', {}),
      connection: { sendRequest: send },
    },
    client: { register: send },
    sendNotification: send,
  }) as Connection;
  const server = newServer(connection, { scripts: '/nowhere', storage: '/nowhere' });
  return {
    server,
    sent,
    logged,
    get names() {
      return [...handlers.keys()];
    },
    async ask<R>(name: string, params: unknown): Promise<R> {
      const handler = handlers.get(name);
      if (!handler) throw new Error(`nothing is registered as ${name}`);
      return (await handler(params, NEVER)) as R;
    },
  };
}

const nameOf = (type: unknown): string => (typeof type === 'string' ? type : (type as { method: string }).method);
