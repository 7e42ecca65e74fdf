import type { Area } from '../catalogue-entry.ts';

/** RUN: runs, flows and waits. */
export const runErrors = {
  'L-RUN-101': {
    severity: 'error',
    exit: 'error',
    permanent: false,
    what: 'Waiting for {wait} took longer than the bound of {timeoutMs} ms.',
    data: 'The step is given up and cleaned up; points made before are not touched.',
    next: 'Look at the system that was waited for, then run the job again.',
  },
  'L-RUN-102': {
    severity: 'info',
    exit: 'cancelled',
    permanent: true,
    what: 'The run was cancelled.',
    data: 'VMs that were finished keep their points; nothing of the run is left on vCenter or arrays.',
    next: 'Run the job again when you want a new point.',
  },
  'L-RUN-103': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'An unexpected fault stopped the step: {message}',
    data: 'The VM has no new point from this run; earlier points are not touched.',
    next: 'This is a defect of Leeward. Please report it with the output of the command.',
  },
} as const satisfies Area;
