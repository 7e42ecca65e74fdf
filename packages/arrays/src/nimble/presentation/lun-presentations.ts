import type {
  AnyPresentationPlan,
  IscsiCredentials,
  IscsiPresentation,
  LunPresentationPlan,
  LunPresentationRequest,
  LunPresentations,
  PresentedLun,
} from '../../contract/lun-presentation.ts';
import { Attempts } from '../../turns/attempts.ts';
import { KeyedLock } from '../../turns/keyed-lock.ts';
import { scsiNamesOf, sizeBytesOf, type VolumeRecord } from '../inventory/volumes.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { type AccessRecord, ensureAccess } from './access-record.ts';
import { type ChapUser, ChapUsers } from './chap-user.ts';
import { ensureClone, findClone, removeClone } from './clone.ts';
import { dropGroup, ensureGroup, findGroup, type InitiatorGroup } from './initiator-group.ts';
import { detailOf, type GroupPlan, groupsInUse, isInUse } from './plan-detail.ts';
import { planPresentation } from './plan-presentation.ts';

/** Shows storage snapshots by clones, each to the initiator groups of its proxies and to nobody else. */
export class NimbleLuns implements LunPresentations {
  readonly #array: NimbleArray;
  /** One at a time for each initiator group: the last to leave removes it. */
  readonly #groups = new KeyedLock();
  readonly #chapUsers: ChapUsers;

  constructor(array: NimbleArray) {
    this.#array = array;
    this.#chapUsers = new ChapUsers(array);
  }

  plan(request: LunPresentationRequest, _active: readonly AnyPresentationPlan[], signal?: AbortSignal) {
    return planPresentation(this.#array, request, signal);
  }

  async present(plan: LunPresentationPlan, signal?: AbortSignal): Promise<IscsiPresentation> {
    const { request } = plan;
    const { clone, groups, portals } = detailOf(plan);
    await this.#array.ownId(request.volume, signal);
    const volume = await ensureClone(this.#array, clone, request.comment, signal);
    const chapUserId = await this.#chapUsers.ensure(request.comment, signal);
    const access: PresentedLun['access'][number][] = [];
    for (const group of groups) {
      const { lun } = await this.#admit(group, volume, request.comment, chapUserId, signal);
      // Below a target of the volume's own it is always 0.
      access.push({ initiatorName: group.initiator, lun: lun ?? 0 });
    }
    return {
      protocol: 'iscsi',
      portals,
      luns: [presentedLun(volume, access)],
      chap: chapUserId !== undefined,
    };
  }

  /** Goes on after a failure, so that as little as possible stays, and throws the first one at the end. */
  async withdraw(
    plan: LunPresentationPlan,
    active: readonly AnyPresentationPlan[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { clone, groups } = detailOf(plan);
    await this.#array.ownId(plan.request.volume, signal);
    const inUse = groupsInUse(active, plan.request.name);
    const attempts = new Attempts(signal);
    await attempts.run(async () => {
      const volume = await findClone(this.#array, clone, signal);
      if (volume) await removeClone(this.#array, volume, signal);
    });
    for (const group of groups.filter(({ name }) => !inUse.has(name)))
      await attempts.run(() => this.#drop(group, signal));
    if (!isInUse(active, plan.request.name))
      await attempts.run(() => this.#chapUsers.dropUnused(plan.request.comment, signal));
    attempts.end();
  }

  credentials(): IscsiCredentials | undefined {
    return this.#array.settings.chap;
  }

  /** Removes a group of ours that nothing is shown to, for the janitor. */
  dropUnused(group: InitiatorGroup, signal?: AbortSignal): Promise<void> {
    return this.#groups.run(group.name, () => dropGroup(this.#array, group, signal));
  }

  /** Removes a CHAP user of ours that nothing is shown to, for the janitor. */
  dropChapUser(user: ChapUser, signal?: AbortSignal): Promise<void> {
    return this.#chapUsers.drop(user, signal);
  }

  #admit(
    group: GroupPlan,
    volume: VolumeRecord,
    comment: string,
    chapUserId: string | undefined,
    signal?: AbortSignal,
  ): Promise<AccessRecord> {
    return this.#groups.run(group.name, async () => {
      const { id } = await ensureGroup(this.#array, group, comment, signal);
      return await ensureAccess(this.#array, volume.id, id, chapUserId, signal);
    });
  }

  #drop({ name, initiator }: GroupPlan, signal?: AbortSignal): Promise<void> {
    return this.#groups.run(name, async () => {
      const group = await findGroup(this.#array, name, initiator, signal);
      if (group) await dropGroup(this.#array, group, signal);
    });
  }
}

function presentedLun(volume: VolumeRecord, access: PresentedLun['access']): PresentedLun {
  const serial = (volume.serial_number ?? '').toLowerCase();
  return {
    path: '',
    access,
    targetName: volume.target_name ?? '',
    sizeBytes: sizeBytesOf(volume),
    serial,
    scsiNames: scsiNamesOf(serial),
  };
}
