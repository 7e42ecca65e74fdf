import type { ChapSecret, ExportedLun, LunDirectory } from '../../san/lun-directory.ts';
import type { FileMap } from '../../storage/file-map.ts';
import type { Group } from '../model/group.ts';
import type { AccessRecord, Snapshot, Volume } from '../model/objects.ts';
import { targetNameOf } from '../operations/volume-operations.ts';
import { writeVolume } from '../sync/mirror.ts';

const mebibyte = 1024 * 1024;
const revision = '1.0';

/** Decides by access control records who sees which LUN, and serves its bytes. */
export class AccessControlledLuns implements LunDirectory {
  readonly #group: Group;

  constructor(group: Group) {
    this.#group = group;
  }

  targets(): string[] {
    const names = new Set<string>();
    for (const { volume } of this.#group.accessRecords.values()) {
      if (volume.online) names.add(targetNameOf(this.#group, volume));
      for (const one of volume.snapshots) if (one.online) names.add(targetNameOf(this.#group, one));
    }
    return [...names];
  }

  luns(targetName: string, initiatorName: string): ExportedLun[] | undefined {
    const luns = this.#visible(initiatorName)
      .filter(({ object }) => targetNameOf(this.#group, object) === targetName)
      .map(({ object, lun }) =>
        'volume' in object ? this.#snapshotLun(object, lun) : this.#volumeLun(object, lun),
      );
    return luns.length > 0 ? luns : undefined;
  }

  chap(targetName: string, initiatorName: string): ChapSecret | undefined {
    for (const { object, record } of this.#visible(initiatorName))
      if (record.chapUser && targetNameOf(this.#group, object) === targetName)
        return { user: record.chapUser.name, password: record.chapUser.password };
    return undefined;
  }

  #visible(initiatorName: string): { object: Volume | Snapshot; lun: number; record: AccessRecord }[] {
    if (!this.#group.config.group.iscsi) return [];
    const found: { object: Volume | Snapshot; lun: number; record: AccessRecord }[] = [];
    for (const record of this.#group.accessRecords.values()) {
      if (!admits(record, initiatorName)) continue;
      const { volume, applyTo, lun } = record;
      // Records of a synchronous pair belong to its upstream half, which alone serves hosts.
      if (!this.#group.isReachable(volume.pool)) continue;
      if (applyTo !== 'snapshot' && !record.snapshot && volume.online)
        found.push({ object: volume, lun: lun ?? 0, record });
      if (applyTo === 'volume') continue;
      for (const snapshot of volume.snapshots)
        if (snapshot.online && (record.snapshot ?? snapshot) === snapshot)
          found.push({ object: snapshot, lun: record.snapshotLuns.get(snapshot.id) ?? 0, record });
    }
    return found;
  }

  #volumeLun(volume: Volume, lun: number): ExportedLun {
    // Hosts keep the device when the halves of a pair change roles.
    const serving = (): Volume => {
      const now = volume.half?.role === 'downstream' ? volume.half.twin : volume;
      if (!this.#group.isReachable(now.pool)) throw new Error(`the array of pool ${now.pool.name} is lost`);
      return now;
    };
    return {
      ...this.#identity(volume.serial, lun, volume.name),
      writable: !volume.readOnly,
      sizeBytes: () => volume.sizeMib * mebibyte,
      read: (offsetBytes, target) => {
        const now = serving();
        now.map.read(offsetBytes, target);
        now.bytesRead += target.length;
      },
      write: (offsetBytes, data) => {
        const now = serving();
        writeVolume(this.#group, now, offsetBytes, data);
        now.bytesWritten += data.length;
      },
    };
  }

  #snapshotLun(snapshot: Snapshot, lun: number): ExportedLun {
    const map: FileMap = snapshot.map;
    return {
      ...this.#identity(snapshot.serial, lun, `${snapshot.volume.name}/${snapshot.name}`),
      writable: snapshot.writable,
      sizeBytes: () => snapshot.sizeMib * mebibyte,
      read: (offsetBytes, target) => map.read(offsetBytes, target),
      write: (offsetBytes, data) => map.write(offsetBytes, data, snapshot.volume.pool.account),
    };
  }

  #identity(serial: string, lun: number, path: string) {
    const named = { vendor: 'Nimble', product: 'Server', revision, serial, eui: serial };
    return { ...named, lun, path, blockBytes: 512 as const };
  }
}

function admits({ initiatorGroup }: AccessRecord, initiatorName: string): boolean {
  if (!initiatorGroup) return true;
  return initiatorGroup.initiators.some(({ iqn }) => iqn === '*' || iqn === initiatorName);
}
