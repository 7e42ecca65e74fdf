import { isError, isPermanent, LeewardError } from '@leeward/core';
import type { RemoteAttributes } from '../protocol/attributes.ts';
import {
  type ListedName,
  type ListedPage,
  type ListPosition,
  listStart,
  readDirectoryCall,
  readDirectoryPlusCall,
} from './list-calls.ts';
import type { NfsSession, RemoteObject } from './nfs-session.ts';

export interface NfsEntry {
  readonly name: string;
  readonly attributes: RemoteAttributes;
}

const maxPageBytes = 64 * 1024;

/**
 * Every name of a directory with its attributes, page by page, without `.` and `..`. Names that vanish while
 * the listing runs are left out. A server without READDIRPLUS is listed by READDIR and LOOKUP.
 */
export async function* listDirectory(
  session: NfsSession,
  directory: RemoteObject,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<NfsEntry, void, void> {
  let position: ListPosition = listStart;
  let plus = true;
  for (;;) {
    let page: ListedPage;
    try {
      const call = plus ? readDirectoryPlusCall : readDirectoryCall;
      page = await session.request(call(directory.handle, position, maxPageBytes), path, signal);
    } catch (error) {
      if (!plus || position !== listStart || !isUnsupported(error)) throw error;
      plus = false;
      continue;
    }
    for (const listed of page.names) {
      if (listed.name === '.' || listed.name === '..') continue;
      const attributes = await attributesOf(session, directory, listed, path, signal);
      if (attributes) yield { name: listed.name, attributes };
    }
    if (page.end) return;
    const cookie = page.names.at(-1)?.cookie ?? position.cookie;
    if (cookie === position.cookie)
      throw session.error('L-NET-113', path, { problem: 'an endless directory' });
    position = { cookie, verifier: page.verifier };
  }
}

async function attributesOf(
  session: NfsSession,
  directory: RemoteObject,
  listed: ListedName,
  path: string,
  signal: AbortSignal | undefined,
): Promise<RemoteAttributes | undefined> {
  if (listed.attributes) return listed.attributes;
  try {
    const found = await session.lookUp(directory.handle, listed.name, join(path, listed.name), signal);
    return found.attributes;
  } catch (error) {
    if (isError(error, 'L-NET-201')) return undefined;
    throw error;
  }
}

function isUnsupported(error: unknown): boolean {
  if (!isPermanent(error) || !(error instanceof LeewardError)) return false;
  if (error.code === 'L-NET-116') return error.details['answer'] === 'procedure-unavailable';
  return error.code === 'L-NET-210' && error.details['status'] === 'NOTSUPP';
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
