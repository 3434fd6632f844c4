/**
 * What is written without an audit record in the same transaction: the reviewed exceptions of "no act without its record", each
 * with the reason. Every other change of every other table fails where no record is written with it. A table that comes later
 * is held to it by itself.
 */
export const unrecordedTables: Readonly<Record<string, string>> = {
  row_seals: 'follows from the rows that it seals',
  table_seals: 'follows from the rows that it seals',
  worklist_changes: 'says only what is to be read again',
  audit: 'the records themselves',
  audit_subjects: 'the index of the records',
  audit_checkpoints: 'signed statements of how far the records go',
  audit_checkpoints_shipped: 'says only what need not be sent again',
  audit_shipping: 'says only what need not be sent again',
  lockouts:
    'counts wrong entries, each of which is recorded by who refuses it; they count also where nothing can be recorded',
  received_messages: 'which messages need not be taken in again; what each changed is recorded',
  alert_replies: 'which answers need not be taken in again; what each said is an event, and recorded',
  damage:
    'the list of what is recorded as found damaged; it is listed, and refused, also where nothing can be recorded',
  scrub_runs: 'how far a scrub is; its end, and what it finds and restores, is recorded',
  backups: 'what the manifests of the backups say; what is made, proven, sent and removed is recorded',
  backup_transfers: 'how far a transfer is; what arrived is recorded',
  kysely_migration: 'the library’s own',
  kysely_migration_lock: 'the library’s own',
}

/** Columns whose changes in a row that stands need no record. */
export const unrecordedColumns: Readonly<Record<string, { columns: readonly string[]; why: string }>> = {
  sessions: {
    columns: ['last_seen_at', 'last_activity_at', 'activity_counter'],
    why: 'signs of life, every few seconds; what follows from their absence is recorded',
  },
  study_claims: {
    columns: ['sealed_claim', 'claimed_at', 'ends_at'],
    why: 'who has an exam and asks for it again has it longer; whose it is, is recorded',
  },
  account_totp: {
    columns: ['last_step'],
    why: 'a code that was used is good no second time, also where nothing can be recorded; what it was used for is recorded',
  },
  workstations: {
    columns: ['last_seen_at', 'gateway_ca_generation'],
    why: 'signs of life, and what the workstation says that it trusts',
  },
  alarms: {
    columns: ['last_seen_at', 'count', 'facts'],
    why: 'an alarm that stands is raised again; what first raised it is recorded',
  },
  outbox: {
    columns: ['state', 'attempts', 'next_attempt_at', 'last_error'],
    why: 'attempts of one delivery; when it is settled, which has columns of its own, that is recorded',
  },
  key_rotations: {
    columns: ['moved_at', 'done', 'total'],
    why: 'how far a rotation is; its beginning and end are recorded',
  },
}

/** Whole transactions that need no record, by what they do. */
export const unrecordedActs = {
  resealing: 'the same values under another key; the beginning and the end of the rotation are recorded',
  'starting-policy':
    'what a new gateway begins with; its configuration, which says it, is recorded by its hash at each start',
  'making-evidence-key':
    'made once, at first use, of which nothing can be signed before; its certificate is recorded at each start',
  'writing-on':
    'somebody writes on at a draft: the first save of each minute is recorded, and so is whoever’s it becomes',
  'adopting-sessions': 'at a start, which is recorded: sessions of before go on, at the times of this clock',
  'following-clock': 'the clock was set by less than is worth a record: sessions’ times move with it',
} as const
export type UnrecordedAct = keyof typeof unrecordedActs
