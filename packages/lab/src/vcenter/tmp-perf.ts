import { spawn } from 'node:child_process';
import { startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
const c = spawn(process.execPath, ['--conditions=source', '/work/main/packages/lab/src/vcenter/tmp-nfsd.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
const p = JSON.parse(await new Promise<string>((r) => c.stdout.once('data', (d) => r(String(d)))));
const t0 = performance.now();
const lab = await startSmallLab((config) => ({ ...config,
  datastores: config.datastores.map((e) => e.name === 'ds1' ? { ...e, files: { kind: 'nfs' as const, address: '127.0.0.1', exportPath: '/vol1', nfsPort: p.n, mountPort: p.m } } : e),
  vms: config.vms.slice(0, 1).map((vm) => ({ ...vm, changeTracking: true, disks: [{ sizeBytes: 768 << 20, fill: { seed: 3, ratio: 0.66 } }, { sizeBytes: 256 << 20, fill: { seed: 4, ratio: 0.3 } }], guest: { seed: 5, bytesPerSecond: 8_000_000 } })) }));
console.log('start+fill ~580 MiB', (performance.now() - t0).toFixed(0), 'ms');
const work = (ms: number) => new Promise((r) => setTimeout(r, ms));
for (let i = 0; i < 3; i++) {
  await work(1000);
  let t = performance.now();
  const s = await lab.probe.createSnapshot('vm-100', 's' + i); console.log('create', (performance.now() - t).toFixed(0));
  await work(2000);
  t = performance.now();
  await lab.probe.removeSnapshot(s); console.log('remove', (performance.now() - t).toFixed(0));
  const st = (await lab.probe.control('GET', '/vms/vm-100')) as { guest: object; stuns: {durationMs:number}[] };
  console.log(JSON.stringify(st.guest), st.stuns.map((x) => x.durationMs.toFixed(0)).join(','));
}
const t = performance.now();
const truth = await lab.probe.control('GET', '/truth'); console.log('hashes', (performance.now() - t).toFixed(0), JSON.stringify(truth).length);
console.log('rss', (process.memoryUsage().rss / 1e6).toFixed(0));
await lab.close(); c.kill();
