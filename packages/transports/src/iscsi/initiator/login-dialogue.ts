import type { Randomness } from '@leeward/core';
import { type LoginStep, stage } from '../login/login-pdu.ts';
import { PduError } from '../pdu/pdu-error.ts';
import type { KeyPair } from '../pdu/text-keys.ts';
import { ChapAnswer, MutualChapFailure } from './chap-answer.ts';
import type { ChapCredentials } from './chap-credentials.ts';
import { type NegotiatedParameters, OperationalOffer, type OperationalWish } from './operational-offer.ts';

export interface LoginWish extends OperationalWish {
  readonly initiatorName: string;
  /** None for a discovery session. */
  readonly targetName: string | undefined;
  readonly chap: ChapCredentials | undefined;
  readonly randomness: Randomness;
}

/** The target wants CHAP, and there are no credentials. */
export class ChapDemanded extends Error {}

/** What the target said: where it went and its keys. */
export interface LoginAnswer {
  readonly transit: boolean;
  readonly current: number;
  readonly next: number;
  readonly keys: ReadonlyMap<string, string>;
}

const maxRounds = 16;

/**
 * The initiator's side of a login as a pure dialogue: `start`, then `answer` for each whole text of the target,
 * until it gives the parameters. Throws `PduError`, `MutualChapFailure`, `ChapDemanded` or `NoAgreement`.
 */
export class LoginDialogue {
  readonly #wish: LoginWish;
  readonly #chap: ChapAnswer | undefined;
  readonly #offer: OperationalOffer;
  #stage: 'method' | 'challenge' | 'proof' | 'leaving' | 'operational' = 'method';
  #proved = false;
  #rounds = 0;

  constructor(wish: LoginWish) {
    this.#wish = wish;
    this.#chap = wish.chap ? new ChapAnswer(wish.chap, wish.randomness) : undefined;
    this.#offer = new OperationalOffer(wish, wish.targetName !== undefined);
  }

  start(): LoginStep {
    const { initiatorName, targetName, chap } = this.#wish;
    const keys: KeyPair[] = [
      ['InitiatorName', initiatorName],
      ['SessionType', targetName === undefined ? 'Discovery' : 'Normal'],
    ];
    if (targetName !== undefined) keys.push(['TargetName', targetName]);
    // One-way CHAP protects the target: where it does not want it, nothing is lost. Mutual CHAP protects us.
    keys.push(['AuthMethod', chap ? (chap.mutual ? 'CHAP' : 'CHAP,None') : 'None']);
    return security(keys, chap === undefined);
  }

  answer(said: LoginAnswer): LoginStep | NegotiatedParameters {
    if (++this.#rounds > maxRounds) throw new PduError('a login without end');
    const expected = this.#stage === 'operational' ? stage.operational : stage.security;
    if (said.current !== expected) throw new PduError(`login stage ${said.current} instead of ${expected}`);
    if (said.transit && said.next <= said.current) throw new PduError(`a login going to stage ${said.next}`);
    if (this.#stage === 'operational') return this.#operational(said);
    this.#offer.note(said.keys);
    return this.#security(said);
  }

  #security(said: LoginAnswer): LoginStep {
    if (this.#stage === 'method') {
      const method = said.keys.get('AuthMethod');
      if (method === 'CHAP') return this.#begin();
      if (method === 'Reject' && !this.#chap) throw new ChapDemanded();
      if (method !== undefined && method !== 'None')
        throw new PduError('an authentication method not offered');
      if (method === undefined && this.#chap && !said.transit)
        throw new PduError('no choice of an authentication method');
      this.#stage = 'leaving';
      if (!said.transit) return security([], true);
    } else if (this.#stage === 'challenge') {
      const keys = (this.#chap as ChapAnswer).answer(said.keys);
      this.#stage = 'proof';
      return security(keys, true);
    } else if (this.#stage === 'proof') {
      this.#chap?.verify(said.keys);
      this.#proved = true;
      this.#stage = 'leaving';
    }
    if (!said.transit) return security([], true);
    if (said.next !== stage.operational) throw new PduError('a login that leaves out its operational stage');
    if (this.#wish.chap?.mutual && !this.#proved) throw new MutualChapFailure('it left out CHAP');
    this.#stage = 'operational';
    return { current: stage.operational, next: stage.fullFeature, keys: this.#offer.keys() };
  }

  #begin(): LoginStep {
    if (!this.#chap) throw new ChapDemanded();
    this.#stage = 'challenge';
    return security(this.#chap.offer(), false);
  }

  #operational(said: LoginAnswer): LoginStep | NegotiatedParameters {
    const replies = this.#offer.take(said.keys);
    if (said.transit && replies.length === 0) return this.#offer.result();
    return { current: stage.operational, next: stage.fullFeature, keys: replies };
  }
}

function security(keys: readonly KeyPair[], leave: boolean): LoginStep {
  return { current: stage.security, next: leave ? stage.operational : stage.security, keys };
}
