import type {
  BlockDataPort,
  DataPortContext,
  DataPortFactory,
  IscsiSession,
  PlannedFault,
} from '../../san/block-data-port.ts';
import type { Cluster } from '../storage/cluster.ts';
import type { Lif, Svm } from '../storage/svm.ts';
import { type Lun, lunPath } from './lun.ts';
import type { San } from './san.ts';
import { SvmLuns } from './svm-luns.ts';

export interface BlockPortsDeps {
  readonly cluster: Cluster;
  readonly san: San;
  readonly dataPort: DataPortFactory;
  fault(step: string, subject: string): PlannedFault | undefined;
  portFault: DataPortContext['portFault'];
}

export interface SvmSession extends IscsiSession {
  readonly lif: Lif | undefined;
  /** Every interface is a portal group of its own. */
  readonly groupTag: number;
}

const firstGroupTag = 1028;

interface SvmPort {
  readonly svm: Svm;
  readonly lifs: readonly Lif[];
  readonly port: BlockDataPort;
}

/** The iSCSI data ports of one cluster: one target per SVM, one portal per LIF that offers iSCSI. */
export class BlockPorts {
  readonly #san: San;
  readonly #ports: readonly SvmPort[];

  constructor({ cluster, san, dataPort, fault, portFault }: BlockPortsDeps) {
    this.#san = san;
    this.#ports = cluster.svms.flatMap((svm) => {
      const lifs = svm.lifs.filter(({ config }) => config.services.includes('data_iscsi'));
      const portals = lifs.map(({ config }, at) => ({
        address: config.address,
        port: config.iscsiPort,
        groupTag: firstGroupTag + at,
      }));
      const directory = new SvmLuns(cluster, san, svm);
      return lifs.length > 0 ? [{ svm, lifs, port: dataPort({ directory, portals, fault, portFault }) }] : [];
    });
  }

  async open(): Promise<void> {
    for (const { port, lifs } of this.#ports) {
      await port.open();
      for (const [at, portal] of port.portals().entries()) {
        const lif = lifs[at];
        if (lif) lif.iscsiPort = portal.port;
      }
    }
  }

  #of(svm: Svm): SvmPort | undefined {
    return this.#ports.find((one) => one.svm === svm);
  }

  /** Logged in now. */
  sessions(svm: Svm): SvmSession[] {
    const found = this.#of(svm);
    if (!found) return [];
    return found.port.sessions().map((session) => {
      const at = found.lifs.findIndex(({ config }) => config.address === session.portal.address);
      return { ...session, lif: found.lifs[at], groupTag: firstGroupTag + at };
    });
  }

  /** Tells who is logged in that mappings changed. */
  lunsChanged(svm: Svm): void {
    const service = this.#san.services.get(svm);
    if (service) this.#of(svm)?.port.lunsChanged(service.targetName);
  }

  sizeChanged(lun: Lun): void {
    this.#of(lun.volume.svm)?.port.sizeChanged(lun.serial);
  }

  /** Ends sessions: all of an SVM, or those of one initiator. */
  drop(svm: Svm, initiatorName?: string): void {
    const service = this.#san.services.get(svm);
    if (service) this.#of(svm)?.port.drop(service.targetName, initiatorName);
  }

  /** Takes a portal away or brings it back at its port; false: there is none at this address. */
  async setPortal(address: string, isUp: boolean): Promise<boolean> {
    const found = this.#ports.find(({ lifs }) => lifs.some(({ config }) => config.address === address));
    if (!found) return false;
    for (const lif of found.lifs) if (lif.config.address === address) lif.isUp = isUp;
    return found.port.setPortal(address, isUp);
  }

  /** The network to a portal is cut or mended; its interface does not notice. False: there is none at this address. */
  async setCut(address: string, isCut: boolean): Promise<boolean> {
    const found = this.#ports.find(({ lifs }) => lifs.some(({ config }) => config.address === address));
    return found ? found.port.setCut(address, isCut) : false;
  }

  /** Portals with the LUNs of their SVM. */
  luns() {
    return this.#ports.flatMap(({ svm, lifs }) =>
      lifs.map(({ config }) => ({
        address: config.address,
        protocol: 'iscsi' as const,
        paths: this.#san.luns
          .all()
          .filter(({ volume }) => volume.svm === svm)
          .map(lunPath),
      })),
    );
  }

  async setReachable(reachable: boolean): Promise<void> {
    for (const { port } of this.#ports) await port.setReachable(reachable);
  }

  counters() {
    return this.#ports.flatMap(({ svm, lifs, port }) =>
      port
        .counters()
        .map(({ address, port: iscsiPort, bytesRead, bytesWritten, logins, byInitiator }, at) => ({
          svm: svm.name,
          lif: lifs[at]?.config.name ?? '',
          address,
          iscsiPort,
          logins,
          bytesRead,
          bytesWritten,
          initiators: Object.fromEntries(byInitiator.map((one) => [one.initiatorName, one.bytesRead])),
        })),
    );
  }

  /** Where initiators find which target. */
  portals() {
    return this.#ports.flatMap(({ svm, lifs }) =>
      lifs.map(({ config, iscsiPort, node }) => ({
        svm: svm.name,
        lif: config.name,
        address: config.address,
        port: iscsiPort,
        node: node.name,
        targetName: this.#san.services.get(svm)?.targetName,
      })),
    );
  }

  reset(): void {
    for (const { port } of this.#ports) port.reset();
  }

  async close(): Promise<void> {
    for (const { port } of this.#ports) await port.close();
  }
}
