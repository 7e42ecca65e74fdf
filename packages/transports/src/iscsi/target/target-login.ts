import type { Randomness } from '@leeward/core';
import { type LoginHead, type LoginStep, loginStatus, stage } from '../login/login-pdu.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { type Portal, portalText } from '../pdu/portal-address.ts';
import type { KeyPair } from '../pdu/text-keys.ts';
import { ChapChallenge } from './chap-challenge.ts';
import type { LoginFault, SessionInfo } from './fault-hooks.ts';
import { OperationalAnswer, type SessionParameters, type TargetOffer } from './operational-answer.ts';
import type { ServedTarget, TargetChap } from './served-target.ts';

export interface TargetLoginOptions {
  readonly portal: string;
  readonly groupTag: number;
  readonly offer: TargetOffer;
  /** For discovery sessions. */
  readonly discoveryChap: TargetChap | undefined;
  readonly randomness: Randomness;
  readonly fault: ((session: SessionInfo) => LoginFault | undefined) | undefined;
  find(targetName: string): ServedTarget | undefined;
}

/** Who has logged in. */
export interface LoggedIn {
  readonly initiatorName: string;
  /** None for a discovery session. */
  readonly target: ServedTarget | undefined;
  readonly isid: string;
  readonly parameters: SessionParameters;
}

/** The login is turned down. */
export class LoginRefusal extends Error {
  readonly status: number;
  readonly keys: readonly KeyPair[];

  constructor(status: number, keys: readonly KeyPair[] = []) {
    super('login refused');
    this.status = status;
    this.keys = keys;
  }
}

/** The connection is to be cut without an answer. */
export class LoginDrop extends Error {}

const maxRounds = 32;

/** The target's side of a login as a pure dialogue. Throws `LoginRefusal`, `LoginDrop` or `PduError`. */
export class TargetLogin {
  readonly #options: TargetLoginOptions;
  readonly #operational: OperationalAnswer;
  #initiatorName = '';
  #target: ServedTarget | undefined;
  #isNormal = false;
  #chap: ChapChallenge | undefined;
  #authenticated = false;
  #stage: number | undefined;
  #isid = '';
  #declared = false;
  #rounds = 0;

  constructor(options: TargetLoginOptions) {
    this.#options = options;
    this.#operational = new OperationalAnswer(options.offer);
  }

  /** The name that the initiator gave, once it did. */
  get initiatorName(): string {
    return this.#initiatorName;
  }

  /** The answer to a whole text; when it moves to the full feature phase, `done` says who it is. */
  answer(
    head: LoginHead,
    keys: ReadonlyMap<string, string>,
  ): { step: LoginStep; done: LoggedIn | undefined } {
    if (++this.#rounds > maxRounds) throw new LoginRefusal(loginStatus.initiatorError);
    if (this.#stage === undefined) this.#begin(head, keys);
    if (head.current !== this.#stage) throw new LoginRefusal(loginStatus.invalidDuringLogin);
    if (head.transit && head.next <= head.current) throw new LoginRefusal(loginStatus.initiatorError);
    const replies = head.current === stage.security ? this.#security(keys) : this.#operate(keys);
    const next = head.transit ? this.#next(head) : head.current;
    const step = { current: head.current, next, keys: [...this.#declarations(head), ...replies] };
    this.#stage = next;
    return { step, done: next === stage.fullFeature ? this.#finish() : undefined };
  }

  #begin(head: LoginHead, keys: ReadonlyMap<string, string>): void {
    if (head.tsih !== 0) throw new LoginRefusal(loginStatus.noSuchSession);
    if (head.current !== stage.security && head.current !== stage.operational)
      throw new LoginRefusal(loginStatus.initiatorError);
    const name = keys.get('InitiatorName');
    if (!name || name.length > 223) throw new LoginRefusal(loginStatus.missingParameter);
    this.#initiatorName = name;
    this.#isid = head.isid.toString('hex');
    const type = keys.get('SessionType') ?? 'Normal';
    if (type !== 'Normal' && type !== 'Discovery') throw new LoginRefusal(loginStatus.unsupportedSessionType);
    this.#isNormal = type === 'Normal';
    const targetName = keys.get('TargetName');
    if (this.#isNormal && !targetName) throw new LoginRefusal(loginStatus.missingParameter);
    this.#obey({ initiatorName: name, targetName: this.#isNormal ? targetName : undefined });
    if (this.#isNormal) this.#admit(targetName ?? '');
    const { discoveryChap, randomness } = this.#options;
    const chap = this.#target ? this.#target.chap?.(name) : discoveryChap;
    if (chap) this.#chap = new ChapChallenge(chap, randomness);
    this.#authenticated = !chap;
    if (chap && head.current !== stage.security) throw new LoginRefusal(loginStatus.authenticationFailed);
    this.#stage = head.current;
  }

  #admit(targetName: string): void {
    this.#target = this.#options.find(targetName);
    if (!this.#target) throw new LoginRefusal(loginStatus.notFound);
    if (!this.#target.luns(this.#initiatorName)) throw new LoginRefusal(loginStatus.notAllowed);
  }

  #obey(session: Omit<SessionInfo, 'portal'>): void {
    const fault = this.#options.fault?.({ ...session, portal: this.#options.portal });
    if (!fault) return;
    if (fault.kind === 'drop') throw new LoginDrop();
    if (fault.kind === 'refuse') throw new LoginRefusal(fault.status);
    throw new LoginRefusal(loginStatus.movedTemporarily, [['TargetAddress', addressText(fault.portal)]]);
  }

  #security(keys: ReadonlyMap<string, string>): KeyPair[] {
    const method = keys.get('AuthMethod');
    if (method !== undefined) {
      const wanted = this.#chap ? 'CHAP' : 'None';
      if (!method.split(',').includes(wanted)) throw new LoginRefusal(loginStatus.authenticationFailed);
      return [['AuthMethod', wanted], ...this.#early(keys)];
    }
    if (!this.#chap) return this.#early(keys);
    const offered = keys.get('CHAP_A');
    const replies = offered === undefined ? this.#prove(keys) : this.#chap.challenge(offered);
    if (!replies) throw new LoginRefusal(loginStatus.authenticationFailed);
    return replies;
  }

  #prove(keys: ReadonlyMap<string, string>): KeyPair[] | undefined {
    if (!keys.has('CHAP_R')) return [];
    if (this.#authenticated) throw new PduError('a second CHAP answer');
    const replies = this.#chap?.verify(keys);
    this.#authenticated = replies !== undefined;
    return replies;
  }

  /** Operational keys may come in the security stage already. */
  #early(keys: ReadonlyMap<string, string>): KeyPair[] {
    return [...keys].flatMap(([key, value]) =>
      key.startsWith('CHAP_') || key === 'AuthMethod' ? [] : this.#operational.answer(key, value),
    );
  }

  #operate(keys: ReadonlyMap<string, string>): KeyPair[] {
    return [...keys].flatMap(([key, value]) => this.#operational.answer(key, value));
  }

  /** What the target says about itself: the group tag first, its own limits in the operational stage. */
  #declarations(head: LoginHead): KeyPair[] {
    const pairs: KeyPair[] = [];
    if (this.#rounds === 1 && this.#isNormal) {
      pairs.push(['TargetPortalGroupTag', String(this.#options.groupTag)]);
      if (this.#target?.alias) pairs.push(['TargetAlias', this.#target.alias]);
    }
    if (head.current === stage.operational && !this.#declared) {
      this.#declared = true;
      pairs.push(['MaxRecvDataSegmentLength', String(this.#options.offer.maxReceiveBytes)]);
    }
    return pairs;
  }

  #next(head: LoginHead): number {
    // An initiator that wants to go on before it has proved who it is stays where it is, or is turned down.
    if (!this.#authenticated) {
      if (head.next === stage.fullFeature) throw new LoginRefusal(loginStatus.authenticationFailed);
      return head.current;
    }
    return head.next;
  }

  #finish(): LoggedIn {
    if (!this.#authenticated) throw new LoginRefusal(loginStatus.authenticationFailed);
    if (this.#isNormal && !this.#operational.satisfied) throw new LoginRefusal(loginStatus.initiatorError);
    return {
      initiatorName: this.#initiatorName,
      target: this.#target,
      isid: this.#isid,
      parameters: this.#operational.parameters,
    };
  }
}

function addressText(portal: Portal): string {
  return portalText(portal);
}
