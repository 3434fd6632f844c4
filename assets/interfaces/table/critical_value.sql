-- The intermediate table that Vigil writes and the hospital system reads (PostgreSQL), and the one that it answers in.
-- Vigil needs INSERT on critical_value, SELECT on (status) and on the key of it, and SELECT on critical_value_reply.
-- status: null until read; 1 taken in; 9 refused. Adapt names and codes in vigil.yaml (criticalTargets).

create table critical_value (
  message_id varchar(16) not null,
  message_kind varchar(16) not null,
  is_test varchar(1) not null,
  sent_at timestamp not null,
  alert_id varchar(16) not null,
  alert_type varchar(80) not null,
  alert_type_name varchar(200),
  alert_level varchar(80),
  content text not null,
  keyword text,
  excerpt text,
  side varchar(80),
  raised_at timestamp not null,
  repeats varchar(16),
  receive_minutes varchar(12),
  patient_id varchar(64) not null,
  patient_name varchar(200) not null,
  patient_sex varchar(80),
  birth_date varchar(8),
  patient_age varchar(16),
  patient_class varchar(80),
  visit_number varchar(32),
  ward varchar(80),
  bed varchar(32),
  patient_phone varchar(24),
  accession_number varchar(16),
  application_number varchar(32),
  item_code varchar(32),
  item_name varchar(200),
  ordering_doctor varchar(200),
  ordering_department varchar(80),
  study_uid varchar(64),
  exam_class varchar(80),
  body_part varchar(200),
  exam_at timestamp,
  report_id varchar(64),
  reporter_id varchar(64),
  reporter_name varchar(200),
  checker_name varchar(200),
  recipient_kind varchar(80),
  recipient_code varchar(32),
  recipient_name varchar(200),
  recipient_department varchar(80),
  recipient_phone varchar(24),
  cancel_reason text,
  cancelled_by varchar(200),
  cancelled_at timestamp,
  escalation_hop integer,
  escalation_awaited varchar(16),
  escalation_minutes varchar(12),
  status varchar(16),
  written_at timestamp not null default localtimestamp,
  -- A repeat of the same message is the same row.
  primary key (alert_id, message_kind, message_id)
);
create index critical_value_unread on critical_value (written_at) where status is null;

create table critical_value_reply (
  reply_id varchar(80) primary key,
  alert_id varchar(16) not null,
  -- received or handled
  step varchar(16) not null,
  by_id varchar(40) not null,
  by_name varchar(60) not null,
  -- nurse, doctor or other
  role varchar(16) not null,
  read_back boolean not null default false,
  measure varchar(500) not null default '',
  opinion varchar(500) not null default '',
  at timestamp not null default localtimestamp
);
create index critical_value_reply_alert on critical_value_reply (alert_id);
