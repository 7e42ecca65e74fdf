import { type Identity, localIdentity } from '@leeward/engine';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once that is known. */
    caller: Identity | undefined;
    /** Of a caller with a session. */
    session: SignedIn | undefined;
  }
}

export interface SignedIn {
  readonly secret: string;
  readonly csrfToken: string;
  readonly expiresAt: string;
}

export interface Caller {
  readonly identity: Identity;
  readonly session?: SignedIn;
}

/** Where requests come in, and what is known there of who sends them. */
export interface Door {
  /** Undefined for nobody who is known. Throws `L-AUT-105`. */
  identify(request: FastifyRequest): Promise<Caller | undefined>;
  /** Throws `L-AUT-105` for what a browser sends for another site. */
  requireOwnSite(request: FastifyRequest): void;
  /** Where the caller is. */
  addressOf(request: FastifyRequest): string;
}

/** The socket in the data folder: only its owner can open it, and may do everything. */
export const socketDoor: Door = {
  identify: async () => ({ identity: localIdentity }),
  requireOwnSite: () => undefined,
  addressOf: () => 'socket',
};
