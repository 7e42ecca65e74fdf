import type { Services } from '@leeward/engine';
import { job } from './answers/plan-answer.ts';
import { schedulePreview, scheduleTime } from './answers/schedule-answers.ts';
import type { Api } from './api.ts';
import { byId } from './inputs.ts';
import { about, changesNothing, listOf } from './route-about.ts';
import { previewSchedule, timesFilter } from './schedule-inputs.ts';

/** When jobs are started by themselves. */
export function scheduleRoutes(api: Api, { jobs }: Services): void {
  const one = { params: byId };
  api.post(
    '/schedules/preview',
    changesNothing(
      about('viewer', 'schedule', 'What a schedule means, and its next times', schedulePreview, {
        body: previewSchedule,
      }),
    ),
    ({ body }) => jobs.preview(body),
  );
  api.get(
    '/jobs/:id/times',
    about('viewer', 'job', 'What became of the times of its schedule, newest first', listOf(scheduleTime), {
      params: byId,
      querystring: timesFilter,
    }),
    ({ params, query }) => jobs.times(params.id, query.limit),
  );
  api.post(
    '/jobs/:id/enable',
    about('operator', 'job', 'Switch the schedule of a job on', job, one),
    ({ params }) => jobs.setEnabled(params.id, true),
  );
  api.post(
    '/jobs/:id/disable',
    about('operator', 'job', 'Switch the schedule of a job off; runs that go on are not touched', job, one),
    ({ params }) => jobs.setEnabled(params.id, false),
  );
}
