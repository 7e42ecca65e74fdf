import type { TransferPolicy } from '../words/array-inventory.ts';
import type { StorageSnapshotRole } from '../words/storage.ts';
import type { ForeignLink, Link, OwnLink } from './words.ts';

/** A storage snapshot as its array tells it, with our mark where it has one. */
export interface ListedStorageSnapshot
  extends Pick<OwnLink, 'name' | 'frozenAtMs' | 'lockedUntilMs' | 'heldBy' | 'label' | 'schedule'> {
  readonly mark?: { readonly installationId: string; readonly runId: string };
}

/** What the journal says of one. */
export interface JournaledLink {
  readonly name: string;
  readonly jobId: string;
  readonly role: StorageSnapshotRole;
  readonly arrivedAt: readonly string[];
  readonly onWayTo: readonly string[];
}

export interface AdoptionRequest {
  /** All that the place has, in the array's order, oldest first. */
  readonly listed: readonly ListedStorageSnapshot[];
  /** In the order in which they were made. */
  readonly journal: readonly JournaledLink[];
  readonly installationId: string;
  /** The job that the chain is of. */
  readonly jobId: string;
  /** Job of a run of this installation; `by-hand` for one that the user made, `undefined` for an unknown run. */
  jobOf(runId: string): string | undefined;
  /** Runs and restores that go on need it. */
  isInUse(name: string, runId: string): boolean;
  /** Role of one of this job's that no journal knows: where a chain is kept it is a link of it. */
  readonly roleOfUnknown: StorageSnapshotRole;
  /** Other places that cannot be listed now: what no journal knows may be there too. */
  readonly silentPlaces: readonly string[];
}

/**
 * The links of a place from what is really there: what the journal knows keeps its role and order; what carries our
 * mark and is in no journal (the array was removed and registered again, or the journal was lost) is taken in again;
 * what carries no mark of this installation is foreign, whatever its name. What is in the journal only is gone.
 */
export function adopt(request: AdoptionRequest): readonly Link[] {
  const journal = new Map(request.journal.map((each) => [each.name, each]));
  const links = request.listed.map((listed) => adopted(request, listed, journal.get(listed.name)));
  return inJournalOrder(
    links,
    request.journal.map(({ name }) => name),
  );
}

function adopted(request: AdoptionRequest, listed: ListedStorageSnapshot, known?: JournaledLink): Link {
  const { mark, ...seen } = listed;
  if (mark?.installationId !== request.installationId) {
    const owner: ForeignLink['owner'] = mark ? 'other-installation' : 'foreign';
    return { ...seen, owner };
  }
  const jobId = known?.jobId ?? request.jobOf(mark.runId);
  if (jobId === 'by-hand') return { ...seen, owner: 'by-hand' };
  return {
    ...seen,
    // A run that nobody remembers was of some job, not of this one: then nobody's retention touches it.
    owner: jobId === request.jobId ? 'this-job' : 'other-job',
    // As a link of the other one's chain it is left to that.
    role: known?.role ?? (jobId === request.jobId ? request.roleOfUnknown : 'long-term'),
    inUse: request.isInUse(seen.name, mark.runId),
    lostOn: [],
    arrivedAt: known?.arrivedAt ?? request.silentPlaces,
    onWayTo: known?.onWayTo ?? [],
  };
}

/** Known ones in the journal's order; each other one stays in front of the known one that it was listed before. */
function inJournalOrder(links: readonly Link[], names: readonly string[]): readonly Link[] {
  const known = new Set(names);
  const before = new Map<string, Link[]>();
  let waiting: Link[] = [];
  for (const link of links) {
    waiting.push(link);
    if (!known.has(link.name)) continue;
    before.set(link.name, waiting);
    waiting = [];
  }
  return [...names.flatMap((name) => before.get(name) ?? []), ...waiting];
}

/**
 * What a transfer of `name` may have brought besides: to be noted as arrived for each of them, since later, when the
 * secondary does not answer, nobody can look.
 * @param names what the feeder had then, oldest first
 */
export function arrivedWith(
  policy: TransferPolicy,
  names: readonly string[],
  name: string,
): readonly string[] {
  const isAlone = policy === 'vault' || policy === 'snapshot-replication';
  return isAlone ? [name] : names.slice(0, names.indexOf(name) + 1);
}
