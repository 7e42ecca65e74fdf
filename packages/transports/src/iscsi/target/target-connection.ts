import type { Socket } from 'node:net';
import type { Clock, Timer } from '@leeward/core';
import { Heartbeat } from '../heartbeat.ts';
import { type LoginStep, loginFlags, loginStatus, readLoginHead } from '../login/login-pdu.ts';
import { defaultSegmentBytes, field, opcode, opcodeOf } from '../pdu/opcodes.ts';
import { newHeader } from '../pdu/pdu-encoder.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { PduReceiver, type PduSink } from '../pdu/pdu-receiver.ts';
import { nextSerial } from '../pdu/serial-number.ts';
import { TextGatherer } from '../pdu/text-gatherer.ts';
import { encodeTextKeys, type KeyPair, parseUniqueKeys } from '../pdu/text-keys.ts';
import { PduChannel } from './pdu-channel.ts';
import {
  type LoggedIn,
  LoginDrop,
  LoginRefusal,
  TargetLogin,
  type TargetLoginOptions,
} from './target-login.ts';
import type { TargetSession } from './target-session.ts';

/** What a connection needs when its login is done. */
export interface SessionStart {
  readonly who: LoggedIn;
  readonly channel: PduChannel;
  readonly firstCommandSerial: number;
  readonly firstStatusSerial: number;
}

export interface TargetConnectionOptions {
  readonly socket: Socket;
  readonly login: TargetLoginOptions;
  readonly clock: Clock;
  readonly loginTimeoutMs: number;
  readonly pingAfterMs: number;
  readonly pingTimeoutMs: number;
  newSessionHandle(): number;
  start(connection: TargetConnection, start: SessionStart): TargetSession;
  refused(initiatorName: string): void;
  failed(error: unknown): void;
  ended(connection: TargetConnection): void;
}

/** One TCP connection at the target: login, then the session that it carries. It never throws: it cuts. */
export class TargetConnection implements PduSink {
  readonly channel: PduChannel;
  readonly #options: TargetConnectionOptions;
  readonly #receiver: PduReceiver;
  readonly #login: TargetLogin;
  readonly #text = new TextGatherer();
  readonly #heartbeat: Heartbeat;
  session: TargetSession | undefined;
  #statusSerial: number;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: TargetConnectionOptions) {
    const { socket, clock, login, pingAfterMs, pingTimeoutMs } = options;
    this.#options = options;
    this.channel = new PduChannel(socket);
    this.#receiver = new PduReceiver(this, defaultSegmentBytes);
    this.#login = new TargetLogin(login);
    this.#statusSerial = Math.floor(login.randomness.fraction() * 2 ** 32);
    this.#heartbeat = new Heartbeat(clock.monotonicMs(), {
      pingAfterMs,
      pingTimeoutMs,
      ping: () => this.session?.ping(),
      lost: () => this.close(),
    });
    this.#timer = clock.after(options.loginTimeoutMs, () => this.close());
    socket.on('data', (bytes) => this.#accept(bytes));
    socket.on('error', () => this.close());
    socket.on('end', () => this.close());
    socket.on('close', () => this.close());
  }

  /** Cuts the connection; tasks end without an answer. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#receiver.stop();
    this.channel.destroy();
    this.session?.abortAll();
    this.#options.ended(this);
  }

  /** A defect of ours: whoever finds it loses only this connection. */
  failed(error: unknown): void {
    this.close();
    this.#options.failed(error);
  }

  place(header: Buffer, lengthBytes: number): Uint8Array | 'collect' | 'discard' {
    return this.session ? this.session.place(header, lengthBytes) : 'collect';
  }

  received(header: Buffer, data: Uint8Array): void {
    if (this.session) this.session.received(header, data);
    else this.#loginAsked(header, data);
  }

  #accept(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#heartbeat.heard(this.#options.clock.monotonicMs());
    try {
      this.#receiver.accept(bytes);
    } catch (error) {
      if (error instanceof PduError || error instanceof LoginDrop) this.close();
      else this.failed(error);
    }
  }

  #loginAsked(header: Buffer, data: Uint8Array): void {
    if (opcodeOf(header) !== opcode.login) throw new PduError('no login request');
    const head = readLoginHead(header);
    const whole = this.#text.add(data, head.continued);
    if (!whole) {
      this.#answer(header, { current: head.current, next: head.current, keys: [] }, 0);
      return;
    }
    try {
      const { step, done } = this.#login.answer(head, parseUniqueKeys(whole));
      if (!done) this.#answer(header, step, 0);
      else this.#begin(header, step, done);
    } catch (error) {
      if (!(error instanceof LoginRefusal)) throw error;
      this.#refuse(header, error);
    }
  }

  #begin(header: Buffer, step: LoginStep, who: LoggedIn): void {
    const first = header.readUInt32BE(field.commandSerial);
    const session = this.#options.start(this, {
      who,
      channel: this.channel,
      firstCommandSerial: first,
      firstStatusSerial: nextSerial(this.#statusSerial),
    });
    this.#answer(header, step, this.#options.newSessionHandle());
    this.session = session;
    this.channel.digests = who.parameters.digests;
    this.#receiver.digests = who.parameters.digests;
    this.#receiver.maxDataBytes = this.#options.login.offer.maxReceiveBytes;
    this.#timer?.cancel();
    this.#scheduleTick();
  }

  #answer(request: Buffer, step: LoginStep, handle: number): void {
    const header = this.#response(request, loginFlags(step), 0);
    header.writeUInt16BE(handle, 14);
    this.channel.send(header, encodeTextKeys(step.keys));
  }

  #refuse(request: Buffer, { status, keys }: LoginRefusal): void {
    this.#options.refused(this.#login.initiatorName);
    const header = this.#response(request, 0, status);
    this.channel.send(header, encodeTextKeys(keys as readonly KeyPair[]));
    this.#receiver.stop();
    this.channel.end();
  }

  #response(request: Buffer, flags: number, status: number): Buffer {
    const header = newHeader(opcode.loginResponse, flags);
    request.copy(header, 8, 8, 20);
    header.writeUInt32BE(this.#statusSerial, field.statusSerial);
    if (status === loginStatus.success) this.#statusSerial = nextSerial(this.#statusSerial);
    const first = request.readUInt32BE(field.commandSerial);
    header.writeUInt32BE(first, field.expectedCommandSerial);
    header.writeUInt32BE(first, field.maxCommandSerial);
    header.writeUInt16BE(status, 36);
    return header;
  }

  #scheduleTick(): void {
    const { clock, pingAfterMs, pingTimeoutMs } = this.#options;
    const tickMs = Math.min(1_000, Math.max(10, Math.min(pingAfterMs, pingTimeoutMs) / 4));
    this.#timer = clock.after(tickMs, () => {
      if (this.#closed) return;
      this.#heartbeat.tick(clock.monotonicMs());
      if (!this.#closed) this.#scheduleTick();
    });
  }
}
