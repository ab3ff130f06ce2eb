create table api_keys (
  key_hash bytea primary key,
  tenant text not null,
  revoked_at timestamptz
);

create table products (
  id text primary key,
  name text not null,
  amount bigint not null,
  currency text not null
);

create table payments (
  id text primary key,
  tenant text not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  status text not null,
  description text not null,
  payer_email text not null,
  payer_name text,
  metadata jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index payments_by_time on payments (tenant, created_at desc, id desc);
create index payments_by_status on payments (tenant, status, created_at desc);

create table attempts (
  id text primary key,
  payment_id text not null references payments,
  status text not null,
  provider_payment_id text,
  client_secret text,
  started_at timestamptz not null default now()
);
create unique index attempts_by_provider_id on attempts (provider_payment_id);
create index attempts_by_payment on attempts (payment_id);

create table checkout_sessions (
  id text primary key,
  payment_id text not null unique references payments,
  product_id text not null references products,
  quantity int not null,
  amount bigint not null,
  currency text not null,
  customer_email text not null,
  customer_name text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table idempotency_keys (
  tenant text not null,
  key text not null,
  body_hash bytea not null,
  status int,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant, key)
);
create index idempotency_keys_by_time on idempotency_keys (created_at);

create table webhook_events (
  event_id text primary key,
  type text not null,
  body bytea not null,
  received_at timestamptz not null default now(),
  applied_at timestamptz
);
create index webhook_events_waiting on webhook_events (received_at) where applied_at is null;
