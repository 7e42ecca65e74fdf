import { asLeewardError, bounded, isoTime, type ReachProof, reportOf } from '@leeward/core';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { type ProbeInput, type ProbePort, probeFlow } from './probe.ts';
import { probeIscsi } from './probe-iscsi.ts';
import { probeNfs } from './probe-nfs.ts';
import { isRefusal, type PortFinding, type ProbeTools } from './probe-tools.ts';

const stepTimeoutMs = 60_000;
/** Less than that of the step, so that one slow port does not cost what the others proved. */
const portTimeoutMs = 45_000;
const atOnce = 8;

/** Tries every port side by side; what cannot be reached or is refused is a result, not an error. */
export function probeDefinition(tools: ProbeTools): FlowDefinition<ProbeInput, ReachProof[]> {
  return {
    ...probeFlow,
    run: (context, { ports, initiatorName }) =>
      context.steps(
        ports.map((port) => ({
          name: `probe ${port.address} ${port.protocol}`,
          timeoutMs: stepTimeoutMs,
          work: (signal: AbortSignal) => probePort(tools, port, initiatorName, signal),
        })),
        atOnce,
      ),
  };
}

async function probePort(
  tools: ProbeTools,
  port: ProbePort,
  initiatorName: string | undefined,
  signal: AbortSignal,
): Promise<ReachProof> {
  const { arraySerial, address, protocol } = port;
  const bound = { name: `the ${protocol} data port ${address}`, timeoutMs: portTimeoutMs, signal };
  let finding: PortFinding;
  try {
    finding = await bounded(tools.clock, bound, (ending) =>
      protocol === 'nfs' ? probeNfs(tools, port, ending) : probeIscsi(tools, port, initiatorName, ending),
    );
  } catch (error) {
    signal.throwIfAborted();
    const { code } = asLeewardError(error);
    const refused = isRefusal(code) ? { refused: code } : {};
    finding = { reached: false, ...refused, text: reportOf(error).what };
  }
  return { arraySerial, address, protocol, checkedAt: isoTime(tools.clock.now()), ...finding };
}
