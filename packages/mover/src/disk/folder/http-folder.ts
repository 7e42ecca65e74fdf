import { isError } from '@leeward/core';
import type { FileReader } from '@leeward/formats';
import type { DiskTools } from '../open-disk.ts';
import type { HttpFolderAccess, HttpLogin } from './http-access.ts';
import { httpError } from './http-failure.ts';
import { HttpFileReader } from './http-file-reader.ts';
import { HttpFiles } from './http-files.ts';
import { type HttpGate, LocalGate } from './http-gate.ts';
import { RemoteGate } from './http-gate-client.ts';
import { basicKeys, type HttpKeys, sessionKeys } from './http-keys.ts';
import { HttpRequests } from './http-requests.ts';
import { HttpWindows } from './http-windows.ts';
import type { OpenFolder } from './open-folder.ts';

/**
 * A folder of a datastore over HTTPS, for files that a VMware snapshot froze. Connects when the first file is asked
 * for. Throws `L-NET-401` to `L-NET-415`.
 */
export function openHttpFolder(access: HttpFolderAccess, name: string, tools: DiskTools): OpenFolder {
  return new HttpFolder(access, name, tools);
}

class HttpFolder implements OpenFolder {
  readonly folder: OpenFolder['folder'];
  readonly #gate: HttpGate;
  readonly #requests: HttpRequests;
  readonly #files: HttpFiles;
  readonly #windows = new HttpWindows();
  readonly #rootPath: string;
  #checked: Promise<unknown> | undefined;

  constructor(access: HttpFolderAccess, name: string, tools: DiskTools) {
    this.#gate = gateOf(access, tools);
    this.#requests = new HttpRequests(access, this.#gate, tools.clock);
    this.#files = new HttpFiles(this.#requests);
    this.#rootPath = access.rootPath.replace(/^\/+|\/+$/g, '');
    this.folder = { name, open: (path, signal) => this.#open(path, signal) };
  }

  async readFile(path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const place = this.#place(path);
    const stamp = await this.#files.stat(place, signal);
    const { sizeBytes } = stamp;
    if (sizeBytes > maxBytes)
      throw httpError('L-NET-411', this.#requests.placeOf(place), { sizeBytes, maxBytes });
    const bytes = new Uint8Array(sizeBytes);
    if (sizeBytes > 0) await this.#files.readRange(place, stamp, 0, bytes, signal);
    return bytes;
  }

  names(folderPath: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.#files.names(this.#place(folderPath), signal);
  }

  async close(): Promise<void> {
    await this.#requests.close();
    this.#gate.close();
  }

  async #open(path: string, signal?: AbortSignal): Promise<FileReader | undefined> {
    const place = this.#place(path);
    try {
      return new HttpFileReader(this.#files, this.#windows, place, await this.#files.stat(place, signal));
    } catch (error) {
      if (!isError(error, 'L-NET-406')) throw error;
      // A datastore that is gone, or not mounted there, must not look like one in which this file is missing.
      this.#checked ??= this.#files.names(this.#rootPath, signal);
      await this.#checked.catch((failure: unknown) => {
        this.#checked = undefined;
        throw failure;
      });
      return undefined;
    }
  }

  #place(path: string): string {
    const parts = path.split('/').filter(Boolean);
    if (parts.some((part) => part === '.' || part === '..' || part.includes('\0')))
      throw httpError('L-NET-415', this.#requests.placeOf(path), {
        problem: 'it does not stay below its folder',
      });
    return [this.#rootPath, ...parts].filter(Boolean).join('/');
  }
}

function gateOf({ host, login, maxRequests = 4 }: HttpFolderAccess, tools: DiskTools): HttpGate {
  if (login.kind === 'gate') return new RemoteGate(login.channel, host, tools.clock, tools.randomness);
  return new LocalGate(keysOf(login), maxRequests);
}

function keysOf(login: Exclude<HttpLogin, { kind: 'gate' }>): HttpKeys {
  if (login.kind === 'basic') return basicKeys(login.username, login.password);
  return sessionKeys(async () => login.cookie);
}
