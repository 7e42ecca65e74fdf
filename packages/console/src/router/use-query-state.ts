import { useCallback } from 'react';
import { navigate, useLocation } from './location.ts';

/** A value that stands in the address, so that a link shows the same; the default is left out there. */
export function useQueryState(name: string, byDefault = ''): readonly [string, (value: string) => void] {
  const value = useLocation().query.get(name) ?? byDefault;
  const set = useCallback(
    (next: string) => {
      const url = new URL(window.location.href);
      if (next === byDefault) url.searchParams.delete(name);
      else url.searchParams.set(name, next);
      navigate(url.pathname + url.search, { replace: true });
    },
    [name, byDefault],
  );
  return [value, set];
}
