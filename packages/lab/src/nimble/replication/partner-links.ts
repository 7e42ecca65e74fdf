import type { ShiftingClock } from '../../control/shifting-clock.ts';
import { LinkClient, PeerUnreachable } from '../../link/link-client.ts';
import type { Group } from '../model/group.ts';
import type { Partner } from '../model/objects.ts';
import { ApiError } from '../rest/api-error.ts';
import { greetingSchema, type ReplicationRequest } from './protocol.ts';

const keepaliveMs = 250;

/** A refusal of the other group; it may pass by itself, once somebody there has acted. */
export class PartnerRefusal extends ApiError {}

interface Line {
  readonly link: LinkClient;
  readonly endpoint: string;
}

/** The connections to all replication partners, kept up by pings. */
export class PartnerLinks {
  readonly #group: Group;
  readonly #clock: ShiftingClock;
  readonly #lines = new Map<Partner, Line>();
  readonly #stop = new AbortController();
  /** False: this group reaches nobody. */
  reachable = true;

  constructor(group: Group, clock: ShiftingClock) {
    this.#group = group;
    this.#clock = clock;
  }

  start(): void {
    void this.#keepAlive().catch(() => undefined);
  }

  async #keepAlive(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await Promise.all(this.#groups().map((partner) => this.test(partner)));
      await this.#clock.sleep(keepaliveMs * this.#clock.speed, this.#stop.signal);
    }
  }

  /** Pools of this group need no connection. */
  #groups(): Partner[] {
    return [...this.#group.partners.values()].filter(({ type }) => type === 'group');
  }

  /** Updates what the partner shows of itself. */
  async test(partner: Partner): Promise<void> {
    try {
      if (!this.reachable) throw new PeerUnreachable('the network of this group is down');
      await this.#line(partner).introduce();
      partner.alive = true;
      partner.lastKeepaliveError = '';
    } catch (error) {
      partner.alive = false;
      partner.lastKeepaliveError = error instanceof Error ? error.message : String(error);
    }
  }

  #line(partner: Partner): LinkClient {
    const endpoint = `${partner.hostname}:${partner.dataPort}`;
    const known = this.#lines.get(partner);
    if (known?.endpoint === endpoint) return known.link;
    known?.link.cut();
    const link = new LinkClient({
      address: { host: partner.hostname, port: partner.dataPort },
      hello: () => ({
        method: 'hello',
        groupName: this.#group.name,
        groupUid: this.#group.uid,
        arraySerial: this.#group.leader.serial,
        secret: partner.secret,
      }),
      greeted: (result) => {
        const greeting = greetingSchema.parse(result);
        if (greeting.groupName !== partner.name)
          throw new PeerUnreachable(`the group at ${endpoint} is ${greeting.groupName}`);
        partner.groupUid = greeting.groupUid;
        partner.arraySerial = greeting.arraySerial;
      },
      failure: (code, message) => new PartnerRefusal(409, String(code), message),
    });
    this.#lines.set(partner, { link, endpoint });
    return link;
  }

  /** Throws `PeerUnreachable` or `PartnerRefusal`. */
  async ask(partner: Partner, request: ReplicationRequest, body?: Uint8Array): Promise<unknown> {
    if (!this.reachable) throw new PeerUnreachable('the network of this group is down');
    return (await this.#line(partner).ask(request, body)).result;
  }

  cutAll(): void {
    for (const { link } of this.#lines.values()) link.cut();
  }

  close(): void {
    this.#stop.abort();
    this.cutAll();
  }
}
