import type { Services } from '@leeward/engine';
import { cleanedOrphans, foundOrphans } from './answers/orphan-answers.ts';
import type { Api } from './api.ts';
import { about } from './route-about.ts';

/** What is of Leeward on vCenters and arrays and belongs to nothing any more. */
export function orphanRoutes(api: Api, { orphans }: Services): void {
  api.get(
    '/orphans',
    about(
      'viewer',
      'orphan',
      'Objects of Leeward whose run is over; reads every vCenter and array, touches nothing',
      foundOrphans,
    ),
    () => orphans.list(),
  );
  api.post(
    '/orphans/clean',
    about(
      'operator',
      'orphan',
      'Remove them now, as the server does by itself in time; never what is not of this installation',
      cleanedOrphans,
    ),
    () => orphans.clean(),
  );
}
