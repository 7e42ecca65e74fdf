/** Codes that only repeat the HTTP status. */
export const statusClassPrefix = 'SM_http_';

/** The object is there already. */
export const existsCodes: ReadonlySet<string> = new Set([
  'SM_eexist',
  'SM_duplicate_vol',
  'SM_duplicate_initiatorgrp',
]);

export const duplicateInitiatorCodes: ReadonlySet<string> = new Set([
  'SM_duplicate_initiator',
  'SM_duplicate_initiator_with_args',
]);

export const goneCodes: ReadonlySet<string> = new Set(['SM_enoent']);

/** The wanted state is reached already. */
export const alreadyCodes: ReadonlySet<string> = new Set(['SM_ealready', 'SM_no_action']);

/** Passes by itself. */
export const busyCodes: ReadonlySet<string> = new Set([
  'SM_ebusy',
  'SM_eagain',
  'SM_einprogress',
  'SM_update_busy',
  'SM_srv_unreach',
  'SM_vol_connection_count_unavailable',
  'SM_vol_usage_unavailable',
  'SM_config_sync_inprogress',
  'SM_serial_not_avail',
  'SM_err_srepl_mgmt_op_in_progress',
  'SM_repl_handover_busy',
  'SM_repl_snapshot_sync',
]);

/** Something on the array still holds the object against deletion. */
export const heldCodes: ReadonlySet<string> = new Set([
  'SM_snap_has_clone',
  'SM_vol_has_clone',
  'SM_vol_has_online_snap',
  'SM_vol_has_connections',
  'SM_repl_object_busy',
  'SM_repl_protect_last_snap',
]);

export const connectionCodes: ReadonlySet<string> = new Set(['SM_vol_has_connections']);

/** The secondary must not change what the primary's group owns. */
export const replicaCodes: ReadonlySet<string> = new Set(['SM_not_owner', 'SM_repl_delete_replica_unsup']);

/** A synchronous pair runs on one side, and this is not done meanwhile. */
export const soloCodes: ReadonlySet<string> = new Set(['SM_srepl_mgmt_op_disallowed_when_solo']);

export const noPartnerCodes: ReadonlySet<string> = new Set([
  'SM_repl_no_partner_avail',
  'SM_no_such_partner',
]);

/** A key that this release does not know. */
export const unknownKeyCodes: ReadonlySet<string> = new Set(['SM_unexpected_arg']);

/** The request lacks what it is about. */
export const incompleteCodes: ReadonlySet<string> = new Set([
  'SM_missing_arg',
  'SM_einval',
  'SM_invalid_arg_value',
  'SM_http_bad_request',
]);
