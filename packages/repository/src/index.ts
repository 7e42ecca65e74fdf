export type {
  BackendLocator,
  ByteRange,
  FileKind,
  RepositoryBackend,
  StoredFile,
} from './backend/backend.ts';
export { FolderBackend } from './backend/folder-backend.ts';
export { openBackend } from './backend/open-backend.ts';
export { BlobIndex } from './blobs/blob-index.ts';
export { BlobReader, isDamage } from './blobs/blob-reader.ts';
export { isZero, ZeroIds } from './blobs/zeros.ts';
export type { CheckedPoint, CheckProblem, CheckReport } from './check/check-report.ts';
export { type CheckOptions, checkRepository } from './check/check-repository.ts';
export { zstdCodec } from './codec/codec.ts';
export { flatMasterKeys, masterKeysOf } from './crypto/master-keys.ts';
export { Sealer } from './crypto/sealer.ts';
export { idBytes, idFromHex, idToHex, sha256, sha256Hex } from './crypto/sha256.ts';
export type { PackContent } from './format/pack-content.ts';
export type { TreeNode } from './format/tree.ts';
export { IndexWriter } from './index/index-writer.ts';
export { loadIndex } from './index/load-index.ts';
export type { KdfCost } from './keys/key-file.ts';
export { addKey, listKeys, type RepositoryKey, removeKey } from './keys/passwords.ts';
export { RepositoryLock } from './locks/repository-lock.ts';
export { type InitOptions, initRepository } from './open/init-repository.ts';
export { type OpenOptions, openRepository } from './open/open-repository.ts';
export { Repository, type RepositoryTools } from './open/repository.ts';
export { type AddedBlob, BlobWriter } from './pack/blob-writer.ts';
export { defaultPackBytes, PackWriter } from './pack/pack-writer.ts';
export { type ExtentLayout, extentBytes, extentsOf } from './point/disk-layout.ts';
export { fileNameOf, nameOfFile } from './point/file-names.ts';
export { fileNode, folderNode } from './point/nodes.ts';
export {
  extentContent,
  type OpenPoint,
  openPoint,
  type PointExtent,
  pointExtents,
  pointFile,
} from './point/open-point.ts';
export { type PointDocument, type PointLayout, pointDocumentSchema } from './point/point-document.ts';
export { type FoundPoints, type ReadPointsOptions, readPoints } from './point/read-points.ts';
export { TreeReader } from './point/tree-reader.ts';
export { type DiskFacts, diskFactsSchema, sectorBytes } from './point/vmdk-descriptor.ts';
export {
  type PointContent,
  type PointDiskTrees,
  type PointFile,
  writePointTree,
} from './point/write-point.ts';
export type { FindProgress } from './repair/damaged-packs.ts';
export {
  type RepairedPack,
  type RepairOptions,
  type RepairReport,
  repairRepository,
} from './repair/repair-repository.ts';
export {
  type RestoredDisk,
  type RestoredPoint,
  type RestoreOptions,
  restorePoint,
} from './restore/restore-point.ts';
export type { RestoreProgress } from './restore/restore-run.ts';
export { type RestoredTree, restoreTree } from './restore/restore-tree.ts';
export {
  findPoint,
  listPoints,
  type NewPoint,
  type Point,
  type PointList,
  removePoint,
  savePoint,
} from './snapshots/points.ts';
export { fromThreadError, type ThreadError, toThreadError } from './threads/thread-errors.ts';
export { type TidyOptions, type TidyReport, tidyRepository } from './tidy/tidy-repository.ts';
