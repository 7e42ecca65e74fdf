export { type ArrayContents, contentsOf } from './scenario/array-contents.ts';
export { ControlClient } from './scenario/control-client.ts';
export type { Datacentre } from './scenario/datacentre.ts';
export type { FaultDeed, FaultRequest } from './scenario/fault-request.ts';
export {
  type LabOptions,
  LabRunning,
  labProcesses,
  type Scenario,
  startLab,
  stopLab,
} from './scenario/lab.ts';
export { labTimes, type SimulatorTime, setLabTime } from './scenario/lab-clock.ts';
export {
  addLabFault,
  clearLabFaults,
  type LabFault,
  type LabPoints,
  labFaultPoints,
  listLabFaults,
} from './scenario/lab-faults.ts';
export { type LabArray, type LabState, readLabState } from './scenario/lab-state.ts';
export {
  dataPortBytesRead,
  type SnapshotTruth,
  truthOf,
  vmwareSnapshotCount,
} from './scenario/observe.ts';
export { isRunning } from './scenario/simulator-process.ts';
