/** Where our own target and NFS server have the image, and the foreign ones. */
export const ownTarget = { name: 'iqn.2024-01.org.leeward:bench', lun: 1 };
export const foreignTarget = { name: 'iqn.2024-01.org.example:bench', lun: 1 };
export const imageName = 'disk.raw';
export const ownFile = { exportPath: '/export', path: imageName };
