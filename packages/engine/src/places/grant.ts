import type { LimitedPlace, Limits } from '@leeward/core';

/** What a group asks for, all at once or not at all: its VMware snapshots exist at the same time. */
export interface PlaceRequest {
  readonly id: string;
  readonly runId: string;
  /** By VM, which gives its places back for itself. */
  readonly holds: Readonly<Record<string, readonly LimitedPlace[]>>;
  readonly granted: boolean;
}

/** Why a request has to wait. */
export interface Crowded {
  readonly place: LimitedPlace;
  /** Runs that have it, or came first, each once. */
  readonly runIds: readonly string[];
}

/**
 * Why one of the requests, which are in the order in which they came, cannot be granted now. Each is granted as a whole
 * and none goes before an earlier one where both need the same place, so that nobody holds some places while waiting for
 * others, and nobody waits for ever. One that needs more of a place than there is gets it when it is alone there.
 */
export function whyNotYet(
  requests: readonly PlaceRequest[],
  id: string,
  limits: Limits,
): Crowded | undefined {
  const at = requests.findIndex((request) => request.id === id);
  const own = requests[at];
  if (!own || own.granted) return undefined;
  const inFront = requests.filter((request, place) => request.granted || place < at);
  for (const place of placesOf(own)) {
    const limit = Math.max(1, limits[place.limit]);
    const wanted = (request: PlaceRequest) => Math.min(limit, countOf(request, place));
    const taken = inFront.filter((request) => countOf(request, place) > 0);
    const sum = taken.reduce((count, request) => {
      return count + (request.granted ? countOf(request, place) : wanted(request));
    }, 0);
    if (sum + wanted(own) > limit) return { place, runIds: [...new Set(taken.map(({ runId }) => runId))] };
  }
  return undefined;
}

function placesOf({ holds }: PlaceRequest): readonly LimitedPlace[] {
  const all = Object.values(holds).flat();
  return [...new Map(all.map((place) => [`${place.limit} ${place.id}`, place])).values()];
}

function countOf({ holds }: PlaceRequest, { limit, id }: LimitedPlace): number {
  return Object.values(holds)
    .flat()
    .filter((place) => place.limit === limit && place.id === id).length;
}
