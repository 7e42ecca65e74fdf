import { ControlClient } from '@leeward/lab';
import { esxiInitiator } from '@leeward/lab/scenario/addresses';
import { z } from 'zod';
import type { Site } from './site.ts';

/** Both families tell them in the same way. */
const stateSchema = z.object({
  sessions: z.array(z.object({ initiatorName: z.string(), targetName: z.string() })),
});

/**
 * Who is logged in over iSCSI at the data ports of the arrays now, by the arrays' own records, as
 * `array: initiator at target`. Without the ESXi hosts, which stay.
 */
export async function proxySessions({ lab }: Site): Promise<string[]> {
  const found = await Promise.all(
    lab.arrays.map(async ({ name, control }) => {
      const { sessions } = stateSchema.parse(await new ControlClient(control).get('/state'));
      return sessions
        .filter(({ initiatorName }) => initiatorName !== esxiInitiator)
        .map(({ initiatorName, targetName }) => `${name}: ${initiatorName} at ${targetName}`);
    }),
  );
  return found.flat();
}
