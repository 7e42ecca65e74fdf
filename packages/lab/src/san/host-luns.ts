import { z } from 'zod';
import { LinkClient, PeerUnreachable } from '../link/link-client.ts';
import { type HostLunFacts, hostBatchBytes, hostLunSchema } from './host-protocol.ts';

export type { HostLunFacts } from './host-protocol.ts';

export interface HostLunsOptions {
  readonly host?: string | undefined;
  /** `hostPort` of the simulated array's addresses. */
  readonly port: number;
  /** `hosts.token` of its config. */
  readonly token: string;
  /** Who the simulated host is: the LUNs mapped to this name are its. */
  readonly initiatorName: string;
}

/** The array refused a host's request: LUN not mapped, outside of its size, write-protected or full. */
export class HostLunError extends Error {
  readonly reason: 'not-mapped' | 'out-of-range' | 'write-protected' | 'no-space' | 'failed';

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'HostLunError';
    const known = ['not-mapped', 'out-of-range', 'write-protected', 'no-space'] as const;
    this.reason = known.find((one) => one === reason) ?? 'failed';
  }
}

/**
 * A simulated host's way to its LUNs on one simulated array, of either family: what it is mapped, it reads and
 * writes. Connects when needed and again after a cut; then calls fail with `PeerUnreachable`. The caller closes it.
 */
export class HostLuns {
  readonly #link: LinkClient;

  constructor({ host = '127.0.0.1', port, token, initiatorName }: HostLunsOptions) {
    this.#link = new LinkClient({
      address: { host, port },
      hello: () => ({ method: 'hello', token, initiatorName }),
      greeted: () => undefined,
      failure: (code, message) => new HostLunError(String(code), message),
    });
  }

  /** Everything mapped to this host now: what a rescan finds. */
  async list(): Promise<readonly HostLunFacts[]> {
    const { result } = await this.#link.ask({ method: 'luns' });
    return z.array(hostLunSchema).parse(result);
  }

  /** The LUN with a SCSI name as in `list`. Throws `HostLunError` `not-mapped`. */
  async open(scsiName: string): Promise<HostLun> {
    const found = (await this.list()).find((one) => one.scsiName === scsiName);
    if (!found) throw new HostLunError('not-mapped', `${scsiName} is not mapped to this host`);
    return new HostLun(this.#link, found);
  }

  close(): void {
    this.#link.cut();
  }
}

/**
 * One LUN. Any byte offset and length within its size; what was never written reads as zeros. Writes act on the
 * array in the order of the calls, and are there for a storage snapshot once the call has resolved. Throws
 * `HostLunError`, or `PeerUnreachable` when the array is not there.
 */
export class HostLun {
  readonly facts: HostLunFacts;
  readonly #link: LinkClient;

  constructor(link: LinkClient, facts: HostLunFacts) {
    this.#link = link;
    this.facts = facts;
  }

  get sizeBytes(): number {
    return this.facts.sizeBytes;
  }

  async read(offsetBytes: number, target: Uint8Array): Promise<void> {
    await Promise.all(
      batches(target).map(async ({ at, part }) => {
        const request = { ...this.#place(offsetBytes + at), method: 'read', lengthBytes: part.length };
        const { body } = await this.#link.ask(request);
        if (body.length !== part.length) throw new PeerUnreachable('the array answered too little');
        part.set(body);
      }),
    );
  }

  async write(offsetBytes: number, data: Uint8Array): Promise<void> {
    await Promise.all(
      batches(data).map(({ at, part }) =>
        this.#link.ask({ ...this.#place(offsetBytes + at), method: 'write' }, part),
      ),
    );
  }

  #place(offsetBytes: number) {
    return { target: this.facts.target, lun: this.facts.lun, offsetBytes };
  }
}

function batches(bytes: Uint8Array): { at: number; part: Uint8Array }[] {
  const count = Math.ceil(bytes.length / hostBatchBytes);
  return Array.from({ length: count }, (_, index) => {
    const at = index * hostBatchBytes;
    return { at, part: bytes.subarray(at, at + hostBatchBytes) };
  });
}
