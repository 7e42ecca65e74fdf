import { createContext, useContext } from 'react';
import type { ApiClient } from '../api/client.ts';
import type { Session } from '../api/session.ts';
import { type Deed, may } from './may.ts';

export interface SignedIn {
  readonly session: Session;
  readonly api: ApiClient;
  readonly signOut: () => void;
}

export const SessionContext = createContext<SignedIn | undefined>(undefined);

/** Who is signed in. Only below the sign-in page. */
export function useSession(): SignedIn {
  const value = useContext(SessionContext);
  if (!value) throw new Error('nobody is signed in');
  return value;
}

/** Whether who is signed in may do that. */
export function useMay(deed: Deed): boolean {
  return may(useSession().session.user.role, deed);
}
