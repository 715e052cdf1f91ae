/** Requests of Kerntrail's own (protocol.ts), but for those about pasted texts and chains of calls. */
import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import { forgetPlaces } from '../pasted.ts';
import {
  type ArchitectureParams,
  BESIDE_OTHER,
  type BesideOtherParams,
  REINDEX,
  SET_ARCHITECTURE,
  TRUST,
} from '../protocol.ts';
import { refusedArchitecture, reindex } from '../session.ts';
import { alarm, changeArchitecture, type Server } from '../state.ts';
import type { Handler } from './handler.ts';

/** What the client tells, and what it asks beside LSP's own. */
export const CUSTOM: readonly Handler[] = [
  { register: registerReindex },
  { register: registerArchitecture },
  { register: registerTold },
];

function registerReindex(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    REINDEX,
    guards.guarded<void, null>(
      'reindex',
      () => {
        // the status tells how it goes on: nobody has to wait for the answer
        const failed = alarm(server, 'The index could not be begun anew');
        void guards.owned('reindex', () => server.session && reindex(server.session), failed);
        return null;
      },
      null,
    ),
  );
}

function registerArchitecture(server: Server): void {
  server.connection.onRequest(
    SET_ARCHITECTURE,
    server.guards.guarded<ArchitectureParams, null>(
      'architecture',
      ({ architecture }) => {
        const refused = server.session && refusedArchitecture(server.session, architecture);
        if (refused) throw new ResponseError(ErrorCodes.InvalidParams, refused);
        changeArchitecture(server, architecture);
        return null;
      },
      null,
    ),
  );
}

/** What only changes later answers: another server beside this one, a folder that is trusted now. */
function registerTold(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    BESIDE_OTHER,
    guards.guarded<BesideOtherParams, null>(
      'besideOther',
      ({ on }) => {
        server.besideOther = on;
        return null;
      },
      null,
    ),
  );
  connection.onNotification(TRUST, () => {
    server.trusted = true;
    forgetPlaces(server.texts);
  });
}
