import type { CancellationToken } from 'vscode';
import type { Server } from './server.ts';

/** Asks the server, once it is there; null where there is none, or where it fails, which is logged. */
export async function askServer<P, R>(
  running: Server | undefined,
  method: string,
  params: P,
  log: (message: string) => void,
  token?: CancellationToken,
): Promise<R | null> {
  const client = running?.client;
  if (!client) return null;
  try {
    // waits for a server that is on its way
    await client.start();
    return await client.sendRequest<R>(method, params, ...(token ? [token] : []));
  } catch (error) {
    if (!token?.isCancellationRequested) log(`${method}: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}
