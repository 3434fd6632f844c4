import { accountId, type Columns, clear, encrypted, figure, id, keyed, state, time } from './kinds.ts'

/** Orders, reports, the reading room and its labels. */
export const clinical = {
  orders: {
    kept: 'changing',
    columns: {
      id,
      accession_index: keyed('accession number'),
      study_index: keyed('Study Instance UID'),
      patient_index: keyed('patient id'),
      sealed_order: encrypted('patient, order and exam facts'),
      modality: clear('a DICOM code: lists are narrowed by it'),
      scheduled_at: time,
      exam_done_at: time,
      updated_at: time,
      source: state,
      cancelled_at: time,
      sent_at: time,
      patient_sent_at: time,
    },
  },
  reports: {
    kept: 'changing',
    columns: {
      id: keyed('Study Instance UID'),
      study_index: keyed('Study Instance UID'),
      sealed_study: encrypted('Study Instance UID'),
      status: state,
      created_at: time,
      updated_at: time,
    },
  },
  report_drafts: {
    kept: 'changing',
    row: ({ report_id }) => String(report_id),
    columns: {
      report_id: keyed('Study Instance UID'),
      account_id: accountId,
      revision: figure,
      sealed_text: encrypted('report text, whose it is, where it stands'),
      updated_at: time,
      taken_at: time,
      stage: state,
      written_by: accountId,
      submitted_at: time,
      suspected: figure,
    },
  },
  report_steps: {
    kept: 'once',
    columns: {
      id,
      report_id: keyed('Study Instance UID'),
      sealed_step: encrypted('a step of the review, with its text'),
      created_at: time,
    },
  },
  report_key_images: {
    kept: 'changing',
    row: ({ report_id, id: image }) => `${report_id}/${image}`,
    columns: {
      report_id: keyed('Study Instance UID'),
      id: clear('SHA-256 of the image, which cannot be guessed; the signature covers it'),
      sealed_png: encrypted('the image'),
      created_at: time,
      signed_version: figure,
    },
  },
  report_versions: {
    kept: 'once',
    columns: {
      id,
      report_id: keyed('Study Instance UID'),
      version: figure,
      author_id: accountId,
      written_by: accountId,
      sealed_document: encrypted('the signed report'),
      document_hash: clear(
        'SHA-256 of a document with ids and times in it that cannot be guessed; the next version names it',
      ),
      signature: clear('says nothing without the document'),
      algorithm: state,
      sealed_certificate: encrypted('the signer’s certificate'),
      signed_at: time,
    },
  },
  study_claims: {
    kept: 'changing',
    row: ({ study_index }) => String(study_index),
    columns: {
      study_index: keyed('Study Instance UID'),
      account_id: accountId,
      sealed_claim: encrypted('whose claim it is'),
      claimed_at: time,
      ends_at: time,
    },
  },
  study_labels: {
    kept: 'changing',
    row: ({ study_index }) => String(study_index),
    columns: {
      study_index: keyed('Study Instance UID'),
      sealed_label: encrypted('label, by whom and why'),
      changed_at: time,
    },
  },
  object_labels: {
    kept: 'changing',
    row: ({ kind, object_index }) => `${kind}:${object_index}`,
    columns: {
      kind: state,
      object_index: keyed('patient id, or Study Instance UID'),
      sealed_label: encrypted('label, by whom and why'),
      changed_at: time,
    },
  },
  label_rule_versions: {
    kept: 'once',
    row: ({ version }) => String(version),
    columns: {
      version: figure,
      sealed_rules: encrypted('the rules: who is a VIP stands in them'),
      changed_at: time,
      changed_by: accountId,
    },
  },
  glass_breaks: {
    kept: 'once',
    columns: {
      id,
      account_id: accountId,
      session_id: id,
      study_index: keyed('Study Instance UID'),
      sealed_break: encrypted('who, and the reason given'),
      broken_at: time,
      ends_at: time,
    },
  },
  glass_reviews: {
    kept: 'once',
    columns: {
      id,
      break_id: id,
      sealed_review: encrypted('the security officer’s words'),
      reviewed_by: accountId,
      reviewed_at: time,
    },
  },
  worklist_changes: {
    kept: 'changing',
    columns: {
      seq: figure,
      source: state,
      key: clear('an opaque id, or a keyed index as it stands in the table that changed'),
    },
  },
  quarantine: {
    kept: 'changing',
    columns: {
      id,
      feed: clear('the configured name of an interface'),
      state,
      received_at: time,
      bytes: figure,
      sealed_message: encrypted('what came'),
      settled_at: time,
      settled_by: accountId,
      content_index: keyed('the whole message'),
    },
  },
  received_messages: {
    kept: 'changing',
    columns: { content_index: keyed('the whole message'), received_at: time },
  },
  patient_merges: {
    kept: 'changing',
    row: ({ merged_index }) => String(merged_index),
    columns: {
      merged_index: keyed('patient id'),
      surviving_index: keyed('patient id'),
      sealed_merge: encrypted('both patient ids'),
      merged_at: time,
    },
  },
} satisfies Partial<Columns>
