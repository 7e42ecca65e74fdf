/** MOUNT version 3 (RFC 1813, appendix I). */
export const mountProgram = 100005;
export const mountVersion = 3;

export const mountProcedure = { NULL: 0, MNT: 1, DUMP: 2, UMNT: 3, UMNTALL: 4, EXPORT: 5 } as const;

export const maxMountPathBytes = 1024;
export const maxMountNameBytes = 255;
