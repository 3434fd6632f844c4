import { accountId, type Columns, clear, encrypted, figure, id, keyed, state, time } from './kinds.ts'

/** Audit, alarms, integrity and backups. */
export const evidence = {
  audit: {
    kept: 'once',
    row: ({ seq }) => String(seq),
    columns: {
      seq: figure,
      at: time,
      action: clear('a code: what was done, without who, to whom or with what'),
      outcome: state,
      sealed_detail: encrypted('who, on what, with what'),
      previous_hash: keyed('the record before'),
      hash: keyed('the record'),
    },
  },
  audit_subjects: {
    kept: 'once',
    columns: { subject: keyed('who or what a record is about'), seq: figure },
  },
  audit_checkpoints: {
    kept: 'once',
    columns: {
      seq: figure,
      at: time,
      statement: clear('keyed hashes, counts and a signature: made to be given away'),
    },
  },
  audit_archives: {
    kept: 'once',
    columns: { month: time, first_seq: figure, last_seq: figure, at: time },
  },
  audit_checkpoints_shipped: { kept: 'once', columns: { seq: figure, at: time } },
  audit_shipping: {
    kept: 'changing',
    columns: {
      receiver: clear('address of the log server'),
      shipped_seq: figure,
      settled_seq: figure,
      shipped_at: time,
      last_error: state,
    },
  },
  anomaly_reviews: {
    kept: 'once',
    columns: {
      id,
      anomaly_id: id,
      sealed_review: encrypted('the auditor’s words'),
      reviewed_at: time,
    },
  },
  audit_reports: {
    kept: 'once',
    columns: {
      id,
      kind: state,
      period: clear('a day or a month'),
      made_at: time,
      sealed_report: encrypted('who made it, counts, hashes of its files'),
    },
  },
  audit_report_reviews: {
    kept: 'once',
    columns: {
      id,
      report_id: id,
      sealed_review: encrypted('the auditor’s words'),
      reviewed_at: time,
    },
  },
  alarms: {
    kept: 'changing',
    columns: {
      id,
      kind: state,
      severity: state,
      subject: clear('a place, a receiver or a backup, by id'),
      facts: clear('codes and figures'),
      raised_at: time,
      last_seen_at: time,
      count: figure,
      cleared_at: time,
      acknowledged_at: time,
      acknowledged_by: accountId,
      sealed_note: encrypted('what somebody wrote about it'),
    },
  },
  row_seals: {
    kept: 'changing',
    columns: {
      tbl: clear('the name of a table'),
      key: clear('the row’s own key, as it stands in its table'),
      mac: keyed('the whole row'),
    },
  },
  table_seals: {
    kept: 'changing',
    row: ({ name }) => String(name),
    columns: {
      name: clear('the name of a table'),
      seal: encrypted('how many rows the table has, and their sum'),
    },
  },
  damage: {
    kept: 'changing',
    columns: {
      id,
      place_table: clear('the name of a table, or kind of file'),
      place_column: clear('the name of a column'),
      place_row: clear('the row’s own key, or the file’s name'),
      what: state,
      detail: clear('a count, and rows’ own keys'),
      found_at: time,
      state,
      source: clear('a backup’s id, or a code'),
      restored_at: time,
    },
  },
  scrub_runs: {
    kept: 'changing',
    columns: {
      id,
      started_at: time,
      finished_at: time,
      values_checked: figure,
      files_checked: figure,
      bytes: figure,
      damaged: figure,
      restored: figure,
      outcome: state,
    },
  },
  backups: {
    kept: 'changing',
    columns: {
      id,
      kind: state,
      parent: id,
      started_at: time,
      finished_at: time,
      covers_until: time,
      bytes: figure,
      state,
      verified_at: time,
      error: state,
    },
  },
  backup_copies: {
    kept: 'changing',
    columns: {
      backup_id: id,
      place: clear('the configured name of a place'),
      whole_at: time,
      removed_at: time,
      refused_at: time,
    },
  },
  backup_transfers: {
    kept: 'changing',
    columns: {
      id,
      backup_id: id,
      place: clear('the configured name of a place'),
      started_at: time,
      finished_at: time,
      bytes: figure,
      outcome: state,
      error: state,
    },
  },
  backup_drills: {
    kept: 'changing',
    columns: {
      id,
      started_at: time,
      finished_at: time,
      backup_id: id,
      source: clear('the configured name of a place'),
      outcome: state,
      restore_seconds: figure,
      loss_seconds: figure,
      checks: clear('codes and figures'),
    },
  },
} satisfies Partial<Columns>
