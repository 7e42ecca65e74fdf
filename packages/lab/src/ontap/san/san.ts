import type { Cluster, ClusterNode } from '../storage/cluster.ts';
import type { Svm } from '../storage/svm.ts';
import { hasInitiator, type Igroup, shareInitiator } from './igroup.ts';
import type { IscsiCredential, IscsiService } from './iscsi-service.ts';
import type { Lun } from './lun.ts';
import { LunBook } from './lun-book.ts';
import { targetNameOf } from './lun-identity.ts';

export interface LunMap {
  readonly lun: Lun;
  readonly igroup: Igroup;
  readonly number: number;
  /** Through which paths are offered. */
  reportingNodes: ClusterNode[];
}

const highestNumber = 4095;

/** The block side of a cluster: LUNs, who may see them, and the iSCSI services. */
export class San {
  readonly luns: LunBook;
  readonly igroups = new Map<string, Igroup>();
  readonly services = new Map<Svm, IscsiService>();
  readonly #credentials = new Map<Svm, IscsiCredential[]>();
  readonly #cluster: Cluster;
  #maps: LunMap[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.luns = new LunBook(cluster);
  }

  createService(svm: Svm, alias: string, enabled: boolean, targetName?: string): IscsiService {
    const made = targetNameOf(this.#cluster.randomness, this.#cluster.svms.indexOf(svm) + 2);
    const service = { targetName: targetName ?? made, alias, enabled };
    this.services.set(svm, service);
    const everybody: IscsiCredential = {
      initiator: 'default',
      type: 'none',
      inbound: undefined,
      outbound: undefined,
    };
    this.#credentials.set(svm, [everybody]);
    return service;
  }

  removeService(svm: Svm): void {
    this.services.delete(svm);
    this.#credentials.delete(svm);
  }

  /** Of an SVM without a service: none. The list is the one that counts: change it in place. */
  credentials(svm: Svm): IscsiCredential[] {
    return this.#credentials.get(svm) ?? [];
  }

  credentialFor(svm: Svm, initiatorName: string): IscsiCredential | undefined {
    const all = this.credentials(svm);
    return (
      all.find((one) => one.initiator === initiatorName) ?? all.find((one) => one.initiator === 'default')
    );
  }

  igroupNamed(svm: Svm, name: string): Igroup | undefined {
    return [...this.igroups.values()].find((one) => one.svm === svm && one.name === name);
  }

  /** Groups that an initiator belongs to. */
  igroupsOf(svm: Svm, initiatorName: string): Igroup[] {
    return [...this.igroups.values()].filter((one) => one.svm === svm && hasInitiator(one, initiatorName));
  }

  /** Mappings whose LUN is still there. */
  maps(): readonly LunMap[] {
    this.#maps = this.#maps.filter(
      ({ lun, igroup }) => this.luns.isThere(lun) && this.igroups.has(igroup.uuid),
    );
    return this.#maps;
  }

  mapsOfLun(lun: Lun): LunMap[] {
    return this.maps().filter((one) => one.lun === lun);
  }

  mapsOfIgroup(igroup: Igroup): LunMap[] {
    return this.maps().filter((one) => one.igroup === igroup);
  }

  /** Mappings that share an initiator with a group: their numbers and LUNs must not clash. */
  mapsBeside(igroup: Igroup): LunMap[] {
    return this.maps().filter((one) => one.igroup === igroup || shareInitiator(one.igroup, igroup));
  }

  /** The lowest number that none of the group's initiators uses; undefined when all are taken. */
  freeNumber(igroup: Igroup): number | undefined {
    const taken = new Set(this.mapsBeside(igroup).map((one) => one.number));
    for (let number = 0; number <= highestNumber; number++) if (!taken.has(number)) return number;
    return undefined;
  }

  /** Whoever calls has checked that nothing clashes. */
  map(lun: Lun, igroup: Igroup, number: number): LunMap {
    const made: LunMap = { lun, igroup, number, reportingNodes: this.luns.nodes(lun) };
    this.#maps.push(made);
    return made;
  }

  /** Takes a mapping away, and a group that wants to go with its last one. */
  unmap(map: LunMap): void {
    this.#maps = this.#maps.filter((one) => one !== map);
    const { igroup } = map;
    if (igroup.deleteOnUnmap && this.mapsOfIgroup(igroup).length === 0) this.igroups.delete(igroup.uuid);
  }
}
