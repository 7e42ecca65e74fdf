import { HttpsClient } from '@leeward/platform';
import type { VcenterSimulator } from '../simulator.ts';

export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A bare client for tests of the simulator: sends XML as given, knows nothing of the schema. */
export class VimProbe {
  readonly https: HttpsClient;
  cookie = '';
  version = '8.0.3.0';
  readonly #control: string;
  readonly #token: string;

  constructor(
    simulator: Pick<VcenterSimulator, 'port' | 'controlPort' | 'fingerprintSha256'>,
    token: string,
  ) {
    const origin = `https://127.0.0.1:${simulator.port}`;
    this.https = new HttpsClient({
      origin,
      trust: { kind: 'fingerprint', sha256: simulator.fingerprintSha256 },
    });
    this.#control = `http://127.0.0.1:${simulator.controlPort}`;
    this.#token = token;
  }

  async send(envelope: string): Promise<ProbeAnswer> {
    const answer = await this.https.request({
      method: 'POST',
      path: '/sdk',
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: `"urn:vim25/${this.version}"`,
        ...(this.cookie ? { cookie: this.cookie } : {}),
      },
      body: envelope,
    });
    const cookie = answer.headers['set-cookie'];
    if (typeof cookie === 'string') this.cookie = cookie.split(';')[0] ?? '';
    return { status: answer.statusCode, body: await answer.body.text(), headers: answer.headers };
  }

  /** `target` is `Type:id`; `args` is XML. */
  call(method: string, target: string, args = ''): Promise<ProbeAnswer> {
    const [type, ...id] = target.split(':');
    return this.send(
      `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soapenv:Body><${method} xmlns="urn:vim25"><_this type="${type}">${id.join(':')}</_this>${args}</${method}></soapenv:Body></soapenv:Envelope>`,
    );
  }

  /** The text of `returnval`; throws the fault's type and text. */
  async value(method: string, target: string, args = ''): Promise<string> {
    const { status, body } = await this.call(method, target, args);
    if (status !== 200) throw new Error(`${method}: ${status} ${faultOf(body)}`);
    return /<returnval[^>]*>(.*?)<\/returnval>/s.exec(body)?.[1] ?? '';
  }

  async login(userName: string, password: string): Promise<void> {
    await this.value(
      'Login',
      'SessionManager:SessionManager',
      `<userName>${userName}</userName><password>${password}</password>`,
    );
  }

  /** Starts a task and waits for its end; the result's text, or throws the fault's type. */
  async task(method: string, target: string, args = ''): Promise<string> {
    const task = await this.value(method, target, args);
    for (;;) {
      const info = await this.value('Fetch', `Task:${task}`, '<prop>info</prop>');
      const state = /<state>(\w+)<\/state>/.exec(info)?.[1];
      if (state === 'success') return /<result[^>]*>(.*?)<\/result>/s.exec(info)?.[1] ?? '';
      if (state === 'error')
        throw new Error(`${method}: ${/<fault [^>]*type="(\w+)"/.exec(info)?.[1]} ${info}`);
    }
  }

  createSnapshot(vm: string, name: string, quiesce = false): Promise<string> {
    return this.task(
      'CreateSnapshot_Task',
      `VirtualMachine:${vm}`,
      `<name>${name}</name><memory>false</memory><quiesce>${quiesce}</quiesce>`,
    );
  }

  removeSnapshot(snapshot: string): Promise<string> {
    return this.task(
      'RemoveSnapshot_Task',
      `VirtualMachineSnapshot:${snapshot}`,
      '<removeChildren>false</removeChildren>',
    );
  }

  /** Change ids by device key, from the configuration of a VMware snapshot. */
  async changeIds(snapshot: string): Promise<Map<number, string>> {
    const config = await this.value('Fetch', `VirtualMachineSnapshot:${snapshot}`, '<prop>config</prop>');
    const disks = [...config.matchAll(/<device xsi:type="VirtualDisk"><key>(\d+)<\/key>(.*?)<\/device>/gs)];
    return new Map(
      disks.map(([, key, text]) => [Number(key), /<changeId>([^<]*)</.exec(text ?? '')?.[1] ?? '']),
    );
  }

  /** The control door. */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#control}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const result: unknown = await answer.json();
    if (!answer.ok) throw new Error(`control ${path}: ${answer.status} ${JSON.stringify(result)}`);
    return result;
  }

  close(): Promise<void> {
    return this.https.close();
  }
}

/** `Type text` of a SOAP fault. */
export function faultOf(body: string): string {
  const type = /<detail><(\w+)Fault /.exec(body)?.[1];
  return `${type} ${/<faultstring>(.*?)<\/faultstring>/s.exec(body)?.[1]}`;
}
