create table rolehost_jobs (
  id text primary key,
  type text not null,
  queue text not null,
  tracked smallint not null,
  state text not null,
  epoch bigint not null,
  attempts integer not null,
  done bigint not null,
  total bigint not null,
  told text not null,
  position text,
  result text,
  failure text,
  message text,
  sent smallint not null,
  cancel smallint not null,
  submitted bigint not null,
  changed bigint not null,
  retention bigint not null,
  kept_until bigint
);
create index rolehost_jobs_by_queue on rolehost_jobs (queue, state);
create index rolehost_jobs_by_time on rolehost_jobs (submitted);
create index rolehost_jobs_unsent on rolehost_jobs (submitted) where sent = 0;
create index rolehost_jobs_over on rolehost_jobs (kept_until) where kept_until is not null;

create table rolehost_keys (
  scope text not null,
  name text not null,
  fingerprint text not null,
  job text not null,
  sent smallint not null,
  kept_until bigint not null,
  primary key (scope, name)
);
create index rolehost_keys_over on rolehost_keys (kept_until);

create table rolehost_ticks (
  schedule text not null,
  planned bigint not null,
  outcome text not null,
  job text,
  decided bigint not null,
  ended bigint,
  kept_until bigint not null,
  primary key (schedule, planned)
);
create index rolehost_ticks_by_job on rolehost_ticks (job) where job is not null;
create index rolehost_ticks_over on rolehost_ticks (kept_until);

create table rolehost_schedules (
  name text primary key,
  role text not null,
  hash text not null,
  described text not null,
  since bigint not null,
  seen bigint not null,
  paused_by text,
  paused_reason text,
  paused_since bigint
);

create table rolehost_receipts (
  origin text not null,
  path text not null,
  version text not null,
  missing_since bigint,
  primary key (origin, path)
);

create table rolehost_pauses (
  queue text primary key,
  paused_by text not null,
  reason text not null,
  since bigint not null
);

create table rolehost_timer (
  task_name text not null,
  task_instance text not null,
  task_data blob,
  execution_time timestamp not null,
  picked bit not null,
  picked_by text,
  last_success timestamp,
  last_failure timestamp,
  consecutive_failures integer,
  last_heartbeat timestamp,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index rolehost_timer_due on rolehost_timer (execution_time);
create index rolehost_timer_alive on rolehost_timer (last_heartbeat);
