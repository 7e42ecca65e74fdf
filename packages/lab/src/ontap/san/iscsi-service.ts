/** The iSCSI service of an SVM: one target, whose portals are the SVM's iSCSI LIFs. */
export interface IscsiService {
  readonly targetName: string;
  alias: string;
  enabled: boolean;
}

export interface ChapUser {
  readonly user: string;
  readonly password: string;
}

/** How an initiator has to prove itself; `initiator` is a name, or `default` for all that have no entry. */
export interface IscsiCredential {
  readonly initiator: string;
  type: 'chap' | 'none' | 'deny';
  inbound: ChapUser | undefined;
  outbound: ChapUser | undefined;
}
