import { type Clock, isError } from '@leeward/core';
import { normalFingerprint } from '@leeward/platform';
import { confirm } from '../commands/secret-input.ts';
import type { Output } from '../output/output.ts';
import { notePossibleMisfit } from './connect-remote.ts';
import { givenTrust, type ServerTrust, type TrustWords, usualTrust } from './server-trust.ts';

/**
 * How the certificate of a server is verified from now on: as the user says; else by the usual authorities; else, once the
 * user has compared it, by its fingerprint. `pinned` was confirmed before. Undefined: the usual authorities.
 */
export async function confirmedTrust(
  words: TrustWords & { readonly server: string },
  pinned: ServerTrust | undefined,
  output: Output,
  clock: Clock,
): Promise<ServerTrust | undefined> {
  const { server } = words;
  const given = await givenTrust(words);
  try {
    await notePossibleMisfit({ server, trust: given ?? usualTrust() }, output, clock);
    return given;
  } catch (error) {
    const shown = isError(error, 'L-AUT-141') ? error.details['fingerprint'] : undefined;
    if (given || typeof shown !== 'string') throw error;
    const trust = { kind: 'fingerprint', sha256: normalFingerprint(shown) } as const;
    if (pinned?.kind !== 'fingerprint' || normalFingerprint(pinned.sha256) !== trust.sha256) {
      if (pinned) output.note('The server shows another certificate than at the sign-in before.');
      output.note(`The certificate of ${server} has the SHA-256 fingerprint`);
      output.note(`  ${shown}`);
      if (!(await confirm('Is that the fingerprint that `leeward server start` shows there?'))) throw error;
    }
    await notePossibleMisfit({ server, trust }, output, clock);
    return trust;
  }
}
