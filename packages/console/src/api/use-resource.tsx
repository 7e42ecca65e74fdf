import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Resource, ResourceCache } from './resource-cache.ts';

export const CacheContext = createContext<ResourceCache | undefined>(undefined);

export function useCache(): ResourceCache {
  const cache = useContext(CacheContext);
  if (!cache) throw new Error('no cache around this');
  return cache;
}

const notAsked: Resource<never> = { loading: false };

/** The answer of the API to GET of `path`, drawn anew whenever it was read anew. Undefined: nothing is asked. */
export function useResource<T>(path: string | undefined): Resource<T> {
  const cache = useCache();
  const subscribe = useCallback(
    (listener: () => void) => (path === undefined ? () => undefined : cache.subscribe(path, listener)),
    [cache, path],
  );
  return useSyncExternalStore(subscribe, () => (path === undefined ? notAsked : cache.get<T>(path)));
}
