import type { ScsiBackend } from '../../scsi/target/scsi-backend.ts';
import type { ChapAlgorithm } from '../login/chap.ts';

/** CHAP that an initiator must pass. */
export interface TargetChap {
  readonly user: string;
  readonly secret: string;
  /** How the target proves itself when the initiator asks it to. */
  readonly mutual?: { readonly user: string; readonly secret: string } | undefined;
  /** Accepted, best first. Default: SHA-256, then MD5. */
  readonly algorithms?: readonly ChapAlgorithm[] | undefined;
}

/** A target and who may use it. Asked anew at each login and for each command, so changes count at once. */
export interface ServedTarget {
  readonly name: string;
  readonly alias?: string | undefined;
  /** What this initiator sees; `undefined`: it may not log in, and discovery hides the target from it. */
  luns(initiatorName: string): ReadonlyMap<number, ScsiBackend> | undefined;
  chap?(initiatorName: string): TargetChap | undefined;
}

/** A target whose LUNs are mapped initiator by initiator. */
export class MappedTarget implements ServedTarget {
  readonly name: string;
  readonly alias: string | undefined;
  readonly #byInitiator = new Map<string, Map<number, ScsiBackend>>();
  readonly #chap = new Map<string, TargetChap>();

  constructor(name: string, alias?: string) {
    this.name = name;
    this.alias = alias;
  }

  /** Replaces what was mapped there. `*` stands for every initiator that has no mapping of its own. */
  map(initiatorName: string, lun: number, backend: ScsiBackend): void {
    this.allow(initiatorName).set(lun, backend);
  }

  /** Lets an initiator log in, if only to see no LUN. */
  allow(initiatorName: string): Map<number, ScsiBackend> {
    const luns = this.#byInitiator.get(initiatorName) ?? new Map<number, ScsiBackend>();
    this.#byInitiator.set(initiatorName, luns);
    return luns;
  }

  /** Nothing happens when it is not mapped. */
  unmap(initiatorName: string, lun: number): void {
    this.#byInitiator.get(initiatorName)?.delete(lun);
  }

  /** The initiator is turned away from now on. */
  forbid(initiatorName: string): void {
    this.#byInitiator.delete(initiatorName);
  }

  setChap(initiatorName: string, chap: TargetChap | undefined): void {
    if (chap) this.#chap.set(initiatorName, chap);
    else this.#chap.delete(initiatorName);
  }

  luns(initiatorName: string): ReadonlyMap<number, ScsiBackend> | undefined {
    return this.#byInitiator.get(initiatorName) ?? this.#byInitiator.get('*');
  }

  chap(initiatorName: string): TargetChap | undefined {
    return this.#chap.get(initiatorName) ?? this.#chap.get('*');
  }
}
