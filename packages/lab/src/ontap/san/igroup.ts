import type { Svm } from '../storage/svm.ts';

export interface IgroupInitiator {
  readonly name: string;
  comment: string;
}

export type IgroupProtocol = 'iscsi' | 'fcp' | 'mixed';

/** Initiators that see the same LUNs. */
export interface Igroup {
  readonly uuid: string;
  readonly svm: Svm;
  name: string;
  osType: string;
  protocol: IgroupProtocol;
  comment: string;
  deleteOnUnmap: boolean;
  initiators: IgroupInitiator[];
}

export const hasInitiator = (igroup: Igroup, name: string): boolean =>
  igroup.initiators.some((one) => one.name === name);

/** Initiators that two groups have in common. */
export const shareInitiator = (a: Igroup, b: Igroup): boolean =>
  a.svm === b.svm && a.initiators.some(({ name }) => hasInitiator(b, name));
