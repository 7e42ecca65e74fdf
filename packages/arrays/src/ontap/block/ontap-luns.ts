import type {
  AnyPresentationPlan,
  IscsiCredentials,
  IscsiPresentation,
  LunPresentationPlan,
  LunPresentationRequest,
  LunPresentations,
  PresentedLun,
} from '../../contract/lun-presentation.ts';
import { hasChapMark, withChapMark } from '../../contract/ownership.ts';
import { Attempts } from '../../turns/attempts.ts';
import { KeyedLock } from '../../turns/keyed-lock.ts';
import { type LunRecord, pathInVolume, scsiNamesOf } from '../inventory/luns.ts';
import type { OntapArray } from '../ontap-array.ts';
import { ensureClone, findClone } from '../presentation/clone.ts';
import { readyLuns, removeLunClone } from './clone-luns.ts';
import { dropGroup, ensureGroup, findGroup, type InitiatorGroup, isOwnGroup, markGroup } from './igroup.ts';
import { asksOurs, dropSecurity, ensureSecurity, hasEntry } from './initiator-security.ts';
import { ensureMap, isMapped, type LunMap } from './lun-map.ts';
import { detailOf, type GroupPlan, othersOn, type PlanDetail } from './plan-detail.ts';
import { planLuns } from './plan-luns.ts';
import { usablePortals } from './portals.ts';

/** Shows the LUNs of storage snapshots by FlexClone volumes, each to the initiator groups of its proxies only. */
export class OntapLuns implements LunPresentations {
  readonly #array: OntapArray;
  /** One at a time for each initiator group: the last to leave removes it. */
  readonly #groups = new KeyedLock();

  constructor(array: OntapArray) {
    this.#array = array;
  }

  plan(request: LunPresentationRequest, active: readonly AnyPresentationPlan[], signal?: AbortSignal) {
    return planLuns(this.#array, request, active, signal);
  }

  async present(plan: LunPresentationPlan, signal?: AbortSignal): Promise<IscsiPresentation> {
    const { request } = plan;
    const detail = detailOf(plan);
    const { svm, targetName, chap } = detail;
    await this.#array.ownId(request.volume, signal);
    const clone = await ensureClone(this.#array, svm.uuid, detail.clone, request, signal);
    const luns = await readyLuns(this.#array, clone, request.lunPaths, signal);
    const maps = new Map<LunRecord, { initiatorName: string; map: LunMap }[]>();
    for (const group of detail.groups) {
      const mapped = await this.#admit(detail, group, luns, request.comment, signal);
      for (const [lun, map] of mapped)
        maps.set(lun, [...(maps.get(lun) ?? []), { initiatorName: group.initiator, map }]);
    }
    const all = [...maps.values()].flat().map(({ map }) => map);
    return {
      protocol: 'iscsi',
      portals: usablePortals(this.#array, detail.portals, all, luns[0]?.location.node?.name),
      luns: luns.map((lun) => presentedLun(lun, targetName, maps.get(lun) ?? [])),
      chap,
    };
  }

  /** Goes on after a failure, so that as little as possible stays, and throws the first one at the end. */
  async withdraw(
    plan: LunPresentationPlan,
    active: readonly AnyPresentationPlan[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { svm, clone, groups, chapFor } = detailOf(plan);
    await this.#array.ownId(plan.request.volume, signal);
    const others = othersOn(svm.uuid, active, plan.request.name);
    const groupsInUse = new Set(others.flatMap((other) => other.groups.map(({ name }) => name)));
    const attempts = new Attempts(signal);
    await attempts.run(async () => {
      const volume = await findClone(this.#array, svm.uuid, clone, undefined, signal);
      if (volume) await removeLunClone(this.#array, volume, signal);
    });
    for (const group of groups.filter(({ name }) => !groupsInUse.has(name)))
      await attempts.run(() => this.#drop(svm.uuid, group, chapFor.includes(group.initiator), signal));
    attempts.end();
  }

  credentials(): IscsiCredentials | undefined {
    return this.#array.settings.chap;
  }

  /** Removes a group of ours that nothing is mapped to, with the CHAP entry of its proxy, for the janitor. */
  dropUnused(group: InitiatorGroup, signal?: AbortSignal): Promise<void> {
    const key = keyOf(group.svm.uuid, group.name);
    return this.#groups.run(key, () => this.#dropWithSecurity(group, signal));
  }

  /** CHAP is asked for before anything is mapped to the proxy; before that its group says that the entry is ours. */
  #admit(
    { svm, chapFor }: PlanDetail,
    group: GroupPlan,
    luns: readonly LunRecord[],
    comment: string,
    signal?: AbortSignal,
  ): Promise<Map<LunRecord, LunMap>> {
    return this.#groups.run(keyOf(svm.uuid, group.name), async () => {
      const made = await ensureGroup(this.#array, svm.uuid, group, comment, signal);
      const { uuid } = made;
      if (chapFor.includes(group.initiator)) await this.#secure(svm.uuid, made, group.initiator, signal);
      const maps = new Map<LunRecord, LunMap>();
      for (const lun of luns) maps.set(lun, await ensureMap(this.#array, svm.uuid, lun, uuid, signal));
      return maps;
    });
  }

  async #secure(svmUuid: string, group: InitiatorGroup, initiator: string, signal?: AbortSignal) {
    const isOurs = hasChapMark(group.comment);
    // Made by the administrator since it was planned: used, and never changed.
    if (!isOurs && (await hasEntry(this.#array, svmUuid, initiator, signal))) return;
    if (!isOurs) await markGroup(this.#array, group, withChapMark(group.comment), signal);
    await ensureSecurity(this.#array, svmUuid, initiator, signal);
  }

  #drop(svmUuid: string, group: GroupPlan, withSecurity: boolean, signal?: AbortSignal): Promise<void> {
    return this.#groups.run(keyOf(svmUuid, group.name), async () => {
      const found = await findGroup(this.#array, svmUuid, group, signal);
      if (found) await this.#dropWithSecurity(found, signal);
      // The group that would say whose the entry is was taken away by hand.
      else if (withSecurity && (await asksOurs(this.#array, svmUuid, group.initiator, signal)))
        await dropSecurity(this.#array, svmUuid, group.initiator, signal);
    });
  }

  /** The entry first: as long as the group is there, it tells whose the entry is. */
  async #dropWithSecurity(group: InitiatorGroup, signal?: AbortSignal): Promise<void> {
    if (!isOwnGroup(group) || (await isMapped(this.#array, group.uuid, signal))) return;
    if (hasChapMark(group.comment))
      for (const { name } of group.initiators) await dropSecurity(this.#array, group.svm.uuid, name, signal);
    await dropGroup(this.#array, group, signal);
  }
}

function presentedLun(
  lun: LunRecord,
  targetName: string,
  maps: readonly { readonly initiatorName: string; readonly map: LunMap }[],
): PresentedLun {
  const { serial_number: serial, space } = lun;
  return {
    path: pathInVolume(lun),
    access: maps.map(({ initiatorName, map }) => ({ initiatorName, lun: map.logical_unit_number })),
    targetName,
    sizeBytes: space.size,
    serial,
    scsiNames: scsiNamesOf(serial),
  };
}

function keyOf(svmUuid: string, groupName: string): string {
  return `${svmUuid} ${groupName}`;
}
