import { type JsonObject, textAt } from '@leeward/lab/json';
import type { OntapSimulator } from '@leeward/lab/ontap/simulator';
import { type Answer, RestCaller } from '@leeward/lab/ontap/testing/rest-caller';
import { admin, type Pair } from '@leeward/lab/ontap/testing/start-pair';
import { systemClock, systemRandomness } from '@leeward/platform';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { expect } from 'vitest';
import { ContractJudge } from './ontap-sim-judge.ts';

const judge = new ContractJudge(new URL('fixtures/ontap-openapi-subset.json', import.meta.url));
export const code = (answer: Answer) => Number(textAt(answer.body, 'error.code'));

/** A pair with callers of both sides whose every answer is judged by the API description. */
export class Bench {
  readonly pair: Pair;
  readonly primary: RestCaller;
  readonly secondary: RestCaller;
  readonly complaints: string[] = [];

  constructor(pair: Pair) {
    this.pair = pair;
    this.primary = this.#caller(pair.primary);
    this.secondary = this.#caller(pair.secondary);
  }

  #caller(of: OntapSimulator): RestCaller {
    const made = new RestCaller(of.addresses, admin);
    made.onAnswer = (...seen) => this.complaints.push(...judge.judge(...seen));
    return made;
  }

  async volume(caller: RestCaller, name: string): Promise<string> {
    return textAt((await caller.records(`/storage/volumes?name=${name}`))[0], 'uuid') ?? '';
  }

  async snap(name: string, label = '', volume = 'ds1'): Promise<void> {
    const uuid = await this.volume(this.primary, volume);
    const made = await this.primary.call('POST', `/storage/volumes/${uuid}/snapshots?return_timeout=10`, {
      body: { name, ...(label ? { snapmirror_label: label } : {}) },
    });
    expect(made.status).toBe(201);
  }

  async drop(caller: RestCaller, name: string): Promise<Answer> {
    const uuid = await this.volume(caller, 'ds1');
    const [found] = await caller.records(`/storage/volumes/${uuid}/snapshots?name=${name}`);
    return caller.call('DELETE', `/storage/volumes/${uuid}/snapshots/${found?.['uuid']}?return_timeout=10`);
  }

  async names(caller: RestCaller, volume = 'ds1'): Promise<string[]> {
    const uuid = await this.volume(caller, volume);
    const found = await caller.records(`/storage/volumes/${uuid}/snapshots`);
    return found
      .map((one) => String(one['name']))
      .map((name) => (name.startsWith('snapmirror.') ? 'SM' : name));
  }

  async relation(): Promise<JsonObject> {
    const [found] = await this.secondary.records(
      '/snapmirror/relationships?destination.path=svm1:ds1&fields=*',
    );
    return found ?? {};
  }

  async start(source_snapshot?: string): Promise<Answer> {
    const { uuid } = await this.relation();
    const body = source_snapshot === undefined ? {} : { source_snapshot };
    return this.secondary.call('POST', `/snapmirror/relationships/${uuid}/transfers`, { body });
  }

  async ended(): Promise<string | undefined> {
    for (let turn = 0; turn < 500; turn++) {
      const state = textAt(await this.relation(), 'transfer.state');
      if (state !== 'transferring' && state !== 'queued') return state;
      await systemClock.sleep(10);
    }
    return undefined;
  }

  async update(source_snapshot?: string): Promise<string | undefined> {
    expect((await this.start(source_snapshot)).status).toBe(201);
    return this.ended();
  }

  options(side: 'primary' | 'secondary', exportPath: string) {
    const [port] = this.pair[side].addresses.dataPorts;
    return {
      addresses: ['127.0.0.1'],
      nfsPort: port?.nfsPort ?? 0,
      mountPort: port?.mountPort ?? 0,
      exportPath,
      clock: systemClock,
      randomness: systemRandomness,
      giveUpAfterMs: 2000,
    };
  }

  async write(name: string, data: Uint8Array, offset = 0): Promise<void> {
    const writer = await NfsWriter.connect(this.options('primary', '/ds1'));
    const file = await writer.createFile(name);
    await writer.write(file, offset, data);
    await writer.close();
  }

  async close(): Promise<void> {
    await this.primary.close();
    await this.secondary.close();
    await this.pair.close();
    expect(this.complaints).toEqual([]);
  }
}
