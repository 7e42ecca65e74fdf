import type { Randomness } from '@leeward/core';
import {
  type ChapAlgorithm,
  type ChapQuestion,
  chapAlgorithm,
  chapNumber,
  chapResponse,
  decodeBinary,
  defaultChapAlgorithms,
  encodeBinary,
  newQuestion,
  sameBytes,
} from '../login/chap.ts';
import { PduError } from '../pdu/pdu-error.ts';
import { type KeyPair, textNumber } from '../pdu/text-keys.ts';
import type { ChapCredentials } from './chap-credentials.ts';

/** Why the target is not trusted. */
export class MutualChapFailure extends Error {}

/** The initiator's half of CHAP: offer, answer, and check of the target's answer. */
export class ChapAnswer {
  readonly #credentials: ChapCredentials;
  readonly #question: ChapQuestion;
  #algorithm: ChapAlgorithm | undefined;

  constructor(credentials: ChapCredentials, randomness: Randomness) {
    this.#credentials = credentials;
    this.#question = newQuestion(randomness);
  }

  offer(): KeyPair[] {
    return [['CHAP_A', this.#offered().map(chapNumber).join(',')]];
  }

  /** Answers CHAP_A, CHAP_I and CHAP_C. */
  answer(keys: ReadonlyMap<string, string>): KeyPair[] {
    const algorithm = chapAlgorithm(textNumber('CHAP_A', keys.get('CHAP_A') ?? '', 0, 255));
    if (!algorithm || !this.#offered().includes(algorithm))
      throw new PduError('a CHAP algorithm not offered');
    const identifier = textNumber('CHAP_I', keys.get('CHAP_I') ?? '', 0, 255);
    const challenge = decodeBinary('CHAP_C', keys.get('CHAP_C') ?? '');
    if (sameBytes(challenge, this.#question.challenge))
      throw new MutualChapFailure('it sent our own challenge back');
    this.#algorithm = algorithm;
    const { user, secret, mutual } = this.#credentials;
    const pairs: KeyPair[] = [
      ['CHAP_N', user],
      ['CHAP_R', encodeBinary(chapResponse(algorithm, identifier, secret, challenge))],
    ];
    if (mutual)
      pairs.push(
        ['CHAP_I', String(this.#question.identifier)],
        ['CHAP_C', encodeBinary(this.#question.challenge)],
      );
    return pairs;
  }

  /** Checks the target's proof where one is wanted; throws `MutualChapFailure`. */
  verify(keys: ReadonlyMap<string, string>): void {
    const { mutual } = this.#credentials;
    if (!mutual) return;
    const given = keys.get('CHAP_R');
    if (!this.#algorithm || given === undefined) throw new MutualChapFailure('it gave no proof');
    const expected = chapResponse(
      this.#algorithm,
      this.#question.identifier,
      mutual.secret,
      this.#question.challenge,
    );
    if (!sameBytes(decodeBinary('CHAP_R', given), expected))
      throw new MutualChapFailure('its proof is wrong');
    if (keys.get('CHAP_N') !== mutual.user) throw new MutualChapFailure('its user name is another one');
  }

  #offered(): readonly ChapAlgorithm[] {
    return this.#credentials.algorithms ?? defaultChapAlgorithms;
  }
}
