export { ManualClock } from './clock/manual-clock.ts';
export { systemClock } from './clock/system-clock.ts';
export { syncFolder, writeFileDurably } from './files/durable-file.ts';
export { makeFolders } from './files/make-folders.ts';
export { siblingModule } from './files/sibling-module.ts';
export { usualAuthorities } from './https/authorities.ts';
export { type ConnectionFailure, connectionFailureOf } from './https/connection-failure.ts';
export {
  CertificateChanged,
  HttpsClient,
  type HttpsClientOptions,
  type HttpsRequest,
} from './https/https-client.ts';
export {
  type Fingerprints,
  fetchFingerprint,
  fetchFingerprints,
  normalFingerprint,
  type Trust,
  trustSchema,
} from './https/trust.ts';
export { SeededRandomness } from './randomness/seeded-randomness.ts';
export { systemRandomness } from './randomness/system-randomness.ts';
