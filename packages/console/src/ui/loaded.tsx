import { Skeleton } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { Resource } from '../api/resource-cache.ts';
import { useCache } from '../api/use-resource.tsx';
import { ProblemAlert } from './problem-alert.tsx';

interface LoadedProps<T> {
  readonly resource: Resource<T>;
  readonly children: (data: T) => ReactNode;
}

/** What was read; before that that it is being read, and what went wrong, beside what was seen last. */
export function Loaded<T>({ resource, children }: LoadedProps<T>) {
  const cache = useCache();
  const { data, error, loading } = resource;
  return (
    <>
      {error === undefined ? null : <ProblemAlert problem={error} onRetry={() => cache.refresh()} />}
      {data === undefined && loading && error === undefined ? (
        <div role="status">
          <Skeleton screenreaderText="Loading" className="lw-gap" />
          <Skeleton width="66%" className="lw-gap" />
        </div>
      ) : null}
      {data === undefined ? null : children(data)}
    </>
  );
}

/** Several answers as one: there when all are there. */
export function together<const T extends readonly Resource<unknown>[]>(
  ...resources: T
): Resource<{ -readonly [K in keyof T]: T[K] extends Resource<infer D> ? D : never }> {
  const error = resources.find((each) => each.error !== undefined)?.error;
  const isWhole = resources.every(({ data }) => data !== undefined);
  return {
    ...(isWhole ? { data: resources.map(({ data }) => data) as never } : {}),
    ...(error === undefined ? {} : { error }),
    loading: resources.some(({ loading }) => loading),
  };
}
