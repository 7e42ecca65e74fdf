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
import type { TargetChap } from './served-target.ts';

/** The target's half of CHAP. */
export class ChapChallenge {
  readonly #chap: TargetChap;
  readonly #question: ChapQuestion;
  #algorithm: ChapAlgorithm | undefined;

  constructor(chap: TargetChap, randomness: Randomness) {
    this.#chap = chap;
    this.#question = newQuestion(randomness);
  }

  /** The challenge for the algorithms that the initiator offers; `undefined` when there is no common one. */
  challenge(offered: string): KeyPair[] | undefined {
    const theirs = offered.split(',').map((text) => chapAlgorithm(textNumber('CHAP_A', text, 0, 255)));
    const ours = this.#chap.algorithms ?? defaultChapAlgorithms;
    this.#algorithm = theirs.find((algorithm) => algorithm !== undefined && ours.includes(algorithm));
    if (!this.#algorithm) return undefined;
    return [
      ['CHAP_A', String(chapNumber(this.#algorithm))],
      ['CHAP_I', String(this.#question.identifier)],
      ['CHAP_C', encodeBinary(this.#question.challenge)],
    ];
  }

  /** The proof of the target where one is wanted; `undefined` when the initiator is not who it says. */
  verify(keys: ReadonlyMap<string, string>): KeyPair[] | undefined {
    const algorithm = this.#algorithm;
    if (!algorithm) throw new PduError('a CHAP answer without a challenge');
    const given = decodeBinary('CHAP_R', keys.get('CHAP_R') ?? '');
    const expected = chapResponse(
      algorithm,
      this.#question.identifier,
      this.#chap.secret,
      this.#question.challenge,
    );
    const isRight = sameBytes(given, expected);
    if (keys.get('CHAP_N') !== this.#chap.user || !isRight) return undefined;
    const theirs = keys.get('CHAP_C');
    if (theirs === undefined) return [];
    const { mutual } = this.#chap;
    const challenge = decodeBinary('CHAP_C', theirs);
    // Our own challenge sent back would make us tell the answer to it.
    if (!mutual || sameBytes(challenge, this.#question.challenge)) return undefined;
    const identifier = textNumber('CHAP_I', keys.get('CHAP_I') ?? '', 0, 255);
    return [
      ['CHAP_N', mutual.user],
      ['CHAP_R', encodeBinary(chapResponse(algorithm, identifier, mutual.secret, challenge))],
    ];
  }
}
