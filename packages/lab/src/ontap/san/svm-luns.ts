import type { ChapSecret, ExportedLun, LunDirectory } from '../../san/lun-directory.ts';
import type { Cluster } from '../storage/cluster.ts';
import type { Svm } from '../storage/svm.ts';
import { isReadOnly, type Lun, lunContent, lunPath, lunState } from './lun.ts';
import { naaOf, product, vendor } from './lun-identity.ts';
import type { San } from './san.ts';

function refuseStopped(isStopped: boolean): void {
  if (isStopped) throw new Error('stopped: the strict synchronous replication is out of sync');
}

/**
 * Decides by initiator groups and mappings who sees which LUN, and serves its bytes: of one SVM, or of all for
 * those who reach the array by other ways. Everybody may log in who is not denied; without a mapping there is
 * nothing to see.
 */
export class SvmLuns implements LunDirectory {
  readonly #cluster: Cluster;
  readonly #san: San;
  readonly #svms: () => readonly Svm[];

  constructor(cluster: Cluster, san: San, svm?: Svm) {
    this.#cluster = cluster;
    this.#san = san;
    this.#svms = () => (svm ? [svm] : cluster.svms);
  }

  targets(): string[] {
    return this.#svms().flatMap((svm) => {
      const service = this.#san.services.get(svm);
      return service?.enabled ? [service.targetName] : [];
    });
  }

  #svmOf(targetName: string): Svm | undefined {
    return this.#svms().find((svm) => {
      const service = this.#san.services.get(svm);
      return service?.enabled && service.targetName === targetName;
    });
  }

  luns(targetName: string, initiatorName: string): ExportedLun[] | undefined {
    const svm = this.#svmOf(targetName);
    const initiator = initiatorName.toLowerCase();
    if (!svm || this.#san.credentialFor(svm, initiator)?.type === 'deny') return undefined;
    const groups = this.#san.igroupsOf(svm, initiator).filter((one) => one.protocol !== 'fcp');
    return this.#san
      .maps()
      .filter(({ igroup, lun }) => groups.includes(igroup) && lunState(lun) === 'online')
      .map(({ lun, number }) => this.#exported(lun, number));
  }

  chap(targetName: string, initiatorName: string): ChapSecret | undefined {
    const svm = this.#svmOf(targetName);
    const credential = svm && this.#san.credentialFor(svm, initiatorName.toLowerCase());
    if (credential?.type !== 'chap' || !credential.inbound) return undefined;
    return { ...credential.inbound, mutual: credential.outbound };
  }

  #exported(lun: Lun, number: number): ExportedLun {
    const { clock, release } = this.#cluster;
    const { volume } = lun;
    // Looked up for each command: a replica's content changes with the storage snapshot that it shows.
    const inode = () => {
      const content = lunContent(lun);
      if (!content) throw new Error('the LUN is gone');
      return content.inode;
    };
    return {
      lun: number,
      path: lunPath(lun),
      vendor,
      product,
      revision: release.join('').padEnd(4, '0').slice(0, 4),
      serial: lun.serial,
      naa: naaOf(lun.serial),
      blockBytes: 512,
      writable: !isReadOnly(lun),
      sizeBytes: () => inode().facts.sizeBytes,
      read: (offsetBytes, target) => {
        refuseStopped(volume.stopped === 'all');
        inode().map.read(offsetBytes, target);
      },
      write: (offsetBytes, data) => {
        refuseStopped(volume.stopped !== undefined);
        volume.tree.write(lun.inodeId, offsetBytes, data, volume.account, clock.now());
      },
    };
  }
}
