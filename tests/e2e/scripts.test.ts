import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@leeward/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Before, chainLinks, leftovers, lookAround } from './support/leftovers.ts';
import { codesOf, ended, runAndWait, startRun, stepBegun } from './support/runs.ts';
import { Site } from './support/site.ts';
import { until } from './support/until.ts';

describe('scripts of a job', () => {
  let site: Site;
  let before: Before;
  let vms: string[];

  beforeAll(async () => {
    site = await Site.start({ size: 0.02 });
    await site.register();
    before = await lookAround(site);
    vms = site.lab.vms.slice(0, 1).map(({ path }) => path);
  }, 120_000);
  afterAll(() => site?.stop());

  const log = () => readFile(join(site.folder, 'log'), 'utf8').catch(() => '');
  const linesOf = async (runId: string) => {
    const lines = (await log()).split('\n').filter((line) => line.includes(runId));
    return lines.map((line) => line.replace(` ${runId}`, ''));
  };
  /** Says what it is told, then does that. */
  const script = async (name: string, body: string) => {
    const path = join(site.folder, name);
    const tell = `echo "$LEEWARD_PHASE $LEEWARD_RUN $LEEWARD_JOB $LEEWARD_STATE $LEEWARD_PROBLEM" >> '${site.folder}/log'`;
    await writeFile(path, `#!/bin/sh\n${tell}\n${body}\n`);
    await chmod(path, 0o700);
    return path;
  };
  const job = (name: string, changes: Partial<Job>) =>
    site.api.post<Job>('/jobs', { name, vms, repository: 'backups', ...changes });

  it('are run before and after; what they say is shown without secrets', async () => {
    const password = await site.repositoryPassword();
    const preScript = await script('pre', `echo "opening ${password} now"`);
    const postScript = await script('post', 'true');
    const view = await runAndWait(site, await job('both', { preScript, postScript }));
    expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
    expect(await linesOf(view.run.id)).toEqual(['pre both starting ', 'post both success ']);
    const names = view.steps.filter(({ scope }) => scope === '').map(({ name }) => name);
    expect([names[0], names.at(-1)]).toEqual(['pre-script', 'post-script']);
    expect(view.steps.find(({ name }) => name === 'pre-script')?.detail).toEqual({
      output: 'opening [hidden] now',
    });
  }, 120_000);

  it('a pre-script that fails ends the run before anything is made; the post-script is told', async () => {
    const chains = await chainLinks(site);
    const preScript = await script('fails', 'echo no database; exit 7');
    const postScript = await script('fails-too', 'exit 1');
    const view = await runAndWait(site, await job('failing', { preScript, postScript }));
    expect([view.run.state, codesOf(view)]).toEqual(['failed', ['run L-RUN-119', 'run L-RUN-120']]);
    expect(view.run.problem?.what).toContain('it ended with code 7');
    expect(view.run.problem?.next).toContain('no database');
    expect(view.vms).toEqual([]);
    expect(await linesOf(view.run.id)).toEqual(['pre failing starting ', 'post failing failed L-RUN-119']);
    expect(await leftovers(site, before)).toEqual([]);
    expect(await chainLinks(site)).toEqual(chains);
  }, 120_000);

  it('that others can change are refused, when the job is made and when it runs', async () => {
    const preScript = await script('open', 'true');
    await chmod(preScript, 0o777);
    await expect(job('open', { preScript })).rejects.toMatchObject({ code: 'L-CFG-140' });
    await chmod(preScript, 0o700);
    const made = await job('open', { preScript });
    await expect(site.api.patch('/jobs/open', { postScript: '/no/such' })).rejects.toMatchObject({
      code: 'L-CFG-140',
    });
    await chmod(preScript, 0o777);
    const { run } = await runAndWait(site, made);
    expect([run.state, run.problem?.code]).toEqual(['failed', 'L-RUN-119']);
    expect(run.problem?.what).toContain('can be written to by others (mode 777)');
    expect(await site.api.patch('/jobs/open', { preScript: null })).not.toHaveProperty('preScript');
  }, 120_000);

  it('a cancel ends a pre-script that is under way; the post-script is run all the same', async () => {
    const preScript = await script('slow', 'sleep 600');
    const postScript = await script('after', 'true');
    const runId = await startRun(site, await job('cancelled', { preScript, postScript }));
    await until('the pre-script', async () => (await linesOf(runId)).length > 0);
    await site.api.post(`/runs/${runId}/cancel`);
    const view = await ended(site, runId);
    expect(view.run.state).toBe('cancelled');
    expect(await linesOf(runId)).toEqual(['pre cancelled starting ', 'post cancelled cancelled L-RUN-102']);
  }, 120_000);

  it('kill -9 of the server in the middle of them: each is run again, and the run ends well', async () => {
    const waiting = (name: string) =>
      `[ -e '${site.folder}/${name}' ] || { touch '${site.folder}/${name}'; sleep 600; }`;
    const preScript = await script('pre-killed', waiting('once-pre'));
    const postScript = await script('post-killed', waiting('once-post'));
    const runId = await startRun(site, await job('killed', { preScript, postScript }));
    for (const step of ['pre-script', 'post-script']) {
      const name = `once-${step.split('-')[0]}`;
      await stepBegun(site, runId, step);
      await until(`${step} to wait`, async () =>
        readFile(join(site.folder, name)).then(
          () => true,
          () => false,
        ),
      );
      await site.killServer();
      await site.startServer();
    }
    const view = await ended(site, runId);
    expect([view.run.state, codesOf(view)]).toEqual(['success', []]);
    const lines = [...Array(2).fill('pre killed starting '), ...Array(2).fill('post killed success ')];
    expect(await linesOf(runId)).toEqual(lines);
    expect(await leftovers(site, before)).toEqual([]);
  }, 240_000);
});
