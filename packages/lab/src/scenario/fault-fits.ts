import { portMethods } from '../control/fault-points.ts';
import { portRefusal } from '../control/port-fault.ts';
import { wildcardsMeet } from '../control/wildcard.ts';
import type { FaultRequest } from './fault-request.ts';
import type { LabPoints } from './lab-faults.ts';

/** Why a fault would wait for ever at what a system has; undefined when it may act. */
export function neverFits(
  kind: 'vcenter' | 'array',
  request: FaultRequest,
  points: LabPoints,
): string | undefined {
  const { place } = request;
  if (place === 'now') return unknownPort(request, points);
  if (kind === 'vcenter')
    return place === 'file' ? fileProblem(request, points) : methodProblem(request, points);
  switch (place) {
    case 'port':
      return unknownPort(request, points) ?? portProblem(request, points);
    case 'step':
      return stepProblem(request, points);
    case 'call':
      return callProblem(request, points);
    case 'job':
      return jobProblem(request, points);
    default:
      return 'an array has no such reads of files.';
  }
}

function unknownPort({ port }: FaultRequest, { ports, doors = [] }: LabPoints): string | undefined {
  if (port === undefined || doors.includes(port) || ports.some(({ address }) => address === port))
    return undefined;
  const known = [...new Set([...ports.map(({ address }) => address), ...doors])];
  return `it has no data port ${port}, but ${known.length === 0 ? 'none at all' : known.join(', ')}.`;
}

const equal = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function methodProblem({ method, place }: FaultRequest, { calls }: LabPoints): string | undefined {
  if (place === 'step' || place === 'port')
    return `a vCenter has no ${place === 'step' ? 'steps' : 'data ports'}.`;
  const names = calls.filter((one) => place === 'call' || one.method.endsWith('_Task'));
  const fits = (name: string) => wildcardsMeet((method ?? '*').toLowerCase(), name.toLowerCase());
  if (names.some((one) => fits(one.method))) return undefined;
  return `no ${place === 'job' ? 'task' : 'method'} is called ${method}.`;
}

function fileProblem({ path = '*', port }: FaultRequest, { doors = [] }: LabPoints): string | undefined {
  if (!wildcardsMeet(path, '/folder*')) return `paths of files begin with /folder, not with ${path}.`;
  return port === undefined || doors.includes(port) ? undefined : `no door for files is called ${port}.`;
}

function callProblem({ method, path = '*' }: FaultRequest, { calls }: LabPoints): string | undefined {
  const named = calls.filter((one) => method === undefined || equal(one.method, method));
  if (named.length === 0) return `no call has the method ${method}.`;
  if (named.some((one) => wildcardsMeet(path, one.path))) return undefined;
  const others = calls.filter((one) => wildcardsMeet(path, one.path)).map((one) => one.method);
  const hint = others.length > 0 ? ` There is ${[...new Set(others)].join(', ')}.` : '';
  return `no ${method ?? 'call'} fits the path ${path}.${hint}`;
}

/** A job is described by the call that started it, or by the object that it makes. */
function jobProblem({ method, path = '*' }: FaultRequest, { calls }: LabPoints): string | undefined {
  if (method !== undefined && !['POST', 'PATCH', 'PUT', 'DELETE'].includes(method.toUpperCase()))
    return `no call with the method ${method} starts a job.`;
  return calls.some((one) => wildcardsMeet(path, one.path)) ? undefined : `no job fits the path ${path}.`;
}

function stepProblem({ step, path = '*', deed }: FaultRequest, { steps }: LabPoints): string | undefined {
  const found = steps.filter((one) => step !== undefined && equal(one.step, step));
  if (found.length === 0) return `no step is called ${step}, but ${steps.map((one) => one.step).join(', ')}.`;
  const known = found.flatMap(({ deeds }) => deeds);
  if (!known.includes(deed.kind)) return `${step} takes ${known.join(', ')}, not ${deed.kind}.`;
  if (found.some(({ subject }) => wildcardsMeet(path, subject))) return undefined;
  return `what ${step} works on is called like ${found[0]?.subject}, not ${path}.`;
}

/** Paths are not looked up: a fault may wait for a clone or a file that a run will make. */
function portProblem(request: FaultRequest, { ports }: LabPoints): string | undefined {
  const { method, path = '*', port, deed } = request;
  const here = ports.filter(({ address }) => port === undefined || address === port);
  const refusal = deed.kind === 'refuse' ? portRefusal(String(deed.code)) : undefined;
  const protocols = new Set(here.map(({ protocol }) => protocol));
  if (deed.kind === 'refuse' && deed.code !== undefined && refusal && !protocols.has(refusal.protocol))
    return `${deed.code} is a refusal of ${refusal.protocol}, which it does not serve there.`;
  if (method !== undefined) {
    const known = [...protocols].flatMap((protocol) => portMethods[protocol]);
    if (!known.some((name) => equal(name, method))) return `no call of its data ports is called ${method}.`;
  }
  const isNfsOnly = protocols.size === 1 && protocols.has('nfs');
  if (isNfsOnly && !/^[/*]/.test(path)) return `paths over NFS begin with /, not with ${path}.`;
  return undefined;
}
