import { useState } from 'react';
import { type Base, ChangedMeanwhile, edit } from '../api/edit.ts';
import { useSession } from '../app/session-context.tsx';
import { useAction } from './use-action.ts';

/** Saves what a form holds. */
export interface Saving<T> {
  /** What the form was filled from; missing: it makes something new. */
  readonly seen: T | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  /** `over`: also over what was found to be changed meanwhile. */
  readonly save: (changes: object, over?: boolean) => Promise<boolean>;
  /** Fills the form from what is there now, where that is other than what it was filled from. */
  readonly beginAnew: (() => void) | undefined;
}

interface SavingOptions<T> {
  /** Of what is changed; of something new, where it is posted to. */
  readonly path: string;
  /** Missing: something new. */
  readonly first: T | undefined;
  /** Instead of posting it. */
  readonly make?: (body: object) => Promise<unknown>;
  readonly refill?: (now: T) => void;
}

/** Makes something new, or changes what the form was filled from; never over what somebody else changed meanwhile, unseen. */
export function useSaving<T extends object>({ path, first, make, refill }: SavingOptions<T>): Saving<T> {
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const [base, setBase] = useState<Base<T> | undefined>(first && { seen: first });
  const clash = error instanceof ChangedMeanwhile ? (error as ChangedMeanwhile<T>) : undefined;
  const save = (changes: object, over = false) =>
    run(async () => {
      if (!base) return make ? make(changes) : api.post(path, changes);
      const from = over && clash ? { ...base, accepted: clash.now } : base;
      const seen = await edit(api, path, from, changes);
      setBase({ seen });
      return seen;
    });
  const beginAnew = clash
    ? () =>
        void run(async () => {
          setBase({ seen: clash.now });
          refill?.(clash.now);
        })
    : undefined;
  return { seen: base?.seen, busy, error, save, beginAnew };
}
