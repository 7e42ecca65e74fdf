export interface Node {
  /** `scsi0` */
  readonly bus: string;
  readonly kind: 'scsi' | 'sata' | 'nvme';
  readonly busNumber: number;
  readonly unit: number;
  readonly controllerKey: number;
  /** Device key that vSphere would give to a disk there. */
  readonly diskKey: number;
}

const keys = {
  scsi: { controller: 1000, disk: 2000, perBus: 16 },
  sata: { controller: 15_000, disk: 16_000, perBus: 30 },
  nvme: { controller: 31_000, disk: 32_000, perBus: 15 },
} as const;

/** Parses `scsi0:1`. */
export function nodeOf(text: string): Node {
  const [, kind, bus = '0', unit = '0'] = /^(scsi|sata|nvme)(\d+):(\d+)$/.exec(text) ?? [];
  if (kind !== 'scsi' && kind !== 'sata' && kind !== 'nvme') throw new Error(`${text} is no node`);
  const { controller, disk, perBus } = keys[kind];
  return {
    bus: `${kind}${bus}`,
    kind,
    busNumber: Number(bus),
    unit: Number(unit),
    controllerKey: controller + Number(bus),
    diskKey: disk + Number(bus) * perBus + Number(unit),
  };
}
