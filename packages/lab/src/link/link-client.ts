import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { onFrames, sendFrame } from './frame.ts';

export interface PeerAddress {
  readonly host: string;
  /** 0: not known yet. */
  readonly port: number;
}

export interface LinkAnswer {
  readonly result: unknown;
  readonly body: Buffer;
}

export interface LinkClientDeps {
  readonly address: PeerAddress;
  /** The first request on every connection; its answer is handed to `greeted`, which may refuse by throwing. */
  hello(): object;
  greeted(result: unknown): void;
  /** A refusal of the peer in the caller's own words. */
  failure(code: string | number, message: string): Error;
}

/** The peer can't be reached just now. */
export class PeerUnreachable extends Error {}

const replySchema = z.object({
  id: z.number(),
  error: z.object({ code: z.union([z.string(), z.number()]), message: z.string() }).optional(),
  result: z.unknown().optional(),
});

interface Waiting {
  resolve(answer: LinkAnswer): void;
  reject(error: Error): void;
}

/** One connection to another simulated array, made when needed and made again after a cut. */
export class LinkClient {
  readonly #deps: LinkClientDeps;
  #address: PeerAddress;
  #socket: Promise<Socket> | undefined;
  #open: Socket | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;

  constructor(deps: LinkClientDeps) {
    this.#deps = deps;
    this.#address = deps.address;
  }

  /** The peer listens on this port from now on. */
  redirect(port: number): void {
    this.#address = { ...this.#address, port };
    this.cut();
  }

  get connected(): boolean {
    return this.#open !== undefined;
  }

  /** Connects, so that the peer is known. Throws `PeerUnreachable`, or the peer's refusal. */
  async introduce(): Promise<void> {
    await this.#connection();
  }

  /** Throws `PeerUnreachable` when the connection fails or breaks, or the peer's refusal. */
  async ask(request: object, body?: Uint8Array): Promise<LinkAnswer> {
    return this.#send(await this.#connection(), request, body);
  }

  #connection(): Promise<Socket> {
    this.#socket ??= this.#connect().catch((error: unknown) => {
      this.#socket = undefined;
      throw error;
    });
    return this.#socket;
  }

  async #connect(): Promise<Socket> {
    const { host, port } = this.#address;
    if (port === 0) throw new PeerUnreachable('the peer has not told its address yet');
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opening = connect({ host, port, noDelay: true });
      opening.once('connect', () => resolve(opening));
      opening.once('error', (error) => reject(new PeerUnreachable(error.message)));
    });
    socket.on('error', () => undefined);
    socket.once('close', () => this.#lost(socket));
    onFrames(socket, ({ header, body }) => this.#receive(socket, header, body));
    try {
      this.#deps.greeted((await this.#send(socket, this.#deps.hello())).result);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    this.#open = socket;
    return socket;
  }

  #receive(socket: Socket, header: Buffer, body: Buffer): void {
    const reply = replySchema.safeParse(parseJson(header));
    if (!reply.success) return void socket.destroy();
    const { id, error, result } = reply.data;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(this.#deps.failure(error.code, error.message));
    else waiting?.resolve({ result, body });
  }

  #send(socket: Socket, request: object, body?: Uint8Array): Promise<LinkAnswer> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new PeerUnreachable('connection lost'));
      this.#waiting.set(id, { resolve, reject });
      void sendFrame(socket, { id, request }, body);
    });
  }

  #lost(socket: Socket): void {
    if (this.#open === socket || this.#open === undefined) {
      this.#open = undefined;
      this.#socket = undefined;
    }
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(new PeerUnreachable('connection to the peer lost'));
  }

  /** Drops the connection; calls in flight fail. */
  cut(): void {
    const open = this.#open;
    this.#open = undefined;
    this.#socket = undefined;
    open?.destroy();
  }
}

export function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
