/** A data centre, folder, storage pod or vApp: what inventory paths consist of. */
export interface Place {
  readonly kind: 'datacenter' | 'folder' | 'vapp';
  readonly moId: string;
  readonly name: string;
  /** Inventory path, `/datacenter/vm/folder`, each name as vCenter stores it (`/` inside a name is `%2f`). */
  readonly path: string;
  readonly parentMoId?: string;
}

export interface HostInfo {
  readonly moId: string;
  readonly name: string;
  /** `connected`, `disconnected` or `notResponding`. */
  readonly connectionState: string;
  readonly inMaintenanceMode: boolean;
  /** Product version and build, absent when the host cannot be asked. */
  readonly version?: string;
  readonly build?: string;
}

/** Which vCenter this is. `instanceUuid` is its identity: object ids are unique only together with it. */
export interface VcenterAbout {
  readonly instanceUuid: string;
  readonly name: string;
  readonly version: string;
  readonly build: string;
  /** Always `VirtualCenter`; hosts are refused. */
  readonly apiType: string;
  readonly apiVersion: string;
}
