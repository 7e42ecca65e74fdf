import { z } from 'zod';
import type { OntapArray } from '../ontap-array.ts';
import { readAll } from '../rest/collection.ts';
import { noReference, referenceSchema } from './references.ts';

const peerSchema = z.object({
  /** Local alias of the remote SVM; may differ from its real name. */
  name: z.string(),
  svm: referenceSchema.default(noReference),
  state: z.string().default(''),
  peer: z
    .object({
      svm: referenceSchema.default(noReference),
      cluster: referenceSchema.default(noReference),
    })
    .default({ svm: noReference, cluster: noReference }),
});

export type SvmPeer = z.infer<typeof peerSchema>;

export function listSvmPeers(array: OntapArray, signal?: AbortSignal): Promise<SvmPeer[]> {
  return readAll(array.rest, peerSchema, '/svm/peers', { fields: 'name,svm,peer,state' }, signal);
}

/** The peering by which `localSvm` knows a remote SVM under `alias`. */
export function peerByAlias(peers: readonly SvmPeer[], localSvm: string, alias: string): SvmPeer | undefined {
  return peers.find(({ name, svm }) => name === alias && svm.name === localSvm);
}
