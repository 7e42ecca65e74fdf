/** The rules that the table is made from, each as people say it. */
export const rules = {
  secondary:
    'Nothing is wrong: the transferred storage snapshot is read on the secondary; production is not read.',
  warned: 'What is odd but stops nothing is a warning; the secondary is read all the same.',
  'to-primary':
    'Failover to primary (R1): the transfer is still tried; when it, the clone or the export fails, the storage snapshot is read on the primary. The event L-SRC-101 names the cause.',
  tried:
    'What the plan thinks little of is tried all the same where failover to primary is allowed (R1); when transfer and presentation work, the secondary is read and nothing was downgraded.',
  'to-standard':
    'Failover to standard (R6): where the plan finds that no storage snapshot can be made or read by a way that the job allows, or the run that none can be made or that what it holds of the VM is in doubt, the VM is read through vCenter and its host, in the same run. The event L-SRC-105 names the cause.',
  'not-allowed':
    'Without a failover that the job allows and that could help, the VM fails with the code of the cause. Standard is no way out of what fails once the storage snapshot is made, unless its files are in doubt.',
  'downgrade-is-failure':
    'A job may say that a downgrade is a failure: then a VM that would have gone another way fails with L-SRC-103.',
  'nothing-frozen':
    'Without its VMware snapshot there is nothing to read, on any way: the VM fails, whatever is allowed.',
  'read-fails':
    'What is lost while it is read fails the VM: failover is for transfer, clone and export. The next run reads it anew.',
  'lost-later':
    'Synchronous relations (R2): a secondary that was detected at the start of the run and is lost later fails the VM with L-SRC-118, whatever failover is allowed; failover holds for one that is not detected at the start.',
  torn: 'When the secondary is lost in the middle of the call that makes the coordinated storage snapshot, one half of it may be there and the other not. The secondary was detected at the start, so no failover holds (R2), to primary or to standard; and there is nothing coordinated that `--finish-on-primary`, which is for reading, could go on from. The VM fails with L-SRC-118, and the half goes.',
  'hosts-stopped':
    'A strict synchronous relation that is out of sync stops the hosts of its primary: no VMware snapshot can be made there, on any way. The VM fails, whatever is allowed.',
  finished:
    'With `--finish-on-primary` a VM whose secondary is lost later is finished on the primary half of the coordinated storage snapshot, at the first block that was not read yet. The event L-SRC-119 names the cause.',
} as const;

export type RuleId = keyof typeof rules;
