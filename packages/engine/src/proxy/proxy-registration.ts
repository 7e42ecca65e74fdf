import type { RegisteredProxy } from '../store/proxies.ts';
import type { Store } from '../store/store.ts';
import { initiatorNameOf } from './initiator-name.ts';

/** The proxy that the server itself starts. */
export const localProxyId = 'local';

export interface ProxyRegistration {
  readonly id: string;
  readonly name: string;
  /** From which it connects to data ports, as arrays see them. */
  readonly addresses: readonly string[];
  /** VMs that it reads at the same time. */
  readonly slots: number;
}

/**
 * What is stored of a proxy that starts. Its initiator name is of this installation: two that use one array must not
 * take each other for the same initiator; one that it has is kept.
 */
export async function proxyRegistration(
  store: Store,
  { id, name, addresses, slots }: ProxyRegistration,
): Promise<Pick<RegisteredProxy, 'id' | 'name' | 'settings'>> {
  const known = (await store.proxies.list()).find((each) => each.id === id)?.settings.initiatorName;
  const settings = { addresses: [...addresses], slots };
  const initiatorName = known ?? initiatorNameOf({ id: `${store.installationId}.${id}`, settings });
  return { id, name, settings: { ...settings, initiatorName } };
}
