import { PduError } from '../pdu/pdu-error.ts';
import { encodeTextKeys, type KeyPair } from '../pdu/text-keys.ts';
import type { ServedTarget } from './served-target.ts';

export interface SendTargetsPlace {
  readonly initiatorName: string;
  /** The target of this session; none in discovery. */
  readonly target: ServedTarget | undefined;
  targets(): Iterable<ServedTarget>;
  /** `host:port,tag` of every portal, as this initiator reaches them. */
  addresses(): readonly string[];
}

/** The answer to a text request: SendTargets, and `Reject` for what is not negotiated here. */
export function answerText(keys: Iterable<KeyPair>, place: SendTargetsPlace): Buffer {
  const pairs: KeyPair[] = [];
  for (const [key, value] of keys) {
    if (key === 'SendTargets') pairs.push(...sendTargets(value, place));
    else if (key !== 'MaxRecvDataSegmentLength') pairs.push([key, 'Reject']);
  }
  return encodeTextKeys(pairs);
}

function sendTargets(which: string, place: SendTargetsPlace): KeyPair[] {
  const { initiatorName, target } = place;
  if (which === 'All' && target) throw new PduError('SendTargets=All outside of a discovery session');
  const pairs: KeyPair[] = [];
  for (const served of place.targets()) {
    const isWanted = which === 'All' || served.name === (which || target?.name);
    if (!isWanted || !served.luns(initiatorName)) continue;
    pairs.push(['TargetName', served.name]);
    for (const address of place.addresses()) pairs.push(['TargetAddress', address]);
  }
  return pairs;
}
