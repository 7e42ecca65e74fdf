/** Port mapper version 2 (RFC 1833, section 3). */
export const portmapProgram = 100000;
export const portmapVersion = 2;
export const portmapPort = 111;

export const portmapProcedure = { NULL: 0, GETPORT: 3, DUMP: 4 } as const;

export const tcpProtocol = 6;
