import { useCallback, useState } from 'react';
import { useCache } from '../api/use-resource.tsx';

interface Action {
  readonly busy: boolean;
  /** What the last try ended with. */
  readonly error: unknown;
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** A change that a user asks for: one at a time; afterwards all that is shown is read anew. */
export function useAction(): Action {
  const cache = useCache();
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: undefined });
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setState({ busy: true, error: undefined });
      try {
        await work();
        setState({ busy: false, error: undefined });
        return true;
      } catch (error) {
        setState({ busy: false, error });
        return false;
      } finally {
        cache.refresh();
      }
    },
    [cache],
  );
  return { ...state, run };
}
