import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';

/** What a door handed out; kept per door, so that tests see where bytes were read. */
export interface TransferFigures {
  readonly requests: number;
  readonly bytesSent: number;
  /** Of those, bytes that this host read for vCenter. */
  readonly bytesForVcenter: number;
  readonly inFlight: number;
  readonly peak: number;
  /** Answered with 503 because of the limit. */
  readonly refusedByLimit: number;
  readonly ticketsUsed: number;
}

/** Transfers of one door at once, and what they add up to. */
export class Transfers {
  /** 0: no limit. */
  readonly maxAtOnce: number;
  #requests = 0;
  #bytesSent = 0;
  #bytesForVcenter = 0;
  #inFlight = 0;
  #peak = 0;
  #refused = 0;
  #ticketsUsed = 0;

  constructor(maxAtOnce: number) {
    this.maxAtOnce = maxAtOnce;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** False when there are too many; else `end` MUST be called when the answer is over. */
  begin(): boolean {
    this.#requests++;
    if (this.maxAtOnce > 0 && this.#inFlight >= this.maxAtOnce) {
      this.#refused++;
      return false;
    }
    this.#inFlight++;
    this.#peak = Math.max(this.#peak, this.#inFlight);
    return true;
  }

  end(): void {
    this.#inFlight--;
  }

  sent(bytes: number, forVcenter: boolean): void {
    this.#bytesSent += bytes;
    if (forVcenter) this.#bytesForVcenter += bytes;
  }

  ticketUsed(): void {
    this.#ticketsUsed++;
  }

  toJson(): TransferFigures {
    return {
      requests: this.#requests,
      bytesSent: this.#bytesSent,
      bytesForVcenter: this.#bytesForVcenter,
      inFlight: this.#inFlight,
      peak: this.#peak,
      refusedByLimit: this.#refused,
      ticketsUsed: this.#ticketsUsed,
    };
  }

  reset(): void {
    this.#requests = this.#bytesSent = this.#bytesForVcenter = this.#refused = this.#ticketsUsed = 0;
    this.#peak = this.#inFlight;
  }
}

/** A server with a `/folder` door: vCenter, or one of its hosts. */
export interface FolderOrigin {
  /** `vcenter`, or the name of the host: for faults and figures. */
  readonly name: string;
  readonly transfers: Transfers;
  /** Inventory paths of the datacenters that it knows. */
  readonly datacenters: readonly string[];
  /** Without a datacenter in the address this one is meant; vCenter has none. */
  readonly defaultDatacenter: string | undefined;
  datastores(datacenter: string): readonly SimulatedDatastore[];
  /** The host that reads for vCenter; undefined where the origin reads itself. */
  hostFor(datastore: SimulatedDatastore): Transfers | undefined;
}
