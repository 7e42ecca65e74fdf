import { connect, type Socket } from 'node:net';
import type { z } from 'zod';
import { RestError } from '../rest/rest-error.ts';
import { onFrames, sendFrame } from './frame.ts';
import { type Hello, helloSchema, type InterclusterRequest, replySchema } from './protocol.ts';

export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

interface Waiting {
  resolve(answer: { result: unknown; body: Buffer }): void;
  reject(error: Error): void;
}

/** The other cluster can't be reached just now. */
export class PeerUnreachable extends Error {}

/** One connection to the peer cluster, made when needed and made again after a cut. */
export class InterclusterClient {
  #address: PeerAddress;
  #socket: Promise<Socket> | undefined;
  #open: Socket | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;
  /** As the peer last introduced itself. */
  peer: Hello | undefined;
  onHello: (hello: Hello) => void = () => undefined;

  constructor(address: PeerAddress) {
    this.#address = address;
  }

  /** The peer listens on this port from now on. */
  redirect(port: number): void {
    this.#address = { ...this.#address, port };
    this.cut();
  }

  get connected(): boolean {
    return this.#open !== undefined;
  }

  /** Connects, so that the peer is known. */
  async introduce(): Promise<void> {
    await this.#connection();
  }

  async call<T>(request: InterclusterRequest, schema: z.ZodType<T>): Promise<{ result: T; body: Buffer }> {
    const socket = await this.#connection();
    const { result, body } = await this.#ask(socket, request);
    return { result: schema.parse(result), body };
  }

  #connection(): Promise<Socket> {
    this.#socket ??= this.#connect().catch((error: unknown) => {
      this.#socket = undefined;
      throw error;
    });
    return this.#socket;
  }

  async #connect(): Promise<Socket> {
    const { host, port, token } = this.#address;
    if (port === 0) throw new PeerUnreachable('the peer cluster has not told its address yet');
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opening = connect({ host, port, noDelay: true });
      opening.once('connect', () => resolve(opening));
      opening.once('error', (error) => reject(new PeerUnreachable(error.message)));
    });
    socket.on('error', () => undefined);
    socket.once('close', () => this.#lost(socket));
    onFrames(socket, ({ header, body }) => {
      const reply = replySchema.parse(JSON.parse(header.toString()));
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.error) waiting?.reject(new RestError(400, reply.error.code, reply.error.message));
      else waiting?.resolve({ result: reply.result, body });
    });
    const { result } = await this.#ask(socket, { method: 'hello', token });
    this.#open = socket;
    this.peer = helloSchema.parse(result);
    this.onHello(this.peer);
    return socket;
  }

  #ask(socket: Socket, request: InterclusterRequest): Promise<{ result: unknown; body: Buffer }> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new PeerUnreachable('connection lost'));
      this.#waiting.set(id, { resolve, reject });
      void sendFrame(socket, { id, request });
    });
  }

  #lost(socket: Socket): void {
    if (this.#open === socket || this.#open === undefined) {
      this.#open = undefined;
      this.#socket = undefined;
    }
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(new PeerUnreachable('connection to the peer cluster lost'));
  }

  /** Drops the connection; calls in flight fail. */
  cut(): void {
    const open = this.#open;
    this.#open = undefined;
    this.#socket = undefined;
    open?.destroy();
  }
}
