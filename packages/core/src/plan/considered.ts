import { type ErrorReport, LeewardError, reportOf } from '../errors/leeward-error.ts';
import type { RelationKind, Source } from '../words/storage.ts';
import { freezeProblem, primaryPath, secondaryPath } from './array-path.ts';
import { type SyncSides, syncSides } from './plan.ts';
import type { PlanningInventory } from './planning-inventory.ts';
import type { RelationHop } from './relation-paths.ts';
import type { VolumeUse } from './volume-use.ts';

/** A path by which a VM or a file of it could be read, and what becomes of it. */
export interface ConsideredPath {
  readonly path: Source;
  /** `possible`: it could be taken, and another one is. */
  readonly verdict: 'chosen' | 'possible' | 'not';
  /** Why not, or why another one; absent where chosen. */
  readonly reason?: ErrorReport;
}

/** A file of a VM with its own verdicts, which need not be those of the VM: one disk decides for all (R13). */
export interface ConsideredFile {
  /** Label of the disk, or `configuration file`. */
  readonly label: string;
  /** Device key of the disk. */
  readonly key?: number;
  readonly fileName: string;
  /** `left-out`: not in the point; `reason` says why. `unreadable`: it keeps the VM from storage snapshots. */
  readonly state: 'read' | 'left-out' | 'unreadable';
  readonly reason?: ErrorReport;
  /** Volumes that hold it or a disk that it stands on; empty where none is known. */
  readonly volumes: readonly ConsideredVolume[];
  readonly considered: readonly ConsideredPath[];
}

export interface ConsideredVolume {
  readonly arrayName: string;
  readonly volumeName: string;
  /** Every relation of the volume that is known, the one that the job takes first. */
  readonly relations: readonly ConsideredRelation[];
}

export interface ConsideredRelation {
  readonly arrayName: string;
  readonly volumeName: string;
  readonly kind: RelationKind;
  readonly policyName: string;
  /** Of a cascade: the hops before it, from the volume on. */
  readonly via?: readonly ConsideredHop[];
  /** Of a `sync` one. */
  readonly sync?: SyncSides;
  readonly verdict: ConsideredPath['verdict'];
  readonly reason?: ErrorReport;
}

export type ConsideredHop = Pick<ConsideredRelation, 'arrayName' | 'volumeName' | 'policyName'>;

/** A file as planning found it. */
export interface FileToConsider extends Pick<ConsideredFile, 'label' | 'key' | 'fileName'> {
  readonly leftOut?: LeewardError;
  readonly problem?: LeewardError;
  readonly uses: readonly VolumeUse[];
}

/** What is thought of one file of a VM: the same decisions as for the VM, asked for this file's volumes alone. */
export function considerFile(
  file: FileToConsider,
  ofVm: readonly ConsideredPath[],
  inventory: PlanningInventory,
): ConsideredFile {
  const { leftOut, problem, uses, ...facts } = file;
  const reason = leftOut ?? problem;
  const frozen = freezeProblem(uses);
  const own: Partial<Record<Source, LeewardError | undefined>> = leftOut
    ? { secondary: leftOut, primary: leftOut, standard: leftOut }
    : {
        secondary: problem ?? frozen ?? problemOf(secondaryPath(uses, inventory)),
        primary: problem ?? frozen ?? problemOf(primaryPath(uses, inventory)),
      };
  const considered = ofVm.map((path) => ofFile(path, own[path.path]));
  const overRelations = considered.find(({ path }) => path === 'secondary');
  return {
    ...facts,
    state: leftOut ? 'left-out' : problem ? 'unreadable' : 'read',
    ...(reason ? { reason: reportOf(reason) } : {}),
    volumes: uses.map((use) => considerVolume(use, overRelations, inventory)),
    considered,
  };
}

/** What the VM cannot take, none of its files can. */
function ofFile(ofVm: ConsideredPath, own: LeewardError | undefined): ConsideredPath {
  return own ? { path: ofVm.path, verdict: 'not', reason: reportOf(own) } : ofVm;
}

function considerVolume(
  use: VolumeUse,
  ofFileOverRelations: ConsideredPath | undefined,
  inventory: PlanningInventory,
): ConsideredVolume {
  const { home, choice } = use;
  const relations = (choice.candidates ?? []).map((candidate): ConsideredRelation => {
    const { relation, secondary, via, passedOver, problem } = candidate;
    const asked = { chosen: candidate, warnings: [], ...(problem ? { problem } : {}) };
    const why = problemOf(secondaryPath([{ ...use, choice: asked }], inventory));
    const isChosen = !why && !passedOver && ofFileOverRelations?.verdict === 'chosen';
    const reason = why ?? passedOver;
    const because = reason ? reportOf(reason) : ofFileOverRelations?.reason;
    return {
      arrayName: secondary.name,
      volumeName: relation.destination.volumeName,
      kind: relation.kind,
      policyName: relation.policyName,
      ...(via.length > 0 ? { via: via.map(consideredHop) } : {}),
      ...(relation.sync ? { sync: syncSides(relation.sync) } : {}),
      verdict: why ? 'not' : isChosen ? 'chosen' : 'possible',
      ...(because && !isChosen ? { reason: because } : {}),
    };
  });
  return { arrayName: home.array.name, volumeName: home.volume.name, relations };
}

function consideredHop({ relation, secondary }: RelationHop): ConsideredHop {
  const { destination, policyName } = relation;
  return { arrayName: secondary.name, volumeName: destination.volumeName, policyName };
}

function problemOf(outcome: object): LeewardError | undefined {
  return outcome instanceof LeewardError ? outcome : undefined;
}
