import type { Clock, ExitClass } from '@leeward/core';
import type { RunState, RunView } from '@leeward/server';
import type { ApiClient } from '../api/api-client.ts';
import { exitCodes } from '../output/exit-codes.ts';
import type { Output } from '../output/output.ts';
import { LivePicture } from './live-picture.ts';
import { pictureOf } from './run-picture.ts';
import { runText } from './run-text.ts';
import { StepLines } from './step-lines.ts';

const pollMs = 300;

export interface WatchTools {
  readonly api: ApiClient;
  readonly output: Output;
  readonly clock: Clock;
}

const exitOf: Readonly<Record<RunState, ExitClass | 'ok'>> = {
  queued: 'error',
  running: 'error',
  success: 'ok',
  partly: 'partly',
  failed: 'error',
  cancelled: 'cancelled',
};

/** Follows a run until it ends, prints its result and returns the exit code. */
export async function watchRun(tools: WatchTools, runId: string): Promise<number> {
  const view = await followRun(tools, runId);
  tools.output.result(view, () => runText(view));
  return exitCodes[exitOf[view.run.state]];
}

/** Follows a run until it ends: a live picture on a terminal, a line per step elsewhere. */
export async function followRun({ api, output, clock }: WatchTools, runId: string): Promise<RunView> {
  const picture = output.isLive ? new LivePicture() : undefined;
  const lines = new StepLines((line) => output.note(line));
  for (;;) {
    const view = await api.get<RunView>(`/runs/${encodeURIComponent(runId)}`);
    if (picture) picture.draw(pictureOf(view, clock.now(), (style, text) => output.style(style, text)));
    else lines.show(view);
    if (view.run.endedAt) {
      picture?.clear();
      return view;
    }
    await clock.sleep(pollMs);
  }
}
