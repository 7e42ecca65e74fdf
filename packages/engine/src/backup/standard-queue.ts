/** VMs on the standard way, of all jobs; the partition is the vCenter. */
export const standardQueue = 'standard-vms';

/**
 * Of each vCenter so many at once that are read or wait for room; how many are read is a matter of `Limits`. More than
 * are read, so that VMs of one host that is busy do not keep those of other hosts from beginning.
 */
export const standardVmsUnderWay = 32;
