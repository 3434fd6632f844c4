import { accountId, type Columns, clear, encrypted, figure, id, keyed, state, time } from './kinds.ts'

/** Critical values: alerts, what happens to them, their messages, the dictionary. */
export const critical = {
  alerts: {
    kept: 'once',
    columns: {
      id,
      report_version_id: id,
      study_index: keyed('Study Instance UID'),
      type: clear('a code of the dictionary; whose it is, is encrypted'),
      level: state,
      dictionary_version: clear('the name of a version'),
      sealed_alert: encrypted('patient, order and exam facts, content, keyword, excerpt, reporter'),
      raised_at: time,
      raised_by: accountId,
      patient_index: keyed('patient id'),
    },
  },
  alert_events: {
    kept: 'once',
    columns: {
      id,
      alert_id: id,
      kind: state,
      recorded_at: time,
      sealed_event: encrypted('who answered, and what'),
    },
  },
  alert_standings: {
    kept: 'changing',
    row: ({ alert_id }) => String(alert_id),
    columns: {
      alert_id: id,
      status: state,
      due_at: time,
      sealed_standing: encrypted('the sum of the events'),
      changed_at: time,
    },
  },
  alert_replies: {
    kept: 'changing',
    columns: { reply_index: keyed('target and id of an answer'), alert_id: id, taken_at: time },
  },
  outbox: {
    kept: 'changing',
    columns: {
      id,
      alert_id: id,
      patient_index: keyed('patient id'),
      target: clear('the configured name of an interface'),
      kind: state,
      message_id: id,
      control_id: id,
      sealed_message: encrypted('what the message says beside the alert'),
      state,
      attempts: figure,
      next_attempt_at: time,
      last_error: state,
      delivered_at: time,
      settled_at: time,
      created_at: time,
    },
  },
  dictionary_versions: {
    kept: 'changing',
    only: `state <> 'published'`,
    columns: {
      id: clear('the name of a version'),
      state,
      published_at: time,
      created_at: time,
      revision: figure,
      sealed_version: encrypted('the dictionary and who changed it'),
    },
  },
} satisfies Partial<Columns>
