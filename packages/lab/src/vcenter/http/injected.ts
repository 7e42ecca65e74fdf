import type { ServerResponse } from 'node:http';
import { connectionClock } from '../../control/shifting-clock.ts';
import type { Services } from '../api/call.ts';
import type { FaultAction } from '../control/fault-rule.ts';
import { VimFault } from '../soap/fault.ts';

/** Does what the lab wants; true when the answer is dealt with. Throws the fault to answer with. */
export async function applyAction(
  services: Services,
  response: ServerResponse,
  action: FaultAction,
): Promise<boolean> {
  switch (action.kind) {
    case 'delay':
      await connectionClock(services.world.clock).sleep(action.delayMs);
      return false;
    case 'cut':
      action.begin?.();
      response.socket?.destroy();
      return true;
    case 'hang':
      return true;
    case 'status':
      response.writeHead(action.status, { 'content-type': 'text/plain' }).end(`${action.message}\n`);
      return true;
    case 'locked':
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end('Unable to access the file since it is locked\n');
      return true;
    case 'fault':
      throw new VimFault(action.type, action.properties, action.message);
  }
}
