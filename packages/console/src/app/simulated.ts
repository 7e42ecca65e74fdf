/**
 * Whether the datacentre can only be a simulated one: every system answers on a loopback address, where no real vCenter
 * or array is.
 */
export function isSimulated(systems: readonly { readonly host: string }[]): boolean {
  return systems.length > 0 && systems.every(({ host }) => /^(127(\.\d+){3}|localhost|::1)$/.test(host));
}
