import type { Generated } from 'kysely'

/**
 * The tables, as the code sees them. Conventions:
 * - `sealed_*` columns hold AES-256-GCM ciphertext bound to table, column and row (src/server/protection);
 * - `*_index` columns hold keyed blind indexes, for exact look-up only;
 * - times are epoch milliseconds, flags 0 or 1, ids are opaque strings.
 */
export interface Schema {
  /** The MAC of each row of each sealed table, kept by triggers (src/server/store/seals). */
  row_seals: { tbl: string; key: string; mac: string }
  /** What rows each table has, sealed: its TableSeal. `*`: of all tables; `#tables`: which were sealed, with their columns. */
  table_seals: { name: string; seal: string }
  /** Stored values and files that were found damaged. */
  damage: {
    id: string
    /** Table, or kind of file; column (`row` for a whole one); row, or name of the file. */
    place_table: string
    place_column: string
    place_row: string
    what: string
    /** Of a table: a DamageLack as JSON; else empty. */
    detail: string
    found_at: number
    state: 'isolated' | 'restored'
    source: string
    restored_at: number | null
  }
  scrub_runs: {
    id: string
    started_at: number
    finished_at: number | null
    values_checked: number
    files_checked: number
    bytes: number
    damaged: number
    restored: number
    outcome: 'running' | 'clean' | 'damaged' | 'interrupted'
  }

  /** The data keys, by what they are for and generation; the highest is the one in use. Never deleted: a trigger refuses it. */
  wrapped_keys: {
    /** A purpose of src/server/protection, or `master`: the master keys that there were. */
    purpose: string
    generation: number
    state: 'current' | 'retiring' | 'retired'
    /** Under the master key; of `master`, under the security module's key, empty where the key comes from elsewhere. */
    wrapped: string
    /** Of the master key; null where it was wrapped before there were any. */
    fingerprint: string | null
    created_at: number
  }
  /** A new generation, and how far what is sealed has moved to it. */
  key_rotations: {
    purpose: string
    generation: number
    started_at: number
    /** When it last went on. */
    moved_at: number
    finished_at: number | null
    done: number
    total: number
    /** Values that could not be opened, and so stay as they are. */
    damaged: number
  }
  /** Master keys that were split on paper; of the shares nothing. */
  key_escrows: {
    id: string
    fingerprint: string
    shares: number
    threshold: number
    made_at: number
  }
  settings: { name: string; value: string }

  accounts: {
    id: string
    login_index: string
    sealed_login: string
    sealed_name: string
    /** JSON array of Role. */
    roles: string
    /** Null where none was entered. */
    staff_index: string | null
    sealed_staff_number: string | null
    clearance: 'general' | 'sensitive' | 'highly-sensitive'
    /** May take a place kept for emergencies. */
    emergency: number
    disabled: number
    created_at: number
  }
  /** A certificate that speaks for exactly one account. */
  account_certificates: {
    /** SHA-256 of the certificate's DER, hex. */
    fingerprint: string
    account_id: string
    bound_at: number
    revoked_at: number | null
    /** Base64 DER; null for what was bound before it was kept. */
    sealed_certificate: string | null
  }
  /** The passwords of each account, the newest in force, the others so that they are not used again. */
  account_passwords: {
    id: string
    account_id: string
    /** argon2id, encoded. */
    sealed_hash: string
    set_at: number
    /** A one-time password's end; the policy's age counts where it is null. */
    expires_at: number | null
    must_change: number
  }
  /** TOTP secrets; the newest confirmed one counts, a newer unconfirmed one waits for its code. */
  account_totp: {
    id: string
    account_id: string
    /** Base32. */
    sealed_secret: string
    created_at: number
    confirmed_at: number | null
    /** The last time step (RFC 6238) whose code was taken: no code counts twice. */
    last_step: number | null
  }
  /** Leave to sign in by password + TOTP. */
  fallback_grants: {
    id: string
    account_id: string
    sealed_reason: string
    /** Account id of the security officer. */
    granted_by: string
    granted_at: number
    ends_at: number
    ended_at: number | null
    ended_by: string | null
    sign_ins: number
  }
  binding_codes: {
    /** Keyed hash of the code; the code itself is not stored. */
    code_index: string
    account_id: string
    created_at: number
    expires_at: number
    used_at: number | null
  }
  /** Wrong entries in a row, by what they were made for. */
  lockouts: {
    /** `account:<blind index of the login name>` or `workstation:<id>`. */
    subject: string
    failures: number
    last_failure_at: number
    locked_until: number | null
  }
  /** Every version of the policy; the highest is in force. Append-only. */
  security_policies: {
    version: number
    /** SecurityPolicy as JSON. */
    sealed_policy: string
    changed_at: number
    /** Account id, or `gateway` for the first. */
    changed_by: string
  }

  /** Which generations of the gateway's CAs and of its certificate are in use; the highest version is in force. Append-only. */
  pki_generations: {
    version: number
    /** Generations as JSON. */
    sealed_generations: string
    changed_at: number
  }

  workstations: {
    id: string
    name: string
    /** SHA-256 of the certificate's DER, hex. */
    certificate_fingerprint: string
    certificate_expires_at: number
    enrolled_at: number
    revoked_at: number | null
    suspended_at: number | null
    last_seen_at: number | null
    /** A renewed certificate that has not been used yet; its first use makes it the certificate. */
    next_fingerprint: string | null
    next_expires_at: number | null
    /** Null for one that was enrolled before this was kept: then as `enrolled_at`. */
    certificate_issued_at: number | null
    next_issued_at: number | null
    /** Which generation of the workstation CA issued them. */
    certificate_generation: number
    next_generation: number | null
    /** The newest generation of the gateway CA that the workstation has said it keeps. */
    gateway_ca_generation: number
  }
  enrolment_codes: {
    /** Keyed hash of the code; the code itself is not stored. */
    code_index: string
    created_at: number
    expires_at: number
    used_at: number | null
    workstation_id: string | null
  }

  sessions: {
    id: string
    account_id: string
    workstation_id: string
    /** SHA-256 of the session certificate's DER, hex. */
    certificate_fingerprint: string
    /** SHA-256 of the token certificate's DER, hex: the one that signed in. Any good certificate of the account unlocks. */
    token_fingerprint: string
    state: 'active' | 'locked' | 'ended'
    started_at: number
    expires_at: number
    last_activity_at: number
    last_seen_at: number
    activity_counter: number
    locked_at: number | null
    ended_at: number | null
    end_reason: string | null
    taken_over_by: string | null
    factor: 'certificate' | 'fallback'
    /** The grant that a fallback session stands on. */
    fallback_grant_id: string | null
    /** JSON array of the roles it began with: one that is taken away since ends it. */
    roles: string
  }

  orders: {
    id: string
    accession_index: string
    study_index: string | null
    patient_index: string
    /** Order as JSON. */
    sealed_order: string
    modality: string
    scheduled_at: number
    exam_done_at: number | null
    updated_at: number
    /** How it came: by a feed of messages, a file, or typed in. */
    source: 'feed' | 'file' | 'typed'
    cancelled_at: number | null
    /** MSH-7 of the newest message that its order facts, and its patient facts, come from. */
    sent_at: number | null
    patient_sent_at: number | null
  }

  reports: {
    id: string
    study_index: string
    sealed_study: string
    status: 'draft' | 'signed'
    created_at: number
    updated_at: number
  }
  report_drafts: {
    report_id: string
    account_id: string
    revision: number
    /** Text, whose it is, and where it stands in its review, as JSON, so that none of them can be exchanged. */
    sealed_text: string
    updated_at: number
    /** When who holds it now began it, or took it. */
    taken_at: number
    /** ReportStage; it, `written_by`, `submitted_at` and `suspected` repeat what the sealed text says. */
    stage: 'writing' | 'submitted' | 'reviewing' | 'rejected'
    /** Account id of who handed it in; null while it is written for the first time. */
    written_by: string | null
    submitted_at: number | null
    /** Critical findings in what was handed in. */
    suspected: number | null
  }
  /** What happened to reports before their signatures, in order of id. Append-only. */
  report_steps: {
    id: string
    report_id: string
    /** The report's id and a ReportStep as JSON. */
    sealed_step: string
    created_at: number
  }
  report_key_images: {
    report_id: string
    /** SHA-256 (hex) of the PNG. */
    id: string
    /** base64 */
    sealed_png: string
    created_at: number
    /** The first signed version that names it, after which it is never removed. */
    signed_version: number | null
  }
  /** How a person works, by area. */
  user_settings: {
    account_id: string
    area: string
    sealed_value: string
    updated_at: number
  }
  /** Who reports which exam. */
  study_claims: {
    study_index: string
    account_id: string
    /** { accountId, claimedAt, endsAt } as JSON; the clear columns repeat it. */
    sealed_claim: string
    claimed_at: number
    ends_at: number
  }
  /** Sensitivity labels that people gave; an order may bring its own. */
  study_labels: {
    study_index: string
    /** { sensitivity, reason, by } as JSON. */
    sealed_label: string
    changed_at: number
  }
  /** Labelled studies that a session opened all the same. Append-only. */
  glass_breaks: {
    id: string
    account_id: string
    session_id: string
    study_index: string
    /** { accountId, sessionId, reason, endsAt } as JSON. */
    sealed_break: string
    broken_at: number
    ends_at: number
  }
  /** Every version of the rules that label by; the highest is in force. Append-only. */
  label_rule_versions: {
    version: number
    /** LabelRules as JSON: who is a VIP stands in it. */
    sealed_rules: string
    changed_at: number
    changed_by: string
  }
  /** Labels that people gave to patients (by blind patient index) and reports (by blind study index). */
  object_labels: {
    kind: 'patient' | 'report'
    object_index: string
    /** { sensitivity, reason, by, id } as JSON. */
    sealed_label: string
    changed_at: number
  }
  /** What the security officer said to broken glass. Append-only. */
  glass_reviews: {
    id: string
    break_id: string
    /** { breakId, verdict, note, by, at } as JSON; the clear columns repeat it. */
    sealed_review: string
    reviewed_by: string
    reviewed_at: number
  }
  /** What changed on the worklist, in order: written by triggers on the tables that it is made from. */
  worklist_changes: {
    seq: Generated<number>
    /** What `key` is: an order's id, a blind study index, an account's id; empty for a merge of patients, and for rules and patients' labels. */
    source: 'order' | 'study' | 'merge' | 'account' | 'labels'
    key: string
  }
  /** Signed versions; triggers refuse UPDATE and DELETE. */
  report_versions: {
    id: string
    report_id: string
    version: number
    author_id: string
    /** Account id of who wrote what the author reviewed; null where the author wrote it. */
    written_by: string | null
    /** The canonical JSON of the ReportDocument. */
    sealed_document: string
    /** SHA-256 (hex) of that canonical JSON; the next version's `previous`. */
    document_hash: string
    signature: string
    algorithm: string
    /** Base64 DER: it names the person. */
    sealed_certificate: string
    signed_at: number
  }

  alerts: {
    id: string
    report_version_id: string
    study_index: string
    type: string
    level: string
    dictionary_version: string
    /** The rest of the alert as JSON: study, patient, order and exam facts, content, keyword, excerpt, reporter. */
    sealed_alert: string
    raised_at: number
    raised_by: string
    patient_index: string
  }
  /** What happened to alerts, in order of id. Append-only. */
  alert_events: {
    id: string
    alert_id: string
    kind: string
    recorded_at: number
    /** AlertEvent as JSON. */
    sealed_event: string
  }
  /** The sum of each alert's events, for lists and deadlines; the clear columns repeat what the sealed one says. */
  alert_standings: {
    alert_id: string
    status: string
    /** When somebody must do something; null where nothing is waited for. */
    due_at: number | null
    /** AlertStanding as JSON. */
    sealed_standing: string
    changed_at: number
  }
  alert_replies: {
    /** Keyed hash of the target's and the answer's id. */
    reply_index: string
    alert_id: string
    taken_at: number
  }
  /** One message about one alert to one target; written in the transaction that makes it necessary. */
  outbox: {
    id: string
    alert_id: string
    /** Order is kept per patient. */
    patient_index: string
    target: string
    kind: 'notice' | 'cancel' | 'escalation' | 'reroute'
    /** One message's id at every target; sorts by when it was queued, and messages of a patient go out in its order. */
    message_id: string
    /** Message control id, the same on every attempt, so that a receiver can tell a repeat. */
    control_id: string
    /** { alertId, target, detail, recipient, ward, bed } as JSON: what the message says beside the alert. */
    sealed_message: string
    state: 'queued' | 'sending' | 'retrying' | 'delivered' | 'refused' | 'cancelled'
    attempts: number
    next_attempt_at: number
    last_error: string | null
    delivered_at: number | null
    /** When it came to its end, whichever. */
    settled_at: number | null
    created_at: number
  }

  /** Each version of the dictionary. Published ones are never changed: triggers refuse it. */
  dictionary_versions: {
    /** The version's name. */
    id: string
    state: 'draft' | 'tested' | 'published' | 'discarded'
    published_at: number | null
    created_at: number
    revision: number
    /** Its content and history as JSON; the clear columns repeat what it says. */
    sealed_version: string
  }

  /** Incoming messages that could not be taken in. */
  quarantine: {
    id: string
    feed: string
    state: 'waiting' | 'replayed' | 'discarded'
    received_at: number
    bytes: number
    /** What came, base64, and what is known of it, as JSON. */
    sealed_message: string
    settled_at: number | null
    settled_by: string | null
    /** Keyed hash of feed and bytes: the same message sent again is not kept twice. */
    content_index: string
  }
  /** Messages taken in, by keyed hash of feed and bytes. */
  received_messages: {
    content_index: string
    received_at: number
  }
  /** Patient ids that became part of another (ADT^A40). */
  patient_merges: {
    merged_index: string
    surviving_index: string
    /** { merged, surviving } as JSON. */
    sealed_merge: string
    merged_at: number
  }

  /** What stands wrong, or did. No clinical value in it. */
  alarms: {
    id: string
    kind: string
    severity: 'warning' | 'serious'
    subject: string
    /** ErrorFacts as JSON. */
    facts: string
    raised_at: number
    last_seen_at: number
    count: number
    cleared_at: number | null
    acknowledged_at: number | null
    acknowledged_by: string | null
    sealed_note: string | null
  }

  /** How far the audit went to a log server (`host:port`). */
  audit_shipping: {
    receiver: string
    /** The last record that the receiver is known to have read. */
    shipped_seq: number
    /** The last one that it has had for so long that a crash of it no longer loses it. */
    settled_seq: number
    shipped_at: number | null
    /** A code; null while it works. */
    last_error: string | null
  }

  /** Hash-chained and append-only; triggers refuse UPDATE and DELETE. */
  audit: {
    seq: number
    at: number
    action: string
    outcome: 'success' | 'refused' | 'failed'
    sealed_detail: string
    previous_hash: string
    hash: string
  }

  /** By what a record can be looked up: `subjectIndex` of src/server/audit. Append-only. */
  audit_subjects: {
    subject: string
    seq: number
  }

  /** Signed statements of how far the chain went: JSON of AuditCheckpoint. Append-only. */
  audit_checkpoints: {
    seq: number
    at: number
    statement: string
  }

  /** Which records the file of a month holds. Append-only. */
  audit_archives: {
    /** `2026-10`, in the gateway's time. */
    month: string
    first_seq: number
    last_seq: number
    at: number
  }

  /** Which of them left the machine, and when. Append-only. */
  audit_checkpoints_shipped: {
    seq: number
    at: number
  }

  /** Backups, as they were made; made anew from the backup directory where the two differ. */
  backups: {
    id: string
    kind: 'full' | 'incremental'
    /** What an incremental stands on. */
    parent: string | null
    started_at: number
    finished_at: number | null
    covers_until: number | null
    bytes: number
    /** `elsewhere`: on the machine that a restore has left. */
    state: 'running' | 'good' | 'failed' | 'damaged' | 'removed' | 'elsewhere'
    verified_at: number | null
    /** A code. */
    error: string | null
  }
  /** Which off-site place has which backup whole. */
  backup_copies: {
    backup_id: string
    place: string
    whole_at: number
    removed_at: number | null
    /** When the place last refused to have it removed. */
    refused_at: number | null
  }
  /** Each time that a backup was sent, or tried. */
  backup_transfers: {
    id: string
    backup_id: string
    place: string
    started_at: number
    finished_at: number | null
    /** Sent; what was there from before is not counted. */
    bytes: number
    outcome: 'running' | 'whole' | 'failed'
    error: string | null
  }
  backup_drills: {
    id: string
    started_at: number
    finished_at: number
    backup_id: string
    source: string
    outcome: 'passed' | 'failed'
    restore_seconds: number
    loss_seconds: number
    /** DrillRow's checks as JSON; codes and figures. */
    checks: string
  }

  /** What the auditor said to anomalies; the newest of one counts. Append-only. */
  anomaly_reviews: {
    id: string
    anomaly_id: string
    /** { anomalyId, verdict, note, by, at } as JSON; the clear columns repeat it. */
    sealed_review: string
    reviewed_at: number
  }
  /** Audit reports (审计报告) that were made; their files lie sealed in the data directory. Append-only. */
  audit_reports: {
    id: string
    kind: 'daily' | 'monthly'
    period: string
    made_at: number
    /** Who made it, its counts and the hashes of its files as JSON; the clear columns repeat it. */
    sealed_report: string
  }
  /** What the auditor said to audit reports; the newest of one counts. Append-only. */
  audit_report_reviews: {
    id: string
    report_id: string
    /** { reportId, note, by, at } as JSON. */
    sealed_review: string
    reviewed_at: number
  }
}
