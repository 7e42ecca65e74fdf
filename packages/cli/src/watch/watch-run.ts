import type { Clock, ExitClass } from '@leeward/core';
import type { RunState, RunView } from '@leeward/server';
import type { ApiClient } from '../api/api-client.ts';
import { exitCodes } from '../output/exit-codes.ts';
import type { Output, Style } from '../output/output.ts';
import { Interrupted } from '../process/interrupted.ts';
import { LivePicture } from './live-picture.ts';
import { pictureOf } from './run-picture.ts';
import { runText } from './run-text.ts';
import { StepLines } from './step-lines.ts';

const pollMs = 300;

export interface WatchTools {
  readonly api: ApiClient;
  readonly output: Output;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** False: the server ends with this command. */
  readonly lasting?: boolean;
}

const exitOf: Readonly<Record<RunState, ExitClass | 'ok'>> = {
  queued: 'error',
  running: 'error',
  success: 'ok',
  partly: 'partly',
  failed: 'error',
  cancelled: 'cancelled',
};

/** The exit code of a command whose result is a run in this state. */
export function exitCodeOfRun(state: RunState): number {
  return exitCodes[exitOf[state]];
}

/** Follows a run until it ends, prints its result and returns the exit code. */
export async function watchRun(tools: WatchTools, runId: string): Promise<number> {
  const view = await followRun(tools, runId);
  tools.output.result(view, () => runText(view));
  return exitCodeOfRun(view.run.state);
}

/** Follows a run until it ends: a live picture on a terminal, a line per step elsewhere. */
export async function followRun(tools: WatchTools, runId: string): Promise<RunView> {
  const { api, output, clock, signal } = tools;
  const picture = output.isLive ? new LivePicture() : undefined;
  const lines = new StepLines((line) => output.note(line));
  const paint = (style: Style, text: string) => output.style(style, text);
  const pictureTools = ({ columns }: LivePicture) => ({ nowMs: clock.now(), columns, paint });
  try {
    for (;;) {
      const view = await api.get<RunView>(`/runs/${encodeURIComponent(runId)}`);
      const ended = view.run.endedAt !== undefined;
      if (picture) picture[ended ? 'finish' : 'draw'](pictureOf(view, pictureTools(picture)));
      else lines.show(view);
      if (ended) return view;
      await clock.sleep(pollMs, signal);
    }
  } catch (error) {
    picture?.leave();
    throw error instanceof Interrupted ? new Interrupted(whatGoesOn(tools, runId)) : error;
  }
}

function whatGoesOn({ lasting }: WatchTools, runId: string): string {
  return lasting
    ? `run ${runId} goes on: \`leeward run watch ${runId}\` follows it, \`leeward run cancel ${runId}\` ends it`
    : `run ${runId} stops with the server of this command and goes on with the next one: \`leeward server start\``;
}
