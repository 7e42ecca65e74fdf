import { bounded, type ErrorCode, type ErrorDetails, isError, LeewardError } from '@leeward/core';
import { persist, persistAfter } from '../../persist.ts';
import type { CallEnd } from '../../rpc/client/pending-call.ts';
import { XdrError } from '../../xdr/xdr-error.ts';
import { nfsStatus, nfsStatusName } from '../nfs-status.ts';
import type { RemoteAttributes } from '../protocol/attributes.ts';
import { LinkPool } from './link-pool.ts';
import { CheckedCall, type NfsCall } from './nfs-call.ts';
import {
  callsInFlight,
  type NfsOptions,
  type NfsSettings,
  unknownReadBytes,
  withDefaults,
} from './nfs-options.ts';
import { pathNames } from './path-names.ts';
import { type FileSystemInfo, fileSystemInfoCall, getAttributesCall, lookupCall } from './read-calls.ts';
import { ServerDoor } from './server-door.ts';
import { statusError } from './status-error.ts';

export interface NfsCounters {
  /** Bytes of file content received. */
  readonly bytesRead: number;
  /** Connections opened again after a loss. */
  readonly reconnects: number;
}

/** An object on the server with its attributes. */
export interface RemoteObject {
  readonly handle: Uint8Array;
  readonly attributes: RemoteAttributes;
}

const goodbyeMs = 3_000;

/**
 * A mounted export: what the reading and the writing client share. Repeats calls over lost connections and busy
 * answers, walks paths, and turns every status into a catalogue error.
 */
export class NfsSession {
  readonly settings: NfsSettings;
  readonly #door: ServerDoor;
  readonly #links: LinkPool;
  #root: Promise<Uint8Array> | undefined;
  #info: FileSystemInfo | undefined;
  #closed = false;
  bytesRead = 0;
  reconnects = 0;

  /** One try at each address; a server that is not there is reported at once. */
  static async connect(options: NfsOptions, signal?: AbortSignal): Promise<NfsSession> {
    const session = new NfsSession(withDefaults(options));
    try {
      await session.#start(signal);
      return session;
    } catch (error) {
      session.#links.close(session.#closedError());
      throw error;
    }
  }

  private constructor(settings: NfsSettings) {
    this.settings = settings;
    this.#door = new ServerDoor(settings);
    this.#links = new LinkPool({
      connections: settings.connections,
      callsInFlight: callsInFlight(settings, unknownReadBytes),
      clock: settings.clock,
      open: (signal) => this.#door.openNfs(signal),
      onReopened: () => {
        this.reconnects++;
      },
    });
  }

  /** Largest READ: the smaller of the server's limit and ours. */
  get maxReadBytes(): number {
    return Math.min(this.info.maxReadBytes, this.settings.maxReadBytes);
  }

  get info(): FileSystemInfo {
    if (!this.#info) throw this.#closedError();
    return this.#info;
  }

  /** Sends a call, again when the connection is lost or the server is busy, until it is answered with success. */
  request<T>(call: NfsCall<T>, path: string, signal?: AbortSignal): Promise<T> {
    return this.requestRepeatable(() => call, path, signal);
  }

  /** As `request`; `make` learns how often the call failed before, for calls that cannot be repeated blindly. */
  requestRepeatable<T>(
    make: (failures: number) => NfsCall<T>,
    path: string,
    signal?: AbortSignal,
  ): Promise<T> {
    return new Promise((resolve, reject) => this.#begin(make, path, { resolve, reject }, signal));
  }

  /** As `request`, without a promise: there is a call for each READ, and `end` learns how it settles. */
  start<T>(call: NfsCall<T>, path: string, end: CallEnd<T>, signal?: AbortSignal): void {
    this.#begin(() => call, path, end, signal);
  }

  /** Walks from the root by LOOKUP; links are not followed. */
  async walk(path: string, signal?: AbortSignal): Promise<RemoteObject> {
    let handle = await this.#rootHandle(signal);
    let attributes = await this.request(getAttributesCall(handle), '', signal);
    const walked: string[] = [];
    for (const name of pathNames(path)) {
      if (attributes.type !== 'directory') throw this.#notDirectory(attributes, walked.join('/'));
      walked.push(name);
      ({ handle, attributes } = await this.lookUp(handle, name, walked.join('/'), signal));
    }
    return { handle, attributes };
  }

  async lookUp(
    directory: Uint8Array,
    name: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<RemoteObject> {
    const found = await this.request(lookupCall(directory, name), path, signal);
    const attributes =
      found.attributes ?? (await this.request(getAttributesCall(found.handle), path, signal));
    return { handle: found.handle, attributes };
  }

  /** Runs `work` on the object at `path`; when its handle or one on the way is stale, once more from MNT on. */
  async at<T>(path: string, work: (object: RemoteObject) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work(await this.walk(path, signal));
    } catch (error) {
      if (!isError(error, 'L-NET-203')) throw error;
      this.forgetRoot();
      return work(await this.walk(path, signal));
    }
  }

  /** The next walk asks MOUNT for the root again. */
  forgetRoot(): void {
    this.#root = undefined;
  }

  /** An error about `path`, with host and export filled in. */
  error(code: ErrorCode, path: string, details: ErrorDetails = {}): LeewardError {
    const place = { host: this.#door.host, export: this.settings.exportPath };
    return new LeewardError(code, { ...place, path: path === '' ? 'the root' : path, ...details });
  }

  /** Says goodbye to the MOUNT service as far as it answers soon, then closes. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#links.close(this.#closedError());
    const bound = { name: 'UMNT', timeoutMs: goodbyeMs };
    await bounded(this.settings.clock, bound, (signal) => this.#door.unmount(signal)).catch(() => undefined);
  }

  async #start(signal: AbortSignal | undefined): Promise<void> {
    const root = await this.#door.mount(signal);
    this.#root = Promise.resolve(root);
    const answer = await this.#links.call(fileSystemInfoCall(root), signal);
    if (answer.value === undefined) throw this.#rootRefusal(answer.status);
    if (answer.value.maxReadBytes < 1) throw this.#broken('FSINFO offers reads of 0 bytes');
    this.#info = answer.value;
    this.#links.boundCallsInFlight(callsInFlight(this.settings, this.maxReadBytes));
  }

  /** The first try has no promise of its own; what is tried again has. */
  #begin<T>(
    make: (failures: number) => NfsCall<T>,
    path: string,
    end: CallEnd<T>,
    signal: AbortSignal | undefined,
  ): void {
    if (this.#closed) {
      end.reject(this.#closedError());
      return;
    }
    const firstTry: CallEnd<T> = {
      resolve: (result) => end.resolve(result),
      reject: (error) => {
        this.#again(error, make, path, signal).then(
          (result) => end.resolve(result),
          (last: unknown) => end.reject(last),
        );
      },
    };
    this.#links.start(this.#checked(make(0), path), firstTry, signal);
  }

  #once<T>(call: NfsCall<T>, path: string, signal: AbortSignal | undefined): Promise<T> {
    return this.#links.call(this.#checked(call, path), signal);
  }

  #checked<T>(call: NfsCall<T>, path: string): CheckedCall<T> {
    return new CheckedCall(call, (status) => this.#refusal(call, status, path));
  }

  /** What only a failure needs is made only then: of a hundred thousand READs hardly one fails. */
  #again<T>(
    first: unknown,
    make: (failures: number) => NfsCall<T>,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { clock, giveUpAfterMs } = this.settings;
    return persistAfter(
      first,
      { clock, giveUpAfterMs, signal, gaveUp: (last) => this.#gaveUp(last) },
      (failures, ending) => this.#once(make(failures), path, ending),
    );
  }

  #refusal(call: NfsCall<unknown>, status: number, path: string): LeewardError {
    return statusError(status, {
      host: this.#door.host,
      exportPath: this.settings.exportPath,
      path,
      call: call.name,
      privileged: this.#links.privileged,
    });
  }

  #rootHandle(signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (this.#root) return this.#root;
    const { clock, giveUpAfterMs } = this.settings;
    const mounting = persist(
      { clock, giveUpAfterMs, signal, gaveUp: (last) => this.#gaveUp(last) },
      (_, ending) => this.#door.mount(ending),
    );
    this.#root = mounting;
    mounting.catch(() => {
      if (this.#root === mounting) this.#root = undefined;
    });
    return mounting;
  }

  #rootRefusal(status: number): LeewardError {
    const refused = status === nfsStatus.ACCES || status === nfsStatus.PERM;
    const details = { host: this.#door.host, export: this.settings.exportPath };
    if (!refused) return new LeewardError('L-NET-114', { ...details, answer: nfsStatusName(status) });
    const code = this.#links.privileged ? 'L-NET-106' : 'L-NET-107';
    return new LeewardError(code, { ...details, answer: nfsStatusName(status) });
  }

  #notDirectory(attributes: RemoteAttributes, path: string): LeewardError {
    return this.error(attributes.type === 'symlink' ? 'L-NET-206' : 'L-NET-207', path);
  }

  #gaveUp(last: unknown): LeewardError {
    if (isError(last, 'L-NET-209')) return last;
    const host = this.#door.host;
    const seconds = Math.round(this.settings.giveUpAfterMs / 1000);
    const reason =
      last instanceof LeewardError ? String(last.details['reason'] ?? last.message) : String(last);
    return new LeewardError('L-NET-111', { host, seconds, reason }, last);
  }

  #broken(problem: string): LeewardError {
    return new LeewardError('L-NET-113', { host: this.#door.host, problem }, new XdrError(problem));
  }

  #closedError(): LeewardError {
    return new LeewardError('L-NET-115', { host: this.#door.host, export: this.settings.exportPath });
  }
}
