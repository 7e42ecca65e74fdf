import type {
  CommandFault,
  CommandInfo,
  FaultHooks,
  LoginFault,
  SessionInfo,
} from '@leeward/transports/iscsi/target/iscsi-target';
import { disturbance, portRefusal } from '../control/port-fault.ts';
import { scsiCommandName } from '../control/scsi-commands.ts';
import type { DataPortContext, PlannedFault } from './block-data-port.ts';

const serviceUnavailable = 0x0301;
const busy = 0x08;

/** What the lab lets go wrong at an iSCSI data port: by the named steps of the array, and by what ports are asked. */
export function iscsiFaults(context: DataPortContext): FaultHooks {
  return {
    onLogin: (session) => loginFault(context, session),
    onCommand: (command) => commandFault(context, command),
  };
}

function loginFault(context: DataPortContext, session: SessionInfo): LoginFault | undefined {
  const { targetName, initiatorName, portal } = session;
  const action =
    (targetName && context.fault('iscsi.login', `${targetName}/${initiatorName}`)) ||
    context.portFault({
      ...{ port: addressOf(portal), protocol: 'iscsi', method: 'LOGIN' },
      path: () => targetName ?? '',
    });
  if (action?.kind === 'cut') {
    action.begin?.();
    return { kind: 'drop' };
  }
  return action?.kind === 'refuse' ? { kind: 'refuse', status: serviceUnavailable } : undefined;
}

function commandFault(context: DataPortContext, command: CommandInfo): CommandFault | undefined {
  const { targetName, initiatorName, operationCode, portal } = command;
  const method = scsiCommandName(operationCode);
  const step = method === 'READ' ? context.fault('iscsi.read', `${targetName}/${initiatorName}`) : undefined;
  if (step) return disturbing(step, { kind: 'status', status: busy });
  const action = context.portFault({
    ...{ port: addressOf(portal), protocol: 'iscsi', method },
    path: () => lunPathOf(context, command),
  });
  if (!action) return undefined;
  const refusal = action.kind === 'refuse' ? portRefusal(action.code) : undefined;
  if (refusal && 'sense' in refusal) return { kind: 'sense', sense: refusal.sense };
  const status = refusal && 'scsiStatus' in refusal ? refusal.scsiStatus : busy;
  return disturbing(action, { kind: 'status', status });
}

function disturbing(action: PlannedFault, refusal: CommandFault): CommandFault | undefined {
  return action.kind === 'refuse' ? refusal : disturbance(action);
}

/** As administrators name it; empty where the initiator asks for what it does not see. */
function lunPathOf({ directory }: DataPortContext, { targetName, initiatorName, lun }: CommandInfo): string {
  if (targetName === undefined) return '';
  return directory.luns(targetName, initiatorName)?.find((one) => one.lun === lun)?.path ?? '';
}

function addressOf(portal: string): string {
  return portal.slice(0, portal.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}
