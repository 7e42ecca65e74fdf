import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import type { Resource, ResourceCache } from './resource-cache.ts';
import { useCache } from './use-resource.tsx';

/** The first pages of a list, as one. */
export interface PagedList<T> extends Resource<readonly T[]> {
  /** Reads one page more; missing where all are there. */
  readonly more?: () => void;
}

/** A list of the API page by page: one, and one more each time that is asked for. */
export function usePages<T>(path: string): PagedList<T> {
  const cache = useCache();
  const [wanted, setWanted] = useState({ path, pages: 1 });
  const pages = wanted.path === path ? wanted.pages : 1;
  const last = useRef<Seen<T>>(undefined);
  const look = useCallback(() => {
    const seen = seenPages<T>(cache, path, pages);
    if (!last.current || !isSame(last.current, seen)) last.current = settled(seen, last.current);
    return last.current;
  }, [cache, path, pages]);
  const subscribe = useCallback(
    (listener: () => void) => followPages(cache, path, pages, listener),
    [cache, path, pages],
  );
  const { whole, hasMore } = useSyncExternalStore(subscribe, look);
  return hasMore ? { ...whole, more: () => setWanted({ path, pages: pages + 1 }) } : whole;
}

interface Seen<T> {
  readonly path: string;
  readonly parts: readonly unknown[];
  readonly whole: Resource<readonly T[]>;
  readonly hasMore: boolean;
}

/** Each page is where the one before says, so that nothing is missed when entries came meanwhile. */
function pathsOf(cache: ResourceCache, path: string, pages: number): readonly string[] {
  const paths = [path];
  while (paths.length < pages) {
    const { next } = cache.get(paths.at(-1) ?? path);
    if (next === undefined) break;
    paths.push(next);
  }
  return paths;
}

function seenPages<T>(cache: ResourceCache, path: string, pages: number): Seen<T> {
  const found = pathsOf(cache, path, pages).map((each) => cache.get<readonly T[]>(each));
  const error = found.find((each) => each.error !== undefined)?.error;
  const isWhole = found.every(({ data }) => data !== undefined);
  return {
    path,
    parts: found.flatMap(({ data, next, error: failed, loading }) => [data, next, failed, loading]),
    whole: {
      ...(isWhole ? { data: found.flatMap(({ data }) => data ?? []) } : {}),
      ...(error === undefined ? {} : { error }),
      loading: found.some(({ loading }) => loading),
    },
    hasMore: found.at(-1)?.next !== undefined,
  };
}

/** While a page is read, what was seen before stays to be seen. */
function settled<T>(seen: Seen<T>, before: Seen<T> | undefined): Seen<T> {
  if (seen.whole.data !== undefined || before?.path !== seen.path || before.whole.data === undefined)
    return seen;
  return { ...seen, whole: { ...seen.whole, data: before.whole.data } };
}

function isSame<T>(one: Seen<T>, other: Seen<T>): boolean {
  return (
    one.path === other.path &&
    one.parts.length === other.parts.length &&
    one.parts.every((part, at) => part === other.parts[at])
  );
}

/** Looks at as many pages as are known to be there; at further ones as soon as they are. */
function followPages(cache: ResourceCache, path: string, pages: number, listener: () => void): () => void {
  const followed = new Map<string, () => void>();
  const follow = () => {
    const paths = new Set(pathsOf(cache, path, pages));
    for (const each of paths) if (!followed.has(each)) add(each);
    for (const [each, stop] of followed)
      if (!paths.has(each)) {
        stop();
        followed.delete(each);
      }
  };
  const add = (each: string) => {
    followed.set(each, () => undefined);
    followed.set(
      each,
      cache.subscribe(each, () => {
        follow();
        listener();
      }),
    );
  };
  follow();
  return () => {
    for (const stop of followed.values()) stop();
  };
}
