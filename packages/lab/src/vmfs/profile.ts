/** What differs between the volumes of VMFS-5 and VMFS-6 that the lab makes. */
export interface Profile {
  readonly version: 5 | 6;
  readonly lvmMajor: number;
  readonly fsMajor: number;
  readonly fsMinor: number;
  readonly configFlags: number;
  readonly subBlockBytes: number;
  readonly clusterHeaderBytes: number;
  readonly descriptorBytes: number;
  /** Where, in a descriptor, its metadata, inline data and addresses are. */
  readonly metadataAt: number;
  readonly inlineAt: number;
  readonly inlineBytes: number;
  readonly addressesAt: number;
  readonly directAddresses: number;
  readonly addressBytes: 4 | 8;
  readonly pointerBlockAddresses: number;
  readonly heartbeatSlots: number;
  readonly heartbeatBytes: number;
  /** First block of `.fdc.sf`. */
  readonly descriptorFileBlock: number;
  /** Resources in a cluster and clusters in a group. */
  readonly fdc: Shape;
  readonly fbb: Shape;
  readonly pbc: Shape;
  readonly sbc: Shape;
  readonly pb2: Shape;
}

export interface Shape {
  readonly perCluster: number;
  readonly clustersPerGroup: number;
  readonly resourceBytes: number;
}

export const blockBytes = 2 ** 20;
export const blocksPerLarge = 512;
export const alignment = 4096;
export const groupOffset = 0x10000;

function shape(perCluster: number, clustersPerGroup: number, resourceBytes: number): Shape {
  return { perCluster, clustersPerGroup, resourceBytes };
}

export const vmfs6: Profile = {
  version: 6,
  lvmMajor: 6,
  fsMajor: 24,
  fsMinor: 82,
  configFlags: 0x2226,
  subBlockBytes: 65536,
  clusterHeaderBytes: 8192,
  descriptorBytes: 8192,
  metadataAt: 4096,
  inlineAt: 0x1200,
  inlineBytes: 3584,
  addressesAt: 0x1600,
  directAddresses: 320,
  addressBytes: 8,
  pointerBlockAddresses: 8192,
  heartbeatSlots: 1024,
  heartbeatBytes: alignment,
  descriptorFileBlock: 7,
  fdc: shape(32, 8, 8192),
  /** Of its two levels the one of large blocks; that of small ones has 512 in a cluster. */
  fbb: shape(32, 1, 0),
  pbc: shape(16, 1, 65536),
  sbc: shape(64, 16, 65536),
  pb2: shape(16, 4, 65536),
};

export const vmfs5: Profile = {
  version: 5,
  lvmMajor: 5,
  fsMajor: 14,
  fsMinor: 81,
  configFlags: 0x6,
  subBlockBytes: 8192,
  clusterHeaderBytes: 1024,
  descriptorBytes: 2048,
  metadataAt: 512,
  inlineAt: 1024,
  inlineBytes: 1024,
  addressesAt: 1024,
  directAddresses: 256,
  addressBytes: 4,
  pointerBlockAddresses: 1024,
  heartbeatSlots: 2048,
  heartbeatBytes: 512,
  descriptorFileBlock: 4,
  fdc: shape(32, 16, 2048),
  fbb: shape(200, 64, 0),
  pbc: shape(16, 32, 4096),
  sbc: shape(64, 8, 8192),
  pb2: shape(16, 1, 4096),
};
