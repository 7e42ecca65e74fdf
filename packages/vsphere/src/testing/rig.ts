import type { VcenterOptions } from '../connect.ts';
import type { VcenterClient } from '../vcenter-client.ts';
import { FakeVcenter } from './fake-vcenter.ts';
import { testClient } from './test-client.ts';

export interface Rig {
  readonly fake: FakeVcenter;
  readonly client: VcenterClient;
  close(): Promise<void>;
}

/** A fake vCenter and a client of it. The caller closes it. */
export async function startRig(
  tls: { readonly keyPem: string; readonly certificatePem: string; readonly sha256: string },
  options: Partial<VcenterOptions> = {},
): Promise<Rig> {
  const fake = new FakeVcenter(tls);
  const client = testClient(await fake.listen(), tls.sha256, options);
  const close = async () => {
    await client.close();
    await fake.close();
  };
  return { fake, client, close };
}
