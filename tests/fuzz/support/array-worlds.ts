import {
  type ArrayDriver,
  type ArraySettingsInput,
  arraySettingsSchema,
  createDriver,
} from '@leeward/arrays';
import { type FakeAnswer, type FakeRequest, startRestFake } from '@leeward/arrays/testing/rest-fake';
import type { Clock } from '@leeward/core';
import { RestCaller as NimbleCaller } from '@leeward/lab/nimble/testing/rest-caller';
import { admin as nimbleAdmin, startPair as startNimble } from '@leeward/lab/nimble/testing/start-pair';
import { RestCaller as OntapCaller } from '@leeward/lab/ontap/testing/rest-caller';
import { admin as ontapAdmin, startPair as startOntap } from '@leeward/lab/ontap/testing/start-pair';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock, systemRandomness } from '@leeward/platform';

/** Waits between attempts pass a hundred times faster. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };

interface Told {
  readonly status: number;
  readonly body: unknown;
}

/** A driver whose array is a simulator behind a front that may change the answers. */
export interface ArrayWorld {
  readonly driver: ArrayDriver;
  /** What the driver is told in place of what the simulator said; by default the same. */
  change: (request: FakeRequest, told: Told) => FakeAnswer;
  /** Resolves when every request has been answered, also those whose caller has given up. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** Every read is asked of the simulator once; logins and sessions always. */
async function startWorld(
  settings: Partial<ArraySettingsInput> & { readonly family: 'ontap' | 'nimble' },
  ask: (request: FakeRequest) => Promise<Told>,
  close: () => Promise<void>,
): Promise<ArrayWorld> {
  const tls = await createSelfSignedCertificate({
    commonName: 'x',
    altNames: ['127.0.0.1'],
    clock: systemClock,
  });
  const known = new Map<string, Told>();
  const inFlight = new Set<Promise<unknown>>();
  const front = await startRestFake({ key: tls.keyPem, cert: tls.certificatePem }, (request) => {
    const answer = respond(request).finally(() => inFlight.delete(answer));
    inFlight.add(answer);
    return answer;
  });
  const respond = async (request: FakeRequest): Promise<FakeAnswer> => {
    const key = `${request.path}?${request.query}`;
    const told = known.get(key) ?? (await ask(request));
    if (request.method === 'GET') known.set(key, told);
    return world.change(request, told);
  };
  const trust = { kind: 'fingerprint', sha256: tls.sha256 };
  const all = { host: '127.0.0.1', port: front.port, trust, ...settings };
  const driver = createDriver(arraySettingsSchema.parse(all), {
    clock: hurried,
    randomness: systemRandomness,
    resolveHost: async () => ['127.0.0.1'],
  });
  const world: ArrayWorld = {
    driver,
    change: (_, told) => told,
    quiet: async () => {
      while (inFlight.size > 0) {
        await Promise.allSettled(inFlight);
        // The caller has to take what was answered, and may ask for more.
        await systemClock.sleep(5);
      }
    },
    close: async () => {
      await driver.close();
      await front.close();
      await close();
    },
  };
  return world;
}

const target = ({ path, query }: FakeRequest) => (query.size > 0 ? `${path}?${query}` : path);

/** One group of a pair with replicated volumes and a snapshot collection that was sent, and its driver. */
export async function nimbleWorld(side: 'primary' | 'secondary'): Promise<ArrayWorld> {
  const pair = await startNimble();
  const primary = new NimbleCaller(pair.primary.addresses);
  await primary.login(nimbleAdmin);
  const collection = await primary.one('volume_collections?name=vc-prod');
  const sent = await primary.create('snapshot_collections', {
    name: 'leeward-sent',
    volcoll_id: String(collection['id']),
    replicate: true,
  });
  await primary.until(`snapshot_collections/${sent['id']}`, (row) => row['repl_status'] === 'complete');
  await primary.close();
  const caller = new NimbleCaller(pair[side].addresses);
  await caller.login(nimbleAdmin);
  const { name: username, password } = nimbleAdmin;
  return startWorld(
    { family: 'nimble', username, password },
    async (request) => {
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      const { method } = request;
      if (method !== 'GET' && method !== 'POST' && method !== 'PUT' && method !== 'DELETE')
        throw new Error(method);
      return caller.raw(method, target(request), body);
    },
    async () => {
      await caller.close();
      await pair.close();
    },
  );
}

/** The secondary cluster of two relations, and its driver. */
export async function ontapWorld(): Promise<ArrayWorld> {
  const pair = await startOntap(['MirrorAllSnapshots', 'MirrorAndVault']);
  const caller = new OntapCaller(pair.secondary.addresses, ontapAdmin);
  const { name: username, password } = ontapAdmin;
  return startWorld(
    { family: 'ontap', username, password },
    async (request) => {
      const { method, body } = request;
      const told = method === 'GET' || method === 'POST' || method === 'PATCH' || method === 'DELETE';
      if (!told) throw new Error(method);
      return caller.call(method, target(request), body === undefined ? {} : { body: JSON.stringify(body) });
    },
    async () => {
      await caller.close();
      await pair.close();
    },
  );
}
