export { ControlClient } from './scenario/control-client.ts';
export { type LabOptions, LabRunning, labProcesses, startLab, stopLab } from './scenario/lab.ts';
export { type LabArray, type LabState, readLabState } from './scenario/lab-state.ts';
export {
  type ArrayContents,
  contentsOf,
  dataPortBytesRead,
  type SnapshotTruth,
  truthOf,
  vmwareSnapshotCount,
} from './scenario/observe.ts';
export { isRunning } from './scenario/simulator-process.ts';
