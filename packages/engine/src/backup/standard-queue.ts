/** VMs on the standard way, of all jobs; the partition is the vCenter. */
export const standardQueue = 'standard-vms';

/**
 * Of each vCenter so many at once: each lives on a VMware snapshot until its last byte is read, and reads production
 * through its host.
 */
export const standardVmsPerVcenter = 2;
