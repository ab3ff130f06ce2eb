-- One tenant's database: its connections, what it sells, every payment and all that followed from it.

create table seller (
  single boolean primary key default true check (single),
  name text not null,
  address text not null default '',
  tax_id text not null default '',
  tax_percent numeric(6, 3) not null default 0,
  email text not null default '',
  invoice_prefix text not null default 'INV-',
  credit_note_prefix text not null default 'CN-'
);

create table connections (
  id text primary key,
  provider text not null,
  name text not null check (length(name) between 1 and 100),
  mode text not null check (mode in ('test', 'live')),
  status text not null default 'unchecked' check (status in ('unchecked', 'healthy', 'unhealthy', 'draining')),
  is_enabled boolean not null default true,
  is_default boolean not null default false,
  priority int not null default 100,
  currencies text[] not null default '{}',
  account_id text,
  fields jsonb not null default '{}',           -- public credential fields
  sealed_secrets jsonb not null default '{}',   -- field name to sealed secret
  previous_webhook_secret_until timestamptz,    -- after a change, webhooks signed with the one before are taken until then
  settings jsonb not null default '{}',
  last_checked_at timestamptz,
  last_check text,
  next_check_at timestamptz not null default now(),
  webhook_endpoint_id text,                     -- the provider's id of the address we registered with it
  last_used_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider, name)
);
create unique index connections_one_default on connections (provider, mode) where is_default;
create index connections_to_check on connections (next_check_at) where is_enabled;

create table connection_checks (
  id bigint generated always as identity primary key,
  connection_id text not null references connections on delete cascade,
  at timestamptz not null default now(),
  outcome text not null check (outcome in ('works', 'refused', 'not_reached')),
  detail text not null default '',
  milliseconds int
);
create index connection_checks_by_connection on connection_checks (connection_id, at desc);

create table customers (
  id text primary key,
  email text not null,
  normalized_email text not null unique,
  name text not null default '',
  created_at timestamptz not null default now()
);

create table products (
  id text primary key,
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  kind text not null check (kind in ('ticket', 'download', 'service')),
  stock int check (stock >= 0),                 -- null: as many as asked for
  download_url text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table prices (
  product_id text not null references products on delete cascade,
  currency text not null check (currency ~ '^[a-z]{3}$'),
  amount_minor bigint not null check (amount_minor >= 0),
  primary key (product_id, currency)
);

create table payments (
  id text primary key,
  mode text not null check (mode in ('test', 'live')),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  status text not null check (status in ('created', 'awaiting_payer', 'processing', 'failed', 'expired', 'canceled', 'succeeded')),
  exception text not null default 'none' check (exception in ('none', 'late', 'underpaid', 'overpaid', 'duplicate', 'mismatch')),
  dispute text not null default 'none' check (dispute in ('none', 'open', 'won', 'lost')),
  was_closed boolean not null default false,
  received_minor bigint not null default 0,
  reserved_minor bigint not null default 0,     -- taken up by refunds that have not failed
  refunded_minor bigint not null default 0,
  purpose text not null,                        -- which surface asked: checkout, api
  purpose_id text,                              -- the surface's own record: a session
  description text not null default '',
  payer_email text,
  payer_name text,
  presentation text not null check (presentation in ('embedded', 'hosted')),
  capture_later boolean not null default false,
  return_to text,
  cancel_to text,
  metadata jsonb not null default '{}',
  route jsonb not null default '[]',            -- the verdict on every connection, as it was decided
  provider text,                                -- of the live attempt
  connection_id text,
  version bigint not null default 1,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  succeeded_at timestamptz,
  -- A refund made in the provider's dashboard may be told before the payment's own success.
  check (status <> 'succeeded' or reserved_minor <= received_minor),
  check (refunded_minor <= reserved_minor)
);
create index payments_by_time on payments (mode, created_at desc, id desc);
create index payments_by_status on payments (mode, status, created_at desc, id desc);
create index payments_by_payer on payments (lower(payer_email), created_at desc) where payer_email is not null;
create index payments_open_by_expiry on payments (expires_at) where status in ('created', 'awaiting_payer', 'processing');
create unique index payments_by_purpose on payments (purpose, purpose_id, id) where purpose_id is not null;

create table attempts (
  id text primary key,
  payment_id text not null references payments,
  seq int not null,
  connection_id text not null,
  provider text not null,
  status text not null check (status in ('prepared', 'sent', 'not_sent', 'unknown', 'pending', 'abandoned', 'declined', 'succeeded')),
  provider_payment_id text,
  action jsonb,                                 -- what the payer was shown
  received_minor bigint,
  received_currency text,
  fee_minor bigint,
  is_authorized boolean not null default false,
  note text,
  started_at timestamptz not null,
  ask_at timestamptz,                           -- when the provider is asked next; null: not any more
  asked int not null default 0,
  unique (payment_id, seq)
);
-- One live attempt a payment.
create unique index attempts_one_live on attempts (payment_id) where status in ('prepared', 'sent', 'unknown', 'pending');
create unique index attempts_by_provider_id on attempts (connection_id, provider_payment_id) where provider_payment_id is not null;
create index attempts_to_ask on attempts (ask_at) where ask_at is not null;

create table refunds (
  id text primary key,
  payment_id text not null references payments,
  attempt_id text not null references attempts,
  connection_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  status text not null check (status in ('reserved', 'unknown', 'pending', 'succeeded', 'canceled', 'failed')),
  provider_refund_id text,
  reason text,
  note text,
  requested_by text not null,
  created_at timestamptz not null,
  ask_at timestamptz,
  asked int not null default 0
);
create unique index refunds_by_provider_id on refunds (connection_id, provider_refund_id) where provider_refund_id is not null;
create index refunds_by_payment on refunds (payment_id);
create index refunds_to_ask on refunds (ask_at) where ask_at is not null;

create table disputes (
  id text primary key,
  payment_id text not null references payments,
  connection_id text not null,
  provider_dispute_id text not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null check (status in ('inquiry', 'open', 'lost', 'won')),
  note text,
  opened_at timestamptz not null,
  unique (connection_id, provider_dispute_id)
);
create index disputes_by_payment on disputes (payment_id);

-- What a person is needed for.
create table cases (
  id text primary key,
  payment_id text references payments,
  kind text not null,
  detail text not null default '',
  opened_at timestamptz not null,
  closed_at timestamptz,
  outcome text,
  closed_by text
);
create unique index cases_one_open on cases (payment_id, kind) where closed_at is null;
create index cases_open on cases (opened_at) where closed_at is null;

create table ledger_entries (
  id bigint generated always as identity primary key,
  movement text not null,
  line int not null,
  payment_id text not null,
  account text not null,
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null,
  at timestamptz not null,
  unique (movement, line)
);
create index ledger_entries_by_payment on ledger_entries (payment_id);

-- Every movement sums to nothing in its currency, or the transaction does not commit.
create function ledger_must_balance() returns trigger language plpgsql as $$
begin
  if exists (select 1 from ledger_entries where movement = new.movement group by currency having sum(amount_minor) <> 0) then
    raise exception 'ledger movement % does not balance', new.movement using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_balances after insert or update on ledger_entries
  deferrable initially deferred for each row execute function ledger_must_balance();

-- The ledger is append-only.
create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'ledger entries are never changed' using errcode = 'integrity_constraint_violation';
end $$;
create trigger ledger_append_only before update or delete on ledger_entries for each row execute function ledger_is_append_only();

-- A writer says which version of the payment it decided on; when another was faster, the whole batch is undone (40001) and decided anew.
create function take_payment(payment text, decided_on bigint) returns void language plpgsql as $$
begin
  update payments set version = version + 1 where id = payment and version = decided_on;
  if not found then
    raise exception 'payment % moved on', payment using errcode = 'serialization_failure';
  end if;
end $$;

create table checkout_sessions (
  id text primary key,
  payment_id text not null unique references payments,
  product_id text not null references products,
  product_name text not null,
  product_kind text not null,
  quantity int not null check (quantity > 0),
  unit_minor bigint not null,
  amount_minor bigint not null,
  currency text not null,
  customer_email text not null,
  customer_name text not null default '',
  success_url text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  stock_held boolean not null default false
);

-- What the payer gets. One row an item, whatever happens.
create table fulfilments (
  id text primary key,
  payment_id text not null references payments,
  item text not null,                           -- ticket:1, ticket:2, invoice, download:1
  kind text not null check (kind in ('ticket', 'invoice', 'download', 'api_key', 'service', 'credit_note')),
  customer_id text references customers,
  product_id text references products,
  created_at timestamptz not null,
  revoked_at timestamptz,
  unique (payment_id, item)
);

create table tickets (
  id text primary key,
  fulfilment_id text not null unique references fulfilments,
  payment_id text not null references payments,
  product_name text not null,
  holder_name text not null,
  holder_email text not null,
  seq int not null,                             -- 2 of 3
  of int not null,
  code text not null unique,                    -- what the QR code says
  created_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index tickets_by_payment on tickets (payment_id);

-- Numbers without gaps: taken in the statement that uses them. Test payments count apart.
create table number_series (
  series text primary key,                      -- invoice, invoice:test, credit_note, credit_note:test
  last bigint not null
);

create function next_number(of_series text) returns bigint language sql as $$
  insert into number_series (series, last) values (of_series, 1)
  on conflict (series) do update set last = number_series.last + 1
  returning last
$$;

-- The net of a gross sum, rounded half to even in whole minor units; tax is the rest, so the two always add up.
create function net_of(gross bigint, tax_percent numeric) returns bigint language sql immutable as $$
  select (whole + case when 2 * rest > by or (2 * rest = by and whole % 2 = 1) then 1 else 0 end)::bigint
  from (select div(sum, by) as whole, sum - by * div(sum, by) as rest, by
        from (select gross::numeric * 100000 as sum, 100000 + round(tax_percent * 1000) as by) as scaled) as divided
$$;

create table documents (
  id text primary key,
  fulfilment_id text not null unique references fulfilments,
  payment_id text not null references payments,
  kind text not null check (kind in ('invoice', 'credit_note')),
  series text not null,
  number bigint not null,
  number_text text not null,
  content jsonb not null,                       -- seller, buyer, lines, tax: as they were on the day
  created_at timestamptz not null,
  unique (series, number)
);
create index documents_by_payment on documents (payment_id);

-- The inbox: what providers told us, raw and verified, each event once.
create table provider_events (
  connection_id text not null,
  event_id text not null,
  type text not null,
  headers jsonb not null,
  body bytea not null,
  received_at timestamptz not null,
  applied_at timestamptz,
  payment_id text,
  outcome text,
  tries int not null default 0,
  next_at timestamptz,                          -- null: nothing left to do
  primary key (connection_id, event_id)
);
create index provider_events_waiting on provider_events (next_at) where next_at is not null;
create index provider_events_by_payment on provider_events (payment_id) where payment_id is not null;

-- The event log, and who still has to act on each event.
create table events (
  id bigint generated always as identity primary key,
  type text not null,                           -- payment.succeeded
  payment_id text,
  subject text not null,
  at timestamptz not null,
  payload jsonb not null default '{}',
  evidence text
);
create index events_by_payment on events (payment_id, id) where payment_id is not null;

create table deliveries (
  id bigint generated always as identity primary key,
  event_id bigint not null references events,
  consumer text not null,                       -- who acts on it: mail
  state text not null default 'waiting' check (state in ('waiting', 'done', 'gave_up')),
  tries int not null default 0,
  next_at timestamptz,
  last_error text,
  done_at timestamptz,
  unique (event_id, consumer)
);
create index deliveries_waiting on deliveries (consumer, next_at) where state = 'waiting';

-- Mail that was sent, waits to be sent, or (without an SMTP server) is kept to be read in the console.
create table messages (
  id text primary key,
  delivery_id bigint unique references deliveries,
  payment_id text,
  recipient text not null,
  subject text not null,
  body text not null,
  attachments jsonb not null default '[]',
  state text not null default 'kept' check (state in ('waiting', 'sent', 'kept', 'gave_up')),
  created_at timestamptz not null,
  sent_at timestamptz
);
create index messages_by_time on messages (created_at desc);

create table idempotency_keys (
  call text not null,
  key text not null,
  body_hash bytea not null,
  subject_id text,                              -- what the call made, so that a crashed one can be finished
  status int,
  answer jsonb,
  locked_until timestamptz,
  created_at timestamptz not null,
  primary key (call, key)
);
create index idempotency_keys_by_time on idempotency_keys (created_at);

create table audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null default '{}',
  previous_hash bytea,
  hash bytea not null
);

-- Who did what, each line chained to the one before by its hash: a line that is changed or taken out breaks the chain.
create function audit_hash(previous bytea, seq bigint, at timestamptz, actor text, action text, subject text, details jsonb) returns bytea
language sql stable as $$
  select sha256(coalesce(previous, '') || convert_to(
    json_build_array(seq, (extract(epoch from at) * 1000000)::bigint, actor, action, subject, details)::text, 'UTF8'))
$$;

create function record_audit(actor text, action text, subject text, details jsonb) returns void language plpgsql as $$
declare
  before bytea;
  next_seq bigint;
  now timestamptz := clock_timestamp();
begin
  -- One at a time, until commit: the number, the time and the chain then tell the same order.
  perform pg_advisory_xact_lock(7300001);
  select a.hash into before from audit a order by a.seq desc limit 1;
  next_seq := nextval(pg_get_serial_sequence('audit', 'seq'));
  insert into audit (seq, at, actor, action, subject, details, previous_hash, hash) overriding system value
  values (next_seq, now, actor, action, subject, details, before, audit_hash(before, next_seq, now, actor, action, subject, details));
end $$;

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit lines are never changed' using errcode = 'integrity_constraint_violation';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_is_append_only();
