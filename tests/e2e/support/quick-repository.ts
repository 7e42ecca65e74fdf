import { systemClock, systemRandomness } from '@leeward/platform';
import { initRepository } from '@leeward/repository';
import { testKdfCost } from '@leeward/repository/testing/fixture';

interface InitRequest {
  readonly path: string;
  readonly password: string;
  readonly init?: boolean;
  readonly blockSizeBytes?: number;
}

/**
 * Makes the repository that a request asks for, and returns the request that takes it up. Its password is quick to turn
 * into a key: by itself that takes half a second of a core each time that a repository is opened, a sixth of the time of
 * tests with many runs. How repositories are made by the API itself, others test.
 */
export async function quickRepository(body: object): Promise<object> {
  const { init, blockSizeBytes, ...rest } = body as InitRequest;
  if (!init) return body;
  const tools = { kdfCost: testKdfCost, clock: systemClock, randomness: systemRandomness };
  const { path, password } = rest;
  await initRepository({
    ...{ ...tools, path, password },
    ...(blockSizeBytes === undefined ? {} : { blockBytes: blockSizeBytes }),
  });
  return rest;
}
