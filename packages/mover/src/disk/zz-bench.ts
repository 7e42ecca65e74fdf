import { systemClock as clock, systemRandomness as randomness } from '@leeward/platform';
import { openDisk } from './open-disk.ts';
const {port, uuid} = JSON.parse(process.argv[2]!);
const sessions = Number(process.argv[3] ?? 1);
const path = process.argv[4] ?? 'a.vmdk';
const sizeBytes = path==='b.vmdk' ? 2048*2**30 : 2**30;
const access = {protocol:'vmfs' as const, uuid, luns:[{kind:'iscsi' as const, portals:[{host:'127.0.0.1',port}], targetName:'iqn.2024-01.org.leeward:array', lun:0, initiatorName:'iqn.2024-01.org.leeward:p', name:'l', sizeBytes:8*2**30, serial:'s', scsiNames:['naa.600a0980000000000000000000000010'], sessions}]};
const t0=performance.now();
const disk = await openDisk({kind:'chain', folders:[{name:'ds',hints:[],access}], folder:0, path, sizeBytes}, {clock, randomness});
const t1=performance.now();
if (path==='b.vmdk') { const a = await disk.allocated(); console.log('open', (t1-t0).toFixed(), 'ms; allocated', a?.length, (performance.now()-t1).toFixed(), 'ms, cpu', process.cpuUsage());
 const buf=Buffer.alloc(4*2**20); const t2=performance.now(); for (let i=0;i<2560;i++) { await disk.read(i*buf.length+20*2**30, buf); } console.log('10 GiB of hole read by read():', (performance.now()-t2).toFixed(),'ms'); }
else { const c0=process.cpuUsage(); let at=0; await Promise.all([0,1].map(async()=>{ const buf=Buffer.alloc(4*2**20); while(at<sizeBytes){ const o=at; at+=buf.length; await disk.read(o,buf);} }));
const s=(performance.now()-t1)/1000; const c=process.cpuUsage(c0); console.log('sessions',sessions,'open',(t1-t0).toFixed(),'ms', (sizeBytes/1e6/s).toFixed(),'MB/s cpu s/GiB',((c.user+c.system)/1e6).toFixed(2)); }
await disk.close();
