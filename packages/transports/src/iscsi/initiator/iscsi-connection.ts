import type { Socket } from 'node:net';
import { bounded, isError, LeewardError, type Timer } from '@leeward/core';
import { ReceiveTarget } from '../../receive-target.ts';
import { dial } from '../../rpc/client/dial.ts';
import { Heartbeat } from '../heartbeat.ts';
import {
  defaultSegmentBytes,
  field,
  headerBytes,
  opcode,
  opcodeOf,
  portDefault,
  reservedTag,
} from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { PduReceiver, type PduSink } from '../pdu/pdu-receiver.ts';
import { portalText } from '../pdu/portal-address.ts';
import { nextSerial } from '../pdu/serial-number.ts';
import { CommandWindow } from './command-window.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { LoginClient } from './login-client.ts';
import type { NegotiatedParameters } from './operational-offer.ts';
import { PduSender } from './pdu-sender.ts';
import type { ScsiOutcome, ScsiRequest } from './scsi-task.ts';
import { logoutRequest, pingAnswer, pingRequest, textRequest } from './task-requests.ts';
import { TaskTable } from './task-table.ts';
import { TextExchange } from './text-exchange.ts';

const logoutTimeoutMs = 2_000;
const asyncEvent = { scsi: 0, logoutRequest: 1, connectionDrop: 2, sessionDrop: 3, negotiate: 4 } as const;

/**
 * One session with one connection to one portal: login, then any number of commands in flight. It ends by
 * `close`, by loss (`L-BLK-109`), by a break of the protocol (`L-BLK-107`) or because the target did not answer
 * (`L-BLK-113`); all commands in flight then fail with that reason and may be repeated elsewhere.
 */
export class IscsiConnection implements PduSink {
  readonly portal: string;
  readonly #options: ConnectionOptions;
  readonly #window: CommandWindow;
  readonly #receiver: PduReceiver;
  readonly #receiveTarget = new ReceiveTarget(headerBytes);
  readonly #tasks: TaskTable;
  readonly #heartbeat: Heartbeat;
  readonly #texts: TextExchange;
  #login: LoginClient | undefined;
  #loggedIn: ((parameters: NegotiatedParameters) => void) | undefined;
  #loginFailed: ((reason: unknown) => void) | undefined;
  #loggedOut: (() => void) | undefined;
  #parameters: NegotiatedParameters | undefined;
  #socket: Socket | undefined;
  #sender: PduSender | undefined;
  #timer: Timer | undefined;
  #lastTag: number;
  #closed = false;
  #leaving = false;

  /** Throws `L-NET-101`, an error of `LoginClient`, or `LoginRedirect`. The caller closes it. */
  static async open(options: ConnectionOptions, signal?: AbortSignal): Promise<IscsiConnection> {
    const connection = new IscsiConnection(options);
    try {
      await connection.#open(signal);
      return connection;
    } catch (error) {
      connection.close(error);
      throw error;
    }
  }

  private constructor(options: ConnectionOptions) {
    const { clock, timeouts, randomness, portal, maxReceiveBytes } = options;
    this.#options = options;
    this.portal = portalText(portal);
    this.#window = new CommandWindow(Math.floor(randomness.fraction() * 2 ** 32));
    this.#lastTag = Math.floor(randomness.fraction() * 2 ** 31);
    this.#receiver = new PduReceiver(this, Math.max(defaultSegmentBytes, maxReceiveBytes));
    this.#tasks = new TaskTable({
      portal: this.portal,
      window: this.#window,
      commandTimeoutMs: timeouts.commandMs,
      newTag: () => this.#newTag(),
      nowMs: () => clock.monotonicMs(),
      send: (header) => this.#send(header),
      discardRest: () => {
        if (!this.#receiver.discardRest())
          this.close(this.#lost('a read was cancelled while its data came in'));
      },
      close: (reason) => this.close(reason),
    });
    this.#heartbeat = new Heartbeat(clock.monotonicMs(), {
      ...timeouts,
      ping: () => this.#send(pingRequest(this.#newTag(), this.#window)),
      lost: (silentMs) => this.close(this.#lost(`no sign of life for ${Math.round(silentMs)} ms`)),
    });
    this.#texts = new TextExchange((text, targetTag) =>
      this.#send(textRequest(this.#newTag(), targetTag, this.#window), text),
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** False when it is closed, or the target asked to leave: new commands belong elsewhere. */
  get usable(): boolean {
    return !this.#closed && !this.#leaving;
  }

  get parameters(): NegotiatedParameters {
    if (!this.#parameters) throw this.#lost('the login is not done');
    return this.#parameters;
  }

  execute(request: ScsiRequest, signal?: AbortSignal): Promise<ScsiOutcome> {
    if (this.#closed) return Promise.reject(this.#lost('the session is closed'));
    return this.#tasks.execute(request, signal);
  }

  /** The whole answer to a text request. */
  async text(request: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#closed) throw this.#lost('the session is closed');
    const bound = {
      name: `the answer of ${this.portal}`,
      timeoutMs: this.#options.timeouts.commandMs,
      signal,
    };
    return bounded(this.#options.clock, bound, () => this.#texts.ask(request));
  }

  /** Says goodbye as far as the target answers soon, then closes. Never throws. */
  async logout(): Promise<void> {
    if (this.#closed) return;
    const bound = { name: 'the logout', timeoutMs: logoutTimeoutMs };
    const goodbye = () =>
      new Promise<void>((resolve) => {
        this.#loggedOut = resolve;
        this.#send(logoutRequest(this.#newTag(), this.#window));
      });
    await bounded(this.#options.clock, bound, goodbye).catch(() => undefined);
    this.close(this.#lost('the session was logged out'));
  }

  /** Commands in flight fail with `reason`. Idempotent. */
  close(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#receiver.stop();
    this.#timer?.cancel();
    this.#socket?.destroy();
    this.#loginFailed?.(reason);
    this.#loggedOut?.();
    this.#texts.fail(reason);
    this.#tasks.failAll(reason);
    this.#options.onClosed?.(reason);
  }

  place(header: Buffer, lengthBytes: number): Uint8Array | 'collect' | 'discard' {
    if (!this.#login && opcodeOf(header) === opcode.dataIn) return this.#tasks.place(header, lengthBytes);
    if (this.#login && lengthBytes > defaultSegmentBytes)
      throw new PduError('a login answer that is too long');
    return 'collect';
  }

  received(header: Buffer, data: Uint8Array): void {
    if (this.#login) this.#loginAnswered(this.#login, header, data);
    else this.#told(header, data);
  }

  #told(header: Buffer, data: Uint8Array): void {
    const code = opcodeOf(header);
    switch (code) {
      case opcode.dataIn:
        this.#window.observe(header, ((header[1] ?? 0) & 1) !== 0);
        this.#tasks.received(header, data);
        break;
      case opcode.scsiResponse:
      case opcode.taskManagementResponse:
        this.#window.observe(header, true);
        this.#tasks.received(header, data);
        break;
      case opcode.nopIn:
        this.#window.observe(header, header.readUInt32BE(field.initiatorTag) !== reservedTag);
        if (header.readUInt32BE(field.targetTag) !== reservedTag)
          this.#send(pingAnswer(header, this.#window));
        break;
      case opcode.textResponse:
        this.#window.observe(header, true);
        this.#texts.received(header, data);
        break;
      case opcode.logoutResponse:
        this.#window.observe(header, true);
        this.#loggedOut?.();
        break;
      case opcode.asyncMessage:
        this.#window.observe(header, true);
        this.#messageCame(header[36] ?? 255);
        break;
      case opcode.reject:
        throw new PduError(`it rejected a request of ours with reason ${header[2] ?? 0}`);
      default:
        throw new PduError(`an operation code 0x${code.toString(16)} that no target may send`);
    }
    if (this.#closed) return;
    this.#tasks.windowMoved();
    if (this.#leaving) this.#leaveWhenDone();
  }

  async #open(signal: AbortSignal | undefined): Promise<void> {
    const { portal, localAddress, timeouts, clock, randomness } = this.#options;
    const { socket } = await dial({
      host: portal.host,
      port: portal.port ?? portDefault,
      localAddress,
      privilegedPort: 'never',
      timeoutMs: timeouts.connectMs,
      clock,
      randomness,
      signal,
      onBytes: (bytes) => this.#accept(bytes),
      nextTarget: () => this.#receiveTarget.next(this.#receiver.directTarget(), this.#receiver.isAfterLarge),
    });
    this.#socket = socket;
    this.#sender = new PduSender(socket);
    socket.on('error', (error) => this.close(this.#lost(error.message, error)));
    socket.on('close', () => this.close(this.#lost('the target closed the connection')));
    const bound = { name: `the login at ${this.portal}`, timeoutMs: timeouts.loginMs, signal };
    try {
      this.#parameters = await bounded(clock, bound, () => this.#logIn());
    } catch (error) {
      if (!isError(error, 'L-RUN-101')) throw error;
      throw new LeewardError(
        'L-BLK-113',
        { portal: this.portal, command: 'the login', timeoutMs: timeouts.loginMs },
        error,
      );
    }
    this.#scheduleTick();
  }

  #logIn(): Promise<NegotiatedParameters> {
    return new Promise((resolve, reject) => {
      this.#loggedIn = resolve;
      this.#loginFailed = reject;
      this.#login = new LoginClient({
        ...this.#options,
        portal: this.portal,
        window: this.#window,
        send: (header, data) => this.#send(header, data),
      });
      if (this.#closed || this.#socket?.destroyed) reject(this.#lost('the target closed the connection'));
      else this.#login.start();
    });
  }

  /** Switches to the full feature phase at once: the next PDU may be in the same bytes already. */
  #loginAnswered(login: LoginClient, header: Buffer, data: Uint8Array): void {
    const parameters = login.received(header, data);
    if (!parameters) return;
    this.#login = undefined;
    this.#parameters = parameters;
    this.#receiver.digests = parameters.digests;
    this.#receiver.maxDataBytes = this.#options.maxReceiveBytes;
    this.#loggedIn?.(parameters);
  }

  #accept(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#heartbeat.heard(this.#options.clock.monotonicMs());
    try {
      this.#receiver.accept(bytes);
    } catch (error) {
      this.close(error instanceof PduError ? this.#broken(error) : error);
    }
  }

  #send(header: Buffer, data?: Uint8Array): void {
    if (!this.#closed) this.#sender?.send(header, data, this.#receiver.digests);
  }

  #newTag(): number {
    this.#lastTag = nextSerial(this.#lastTag);
    if (this.#lastTag === reservedTag) this.#lastTag = 0;
    return this.#lastTag;
  }

  /** An asynchronous message. */
  #messageCame(event: number): void {
    if (event === asyncEvent.connectionDrop || event === asyncEvent.sessionDrop)
      this.close(this.#lost('the target said that it drops the session'));
    else if (event === asyncEvent.logoutRequest || event === asyncEvent.negotiate) this.#leaving = true;
    else if (event === asyncEvent.scsi) this.#options.onAttention?.();
  }

  #leaveWhenDone(): void {
    if (this.#tasks.active === 0 && !this.#loggedOut) void this.logout();
  }

  #scheduleTick(): void {
    const { clock, timeouts } = this.#options;
    const shortest = Math.min(timeouts.commandMs, timeouts.pingAfterMs, timeouts.pingTimeoutMs);
    this.#timer = clock.after(Math.min(1_000, Math.max(10, shortest / 4)), () => {
      if (this.#closed) return;
      const nowMs = clock.monotonicMs();
      this.#tasks.tick(nowMs);
      this.#heartbeat.tick(nowMs);
      if (!this.#closed) this.#scheduleTick();
    });
  }

  #lost(reason: string, cause?: unknown): LeewardError {
    return new LeewardError('L-BLK-109', { portal: this.portal, reason }, cause);
  }

  #broken(error: PduError): LeewardError {
    return new LeewardError('L-BLK-107', { portal: this.portal, problem: error.message }, error);
  }
}
