import { LeewardError } from '@leeward/core';
import { withCleanup } from '../compensation.ts';
import type { AnyFlow, FlowReference } from '../flow-definition.ts';

/** The world of the contract's flows: what they do to it and what they wait for. Outlives every process. */
export interface ContractWorld {
  /** The name of the process. */
  readonly place: string;
  /** Notes that something was done, by which process. */
  did(what: string): Promise<void>;
  /** Waits until the test opens the gate of that name. */
  gate(name: string, signal: AbortSignal): Promise<void>;
  /** Asks the engine of the process to start a `member`. */
  start(id: string): Promise<void>;
}

export const linear: FlowReference<string, string> = { name: 'contract-linear' };
export const reading: FlowReference<string, string> = { name: 'contract-reading' };
export const cancellable: FlowReference<string, null> = { name: 'contract-cancellable' };
export const family: FlowReference<{ queue: string; ids: string[]; limit: number }, string[]> = {
  name: 'contract-family',
};
export const member: FlowReference<string, string> = { name: 'contract-member' };
export const sleeper: FlowReference<number, number> = { name: 'contract-sleeper' };
export const reporter: FlowReference<string, null> = { name: 'contract-reporter' };
export const failing: FlowReference<string, string> = { name: 'contract-failing' };
export const undetermined: FlowReference<string, string> = { name: 'contract-undetermined' };
export const impatient: FlowReference<{ queue: string; patienceMs: number }, string> = {
  name: 'contract-impatient',
};
export const starter: FlowReference<null, string[]> = { name: 'contract-starter' };
export const sideBySide: FlowReference<number, number[]> = { name: 'contract-side-by-side' };

/** Names that members of errors have too: they must not get lost on the way. */
export const hardDetails = { timeoutMs: 9, name: 'n', message: 'm', code: 'c', stack: 's', cause: 'x' };

/** Each shows one promise of the interface. Names of marks and gates begin with the flow's id. */
export function contractFlows(world: ContractWorld): AnyFlow[] {
  return [
    {
      name: linear.name,
      async run(flow, input) {
        const first = await flow.step('first', {}, async () => {
          await world.did(`${flow.flowId} first`);
          return { said: String(input), none: undefined, list: [1, 2] };
        });
        const at = await flow.now();
        await flow.step('second', {}, async (signal) => {
          await world.did(`${flow.flowId} second begun`);
          await world.gate(`${flow.flowId} go`, signal);
          await world.did(`${flow.flowId} second ended`);
        });
        const same = await flow.step('third', {}, async () => {
          await world.did(`${flow.flowId} third`);
          return at;
        });
        return `${first.said} ${Object.keys(first).join()} ${first.list.length} ${same === at}`;
      },
    },
    {
      // The case that destroys data elsewhere: a frozen reader wakes up after another one took over.
      name: reading.name,
      async run(flow) {
        const faults: string[] = [];
        return withCleanup(
          async (cleanup) => {
            await flow.step('create', {}, () => world.did(`${flow.flowId} created`));
            cleanup.always('delete', () =>
              flow.step('delete', {}, async () => {
                await flow.ensureOwned();
                await world.did(`${flow.flowId} deleted`);
              }),
            );
            await flow.step('read', {}, async (signal) => {
              await world.did(`${flow.flowId} read begun`);
              await world.gate(`${flow.flowId} go`, signal);
              await flow.ensureOwned();
              await world.did(`${flow.flowId} read ended`);
            });
            return 'read';
          },
          (name) => {
            faults.push(name);
          },
        );
      },
    },
    {
      name: cancellable.name,
      run: (flow) =>
        withCleanup(
          async (cleanup) => {
            await flow.step('create', {}, () => world.did(`${flow.flowId} created`));
            cleanup.always('delete', () =>
              flow.step('delete', {}, () => world.did(`${flow.flowId} deleted`)),
            );
            const before = await flow.cancelRequested();
            await flow.step('wait', { cancellable: true }, async (signal) => {
              await world.did(`${flow.flowId} waits ${before}`);
              await world.gate(`${flow.flowId} never`, signal);
            });
            return null;
          },
          () => undefined,
        ),
    },
    {
      name: family.name,
      async run(flow, input) {
        const { queue, ids, limit } = asFamily(input);
        const items = ids.map((id) => ({ id, input: id }));
        const outcomes = await flow.children(member, items, { queue, limit });
        await flow.step('done', {}, () => world.did(`${flow.flowId} family done`));
        return outcomes.map((outcome) =>
          outcome.ok
            ? outcome.result
            : outcome.error instanceof LeewardError
              ? outcome.error.code
              : 'strange',
        );
      },
    },
    {
      name: member.name,
      async run(flow, input) {
        await flow.step('begin', {}, () => world.did(`${flow.flowId} begun`));
        await flow.step('work', { cancellable: true }, (signal) => world.gate(`${flow.flowId} go`, signal));
        await flow.step('end', {}, () => world.did(`${flow.flowId} ended`));
        if (input === 'bad') throw new LeewardError('L-RUN-101', { wait: 'nothing', timeoutMs: 5 });
        return `${String(input)} of ${flow.runId}`;
      },
    },
    {
      name: impatient.name,
      async run(flow, input) {
        const { queue, patienceMs } = asImpatient(input);
        const child = await flow.child(member, 'one', 'one', { queue });
        if (await child.endedBy((await flow.now()) + patienceMs)) return child.result();
        await flow.step('late', {}, () => world.did(`${flow.flowId} impatient`));
        await child.cancel();
        const ended = await child.endedBy((await flow.now()) + 60_000);
        const outcome = await child.result().catch((error: unknown) => {
          return error instanceof LeewardError ? error.code : 'strange';
        });
        return `${ended} ${outcome}`;
      },
    },
    {
      name: sleeper.name,
      async run(flow, input) {
        const begun = await flow.now();
        await flow.step('begin', {}, () => world.did(`${flow.flowId} sleeps`));
        await flow.sleep('nap', Number(input));
        return (await flow.now()) - begun;
      },
    },
    {
      name: reporter.name,
      async run(flow) {
        await flow.step('report', {}, async (signal) => {
          for (let done = 1; done <= 1_000; done++) flow.progress({ done });
          await world.gate(`${flow.flowId} go`, signal);
          flow.progress({ done: 'all' });
        });
        return null;
      },
    },
    {
      name: failing.name,
      async run(flow, input) {
        let tries = 0;
        const retry = { attempts: 5, firstDelayMs: 10, maxDelayMs: 20 };
        const kept = await flow.step('third time', { retry }, async () => {
          if (++tries < 3) throw new LeewardError('L-RUN-101', { wait: 'luck', timeoutMs: 1 });
          return tries;
        });
        const caught = await flow
          .step('fails', {}, () =>
            Promise.reject(new LeewardError('L-RUN-101', { wait: 'it', timeoutMs: 7 })),
          )
          .catch((error: unknown) =>
            error instanceof LeewardError ? `${error.code} ${error.details['timeoutMs']}` : 'lost',
          );
        const late = await flow
          .step('late', { timeoutMs: 50 }, (signal) => world.gate(`${flow.flowId} never`, signal))
          .catch((error: unknown) => (error instanceof LeewardError ? error.code : 'lost'));
        const wrong = await flow
          .step('not JSON', {}, async () => new Date(0))
          .catch((error: unknown) => (error instanceof LeewardError ? error.code : 'lost'));
        await flow.step('pause', {}, (signal) => world.gate(`${flow.flowId} go`, signal));
        if (input === 'fail') throw new LeewardError('L-RUN-101', { wait: 'the end', ...hardDetails });
        return [kept, caught, late, wrong].join(', ');
      },
    },
    {
      name: undetermined.name,
      async run(flow) {
        // A defect on purpose: a name that is another one in each process.
        await flow.step(`in ${world.place}`, {}, () => world.did(`${flow.flowId} begun`));
        await flow.step('hold', {}, (signal) => world.gate(`${flow.flowId} go`, signal));
        return 'done';
      },
    },
    {
      // Defects on purpose: what it starts is recorded nowhere.
      name: starter.name,
      async run(flow) {
        const attempt = (id: string) =>
          world.start(id).then(
            () => 'started',
            (error: unknown) => String(error),
          );
        const inBody = await attempt('of-body');
        const inStep = await flow.step('start', {}, () => attempt('of-step'));
        const steps = await flow.steps([{ name: 'side', work: () => attempt('of-steps') }]);
        return [inBody, inStep, ...steps];
      },
    },
    {
      name: sideBySide.name,
      run: (flow, input) =>
        flow.steps(
          [0, 1, 2, 3].map((at) => ({
            name: `part ${at}`,
            work: async (signal) => {
              await world.did(`${flow.flowId} part ${at} begun`);
              await world.gate(`${flow.flowId} part ${at}`, signal);
              return at * Number(input);
            },
          })),
          2,
        ),
    },
  ];
}

function asFamily(input: unknown): { queue: string; ids: string[]; limit: number } {
  if (
    typeof input !== 'object' ||
    input === null ||
    !('queue' in input) ||
    !('ids' in input) ||
    !('limit' in input)
  )
    throw new TypeError('not a family');
  const { queue, ids, limit } = input;
  return { queue: String(queue), ids: Array.isArray(ids) ? ids.map(String) : [], limit: Number(limit) };
}

function asImpatient(input: unknown): { queue: string; patienceMs: number } {
  if (typeof input !== 'object' || input === null || !('queue' in input) || !('patienceMs' in input))
    throw new TypeError('not impatient');
  return { queue: String(input.queue), patienceMs: Number(input.patienceMs) };
}
