import type { Turns } from '../../control/planted-faults.ts';
import type { DownAction } from '../../control/turns-schema.ts';
import { fitsWildcard } from '../../control/wildcard.ts';
import type { FaultAction, FaultRule, FaultStage, Occasion } from './fault-rule.ts';
import type { RefuseCall, WordedFault } from './worded-fault.ts';

/** A fault in whatever words it was given, ready to be asked. */
export interface PlannedFault extends Turns {
  /** Undefined: it waits for no occasion. */
  readonly stage: FaultStage | undefined;
  /** Chosen as the call arrives, as all faults are, and done when the call has acted. */
  readonly isLate?: boolean;
  fits(occasion: Occasion): boolean;
  readonly action: FaultAction | DownAction;
  /** As it is listed. */
  readonly shown: object;
}

export function ofRule(rule: FaultRule): PlannedFault {
  const turns = { nth: rule.nth, ...(rule.times > 0 ? { times: rule.times } : {}) };
  return {
    ...turns,
    stage: rule.stage,
    fits: (occasion) => fitsRule(rule, occasion),
    action: rule.action,
    shown: { rule, ...wordsOf(rule), ...turns },
  };
}

export function ofWorded(fault: WordedFault): PlannedFault {
  return {
    nth: fault.nth,
    times: fault.times,
    stage: stageOf(fault),
    isLate: fault.at === 'soap' && 'when' in fault.action && fault.action.when === 'after',
    fits: (occasion) => fitsWorded(fault, occasion),
    action: actionOf(fault),
    shown: fault,
  };
}

function stageOf({ at }: WordedFault): FaultStage | undefined {
  if (at === 'now') return undefined;
  return at === 'task' ? 'task' : 'before';
}

function fitsWorded(fault: WordedFault, occasion: Occasion): boolean {
  if (fault.at === 'now') return false;
  if (fault.at === 'file') {
    if (occasion.path === undefined || !fitsWildcard(fault.path, occasion.path)) return false;
    return fault.origin === undefined || fault.origin === occasion.origin;
  }
  if (occasion.method === undefined) return false;
  if (fault.method !== undefined && !fitsWildcard(fault.method.toLowerCase(), occasion.method.toLowerCase()))
    return false;
  return fault.vm === undefined || (occasion.vmNames?.includes(fault.vm) ?? false);
}

function actionOf(fault: WordedFault): FaultAction | DownAction {
  const { action } = fault;
  switch (action.kind) {
    case 'refuse':
      if (fault.at !== 'file') return refusal(action as RefuseCall);
      return { kind: 'status', status: action.status ?? 503, message: action.message };
    case 'cut':
      return {
        kind: 'cut',
        afterBytes: action.when === 'after' && 'afterBytes' in action ? action.afterBytes : 0,
      };
    default:
      return action;
  }
}

function refusal({ status, code, properties, message }: RefuseCall): FaultAction {
  if (status !== undefined && code === undefined) return { kind: 'status', status, message };
  const type = code ?? 'SystemError';
  // What clients show of a SystemError is its reason.
  const all = type === 'SystemError' ? { reason: message, ...properties } : properties;
  return { kind: 'fault', type, properties: all, message };
}

function fitsRule(rule: FaultRule, occasion: Occasion): boolean {
  if (rule.method !== undefined && rule.method !== occasion.method) return false;
  if (rule.path !== undefined && !occasion.path?.startsWith(rule.path)) return false;
  if (rule.origin !== undefined && rule.origin !== occasion.origin) return false;
  return rule.vm === undefined || (occasion.vmNames?.includes(rule.vm) ?? false);
}

/** A rule in the words of all doors, for lists that show faults of many. */
function wordsOf({ method, path, origin, vm, stage, action }: FaultRule): object {
  const at = stage === 'task' ? 'task' : path === undefined && origin === undefined ? 'soap' : 'file';
  return {
    at,
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path: `${path}*` }),
    ...(origin === undefined ? {} : { origin }),
    ...(vm === undefined ? {} : { vm }),
    action: wordedAction(action, stage),
  };
}

function wordedAction(action: FaultRule['action'], stage: FaultStage): object {
  switch (action.kind) {
    case 'fault': {
      const { type: code, properties, message } = action;
      return { kind: 'refuse', code, properties, message };
    }
    case 'status':
      return { ...action, kind: 'refuse' };
    case 'locked':
      return { kind: 'refuse', status: 500, message: 'Unable to access the file since it is locked' };
    case 'cut':
      return { ...action, when: stage === 'after' || action.afterBytes > 0 ? 'after' : 'before' };
    default:
      return action;
  }
}
