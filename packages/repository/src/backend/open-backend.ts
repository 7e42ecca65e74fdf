import type { BackendLocator, RepositoryBackend } from './backend.ts';
import { FolderBackend } from './folder-backend.ts';

/** The backend at an address; opens nothing yet. Usable in any thread. */
export function openBackend(locator: BackendLocator): RepositoryBackend {
  return new FolderBackend(locator.path);
}
