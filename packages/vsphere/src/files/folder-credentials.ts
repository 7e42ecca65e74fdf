import { LeewardError } from '@leeward/core';
import { normalFingerprint } from '@leeward/platform';
import type { VimSession } from '../session/session.ts';

/** One HTTP request to the `/folder` door of a host, for which a ticket is wanted. */
export interface TicketRequest {
  readonly method: 'GET' | 'HEAD';
  /** Whole address at the host, without a datacenter in it: `https://esx1/folder/vm/a-flat.vmdk?dsName=ds1`. */
  readonly url: string;
}

/** Secret but for the fingerprints. */
export interface FolderTicket {
  readonly id: string;
  /**
   * Of the certificate that the host shows, as vCenter knows it: SHA-1 (40 hex digits), and SHA-256 (64) from vCenter
   * 7.0.3.1 on. Lower case, without colons. Empty where vCenter tells none.
   */
  readonly fingerprints: readonly string[];
}

/** What readers of datastore files elsewhere in the product authenticate with. All of it is secret. */
export class FolderCredentials {
  readonly #session: VimSession;
  readonly #account: { readonly host: string; readonly username: string };

  constructor(session: VimSession, account: { readonly host: string; readonly username: string }) {
    this.#session = session;
    this.#account = account;
  }

  /**
   * The session's cookie (`name=value`). `refused`: one that vCenter has just answered with 401; when it is still the
   * session's, a new login is made.
   */
  cookie(refused?: string, signal?: AbortSignal): Promise<string> {
    return this.#session.runWithCookie(async (_, cookie) => {
      if (cookie === refused) throw new LeewardError('L-VC-109', { ...this.#account });
      return cookie;
    }, signal);
  }

  /** A ticket for one request to a host: good once and for a short time. Throws the errors of any call. */
  ticket({ method, url }: TicketRequest, signal?: AbortSignal): Promise<FolderTicket> {
    return this.#session.run(async ({ content, call }) => {
      const { sessionManager } = content;
      if (!sessionManager)
        throw new LeewardError('L-VC-106', { ...this.#account, reason: 'it has no session manager' });
      const wanted = {
        $type: 'SessionManagerHttpServiceRequestSpec' as const,
        method: method === 'GET' ? 'httpGet' : 'httpHead',
        url,
      };
      const how = { signal };
      const ticket = await call(sessionManager, 'AcquireGenericServiceTicket', { spec: wanted }, how);
      const { id, sslThumbprint = '', certThumbprintList } = ticket;
      const told = [sslThumbprint, ...certThumbprintList.map(({ thumbprint }) => thumbprint)];
      return { id, fingerprints: [...new Set(told.map(normalFingerprint))].filter((text) => text !== '') };
    }, signal);
  }
}
