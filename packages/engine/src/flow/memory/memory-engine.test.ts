import { ManualClock } from '@leeward/platform';
import { contractFlows, member } from '../testing/contract-flows.ts';
import { type ContractHarness, flowEngineContract } from '../testing/flow-engine-contract.ts';
import { MemoryEngine } from './memory-engine.ts';
import { MemoryFlowStore } from './memory-flow-store.ts';
import { MemoryProcess } from './memory-process.ts';

flowEngineContract('the in-memory engine', async () => {
  const clock = new ManualClock();
  const store = new MemoryFlowStore();
  const marks: string[] = [];
  const gates = new Set<string>();
  const engine = new MemoryEngine({
    clock,
    store,
    process: new MemoryProcess('client', clock),
    defaultQueue: 'client',
  });
  await engine.launch();
  const harness: ContractHarness = {
    engine,
    async startProcess(name, queues) {
      const process = new MemoryProcess(name, clock);
      const own = new MemoryEngine({
        clock,
        store,
        process,
        listenQueues: queues,
        defaultQueue: `${name}-own`,
      });
      own.register(
        ...contractFlows({
          place: name,
          did: async (what) => {
            await process.running();
            marks.push(`${what} @${name}`);
          },
          start: (id) => own.start(member, id, id, { queue: 'work' }),
          gate: async (gate, signal) => {
            while (!gates.has(gate)) await process.clock.sleep(20, signal);
            await process.running();
          },
        }),
      );
      await own.launch();
      const noticed = () => clock.after(2_000, () => process.state !== 'running' && store.recover(name));
      return {
        kill: async () => {
          process.kill();
          noticed();
        },
        freeze: () => {
          process.freeze();
          noticed();
        },
        thaw: () => process.thaw(),
        stop: () => own.shutdown(),
      };
    },
    marks: async () => [...marks],
    open: async (gate) => {
      gates.add(gate);
    },
    async until(condition) {
      for (let turn = 0; turn < 6_000; turn++) {
        if (await condition()) return;
        await clock.advance(10);
      }
      throw new Error(`it did not come true within a minute; marks: ${marks.join(', ')}`);
    },
    pass: (durationMs) => clock.advance(durationMs),
    close: () => engine.shutdown(),
  };
  return harness;
});
