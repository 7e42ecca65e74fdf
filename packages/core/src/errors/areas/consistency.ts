import type { Area } from '../catalogue-entry.ts';

const earlier = 'Earlier points are not touched.';

/** SRC from 114 and RUN from 117: whether a point is what it claims to be: change tracking, quiescing, scripts. */
export const consistencyErrors = {
  'L-SRC-114': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'the disk was resized: it is smaller than in the last point',
    data: 'None.',
    next: 'Nothing.',
  },
  'L-SRC-115': {
    severity: 'error',
    exit: 'damage',
    permanent: true,
    what: 'Change tracking missed writes: at byte {offset} disk "{disk}" differs from point {point}, though nothing was said to have changed there.',
    data: 'The disk is read in full in this run, so the new point is right. Incremental points of the disk since its last full one may lack writes.',
    next: 'Reset CBT of the VM (switch changeTrackingEnabled off and on again while it has no VMware snapshot), and look for what broke it: a host that crashed, a defect of its ESXi release, a product that switches CBT.',
  },
  'L-SRC-116': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'the chain of the last point is distrusted: run {run} found that change tracking had missed writes',
    data: 'None.',
    next: 'Nothing; the full that is made now is the new base.',
  },
  'L-SRC-117': {
    severity: 'info',
    exit: 'error',
    permanent: true,
    what: 'the point to compare with is missing: {point} was removed meanwhile',
    data: 'None.',
    next: 'Nothing; the next run is incremental.',
  },
  'L-RUN-117': {
    severity: 'error',
    exit: 'refused',
    permanent: true,
    what: 'VM "{vm}" was not quiesced, which its job requires; its VMware snapshot was removed at once.',
    data: `The VM has no new point from this run. ${earlier}`,
    next: 'See that the VM is on and VMware Tools run in its guest, or allow a crash-consistent point with `leeward job edit --quiesce fall-back`.',
  },
  'L-RUN-118': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'The guest of VM "{vm}" refused to be quiesced, so its VMware snapshot was taken without that: {reason}',
    data: 'The point is crash-consistent: as after a power cut. Nothing is missing.',
    next: 'Check VMware Tools and the VSS writers in the guest; `leeward job edit --quiesce require` makes such a VM fail instead.',
  },
  'L-RUN-119': {
    severity: 'error',
    exit: 'error',
    permanent: true,
    what: 'The pre-script {script} failed: {reason}',
    data: `The run ended before anything was made: no VMware snapshot, no storage snapshot, no point. ${earlier}`,
    next: 'Repair the script, see its output: {output}',
  },
  'L-RUN-120': {
    severity: 'warning',
    exit: 'error',
    permanent: true,
    what: 'The post-script {script} failed: {reason}',
    data: 'Points are not affected. What the script was to do may be undone.',
    next: 'Do by hand what it was to do, and repair it, see its output: {output}',
  },
  'L-CFG-140': {
    severity: 'error',
    exit: 'usage',
    permanent: true,
    what: 'Script {path} may not be run: {reason}',
    data: 'Nothing was changed or run.',
    next: 'A script has to be an executable file on the server that, like every folder above it, belongs to root or to the user of the service and can be written to by nobody else.',
  },
} as const satisfies Area;
