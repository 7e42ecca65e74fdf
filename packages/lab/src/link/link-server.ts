import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import { listenOn } from '../rest/listen.ts';
import { onFrames, sendFrame } from './frame.ts';
import { parseJson } from './link-client.ts';

export interface Answer {
  readonly result: unknown;
  readonly body?: Uint8Array;
}

export interface LinkServerDeps<Peer, Request> {
  /** Undefined: nonsense, and the connection is cut. */
  parse(request: unknown): Request | undefined;
  /** Who speaks, from the first request of a connection; undefined: nobody we know, and the connection is cut. */
  admit(request: Request): Peer | undefined;
  answer(peer: Peer, request: Request, body: Buffer): Promise<Answer>;
  refusal(error: unknown): { readonly code: string | number; readonly message: string };
}

const envelopeSchema = z.object({ id: z.number(), request: z.unknown() });

/** The door for other simulated arrays: answers peers that introduce themselves rightly, others are cut off. */
export class LinkServer<Peer, Request> {
  readonly #deps: LinkServerDeps<Peer, Request>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** False: connections are cut at once. */
  reachable = true;

  constructor(deps: LinkServerDeps<Peer, Request>) {
    this.#deps = deps;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  /** Answers the port. */
  listen(address: string, port: number): Promise<number> {
    return listenOn(this.#server, address, port);
  }

  #serve(socket: Socket): void {
    if (!this.reachable) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    let peer: Peer | undefined;
    onFrames(socket, ({ header, body }) => {
      const envelope = envelopeSchema.safeParse(parseJson(header));
      const request = envelope.success ? this.#deps.parse(envelope.data.request) : undefined;
      if (!envelope.success || request === undefined) return void socket.destroy();
      peer ??= this.#deps.admit(request);
      if (peer === undefined) return void socket.destroy();
      void this.#reply(socket, envelope.data.id, this.#deps.answer(peer, request, body));
    });
  }

  async #reply(socket: Socket, id: number, answer: Promise<Answer>): Promise<void> {
    try {
      const { result, body } = await answer;
      await sendFrame(socket, { id, result }, body);
    } catch (error) {
      await sendFrame(socket, { id, error: this.#deps.refusal(error) });
    }
  }

  /** Off: connections are cut, those there are and those to come. */
  setReachable(reachable: boolean): void {
    this.reachable = reachable;
    if (!reachable) this.cutAll();
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
