import { type ErrorDetails, LeewardError } from '@leeward/core';
import {
  type LoginStep,
  loginRequest,
  loginStatus,
  loginStatusName,
  readLoginHead,
} from '../login/login-pdu.ts';
import { field, opcode, opcodeOf } from '../pdu/opcodes.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { type AdvertisedPortal, parsePortalAddress } from '../pdu/portal-address.ts';
import { TextGatherer } from '../pdu/text-gatherer.ts';
import { encodeTextKeys, parseTextKeys, parseUniqueKeys } from '../pdu/text-keys.ts';
import { MutualChapFailure } from './chap-answer.ts';
import type { CommandWindow } from './command-window.ts';
import { ChapDemanded, LoginDialogue, type LoginWish } from './login-dialogue.ts';
import { type NegotiatedParameters, NoAgreement } from './operational-offer.ts';

/** The target sends the initiator on to another portal. */
export class LoginRedirect extends Error {
  readonly portal: AdvertisedPortal;

  constructor(portal: AdvertisedPortal) {
    super('redirected');
    this.portal = portal;
  }
}

export interface LoginClientOptions extends LoginWish {
  readonly portal: string;
  readonly isid: Uint8Array;
  readonly window: CommandWindow;
  send(header: Buffer, data: Uint8Array): void;
}

const loginTag = 0;
const maxPieces = 64;

/** A login at the level of PDUs. Throws `LoginRedirect` or the `L-BLK-1xx` errors that a login can have. */
export class LoginClient {
  readonly #options: LoginClientOptions;
  readonly #dialogue: LoginDialogue;
  readonly #text = new TextGatherer();
  #step: LoginStep;
  #isFirst = true;
  #pieces = 0;

  constructor(options: LoginClientOptions) {
    this.#options = options;
    this.#dialogue = new LoginDialogue(options);
    this.#step = this.#dialogue.start();
  }

  start(): void {
    this.#send(this.#step);
  }

  /** Takes a PDU of the target; gives the parameters when the login is done. */
  received(header: Buffer, data: Uint8Array): NegotiatedParameters | undefined {
    try {
      return this.#take(header, data);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  #take(header: Buffer, data: Uint8Array): NegotiatedParameters | undefined {
    if (opcodeOf(header) === opcode.reject) throw new PduError('it rejected the login request');
    if (opcodeOf(header) !== opcode.loginResponse) throw new PduError('no answer to a login');
    const head = readLoginHead(header);
    if (head.initiatorTag !== loginTag) throw new PduError('an answer to another login');
    const status = header.readUInt16BE(36);
    if (status !== loginStatus.success) throw this.#refusal(status, data);
    if (this.#isFirst) this.#options.window.begin(header.readUInt32BE(field.statusSerial));
    this.#isFirst = false;
    this.#options.window.observe(header, true);
    const whole = this.#text.add(data, head.continued);
    if (!whole) {
      if (++this.#pieces > maxPieces) throw new PduError('a login text without end');
      this.#send({ current: this.#step.current, next: this.#step.current, keys: [] });
      return undefined;
    }
    const { transit, current, next } = head;
    const then = this.#dialogue.answer({ transit, current, next, keys: parseUniqueKeys(whole) });
    if ('digests' in then) return then;
    this.#step = then;
    this.#send(then);
    return undefined;
  }

  #send(step: LoginStep): void {
    const { window, isid, send } = this.#options;
    const header = loginRequest(step, {
      isid,
      tsih: 0,
      initiatorTag: loginTag,
      commandSerial: window.next,
      expectedStatusSerial: window.expectedStatus,
    });
    send(header, encodeTextKeys(step.keys));
  }

  #refusal(status: number, data: Uint8Array): Error {
    if (status === loginStatus.movedTemporarily || status === loginStatus.movedPermanently) {
      const address = parseTextKeys(data).find(([key]) => key === 'TargetAddress')?.[1] ?? '';
      const portal = parsePortalAddress(address);
      return portal ? new LoginRedirect(portal) : new PduError('it sent the login on to nowhere');
    }
    const answer = loginStatusName(status);
    const busy: readonly number[] = [
      loginStatus.tooManyConnections,
      loginStatus.targetError,
      loginStatus.unavailable,
      loginStatus.outOfResources,
    ];
    if (busy.includes(status)) return this.#error('L-BLK-112', { answer });
    switch (status) {
      case loginStatus.authenticationFailed:
        return this.#error(this.#options.chap ? 'L-BLK-102' : 'L-BLK-103');
      case loginStatus.notAllowed:
        return this.#error('L-BLK-106');
      case loginStatus.notFound:
      case loginStatus.removed:
        return this.#error('L-BLK-105', { answer });
      default:
        return this.#error('L-BLK-101', { answer });
    }
  }

  #translated(error: unknown): unknown {
    if (error instanceof PduError) return this.#error('L-BLK-107', { problem: error.message });
    if (error instanceof MutualChapFailure) return this.#error('L-BLK-104', { problem: error.message });
    if (error instanceof ChapDemanded) return this.#error('L-BLK-103');
    if (error instanceof NoAgreement) return this.#error('L-BLK-108', { key: error.key, value: error.value });
    return error;
  }

  #error(code: ConstructorParameters<typeof LeewardError>[0], details: ErrorDetails = {}): LeewardError {
    const { portal, targetName = 'discovery', initiatorName } = this.#options;
    return new LeewardError(code, { portal, target: targetName, initiator: initiatorName, ...details });
  }
}
