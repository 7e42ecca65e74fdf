import type { LifConfig } from '../config.ts';
import type { ClusterNode } from './cluster.ts';
import type { Volume } from './volume.ts';

export interface SvmPeer {
  readonly uuid: string;
  /** The peer SVM's name as spelled on this cluster. */
  readonly alias: string;
  readonly svmName: string;
  /** Name in the config's `peers` of the cluster that it lives on; absent: that of `peer`. */
  readonly cluster: string | undefined;
  /** Known once the peer cluster answered. */
  svmUuid: string | undefined;
}

export interface Lif {
  readonly uuid: string;
  readonly config: LifConfig;
  readonly node: ClusterNode;
  /** Taken down by the lab: false. */
  isUp: boolean;
  iscsiPort: number;
  nfsPort: number;
  mountPort: number;
  portmapPort: number | undefined;
}

export interface Svm {
  readonly uuid: string;
  readonly name: string;
  readonly nfs: boolean;
  readonly lifs: Lif[];
  readonly peers: SvmPeer[];
  /** Set right after creation. */
  root: Volume | undefined;
}
