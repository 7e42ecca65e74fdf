/**
 * Proxies in the order in which a VM is offered to them. Each VM has an order of its own, so that VMs spread over all
 * proxies by their slots, and one that always holds: a VM stays with its proxy, which has its checkpoints, and moves
 * only when that one cannot do it (rendezvous hashing, weighted).
 */
export function proxiesFor<P extends { readonly id: string; readonly slots: number }>(
  vmKey: string,
  proxies: readonly P[],
): readonly P[] {
  return proxies
    .map((proxy) => ({ proxy, score: -Math.log(fractionOf(`${vmKey}\n${proxy.id}`)) / proxy.slots }))
    .sort((a, b) => a.score - b.score)
    .map(({ proxy }) => proxy);
}

/** A number above 0 and below 1 that differs with every character (FNV-1a, then mixed so that all bits count). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}
