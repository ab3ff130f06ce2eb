-- The owner's database: who the tenants are, where their databases live, who may come in.

create table servers (
  name text primary key,
  connection text,                       -- null: the server this database lives on
  created_at timestamptz not null default now()
);
insert into servers (name) values ('main');

create table tenants (
  code text primary key check (code ~ '^[a-z0-9]{6}$'),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (length(name) between 1 and 200),
  plan text not null default 'pro' check (plan in ('free', 'starter', 'pro', 'business')),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  server text not null default 'main' references servers,
  database text not null unique,
  state text not null default 'creating' check (state in ('creating', 'ready', 'suspended')),
  schema_version int not null default 0,
  created_at timestamptz not null default now()
);

create table users (
  id text primary key,
  email text not null,
  normalized_email text not null unique,
  display_name text not null,
  password_hash text,
  security_stamp text not null,
  totp_key_sealed text,
  totp_enabled boolean not null default false,
  recovery_code_hashes text[] not null default '{}',
  failed_count int not null default 0,
  locked_until timestamptz,
  is_owner boolean not null default false,
  created_at timestamptz not null default now(),
  last_signed_in_at timestamptz
);

create table memberships (
  user_id text not null references users on delete cascade,
  tenant text not null references tenants on delete cascade,
  role text not null check (role in ('viewer', 'operator', 'admin')),
  created_at timestamptz not null default now(),
  primary key (user_id, tenant)
);
create index memberships_by_tenant on memberships (tenant);

create table invitations (
  id text primary key,
  token_hash bytea not null unique,
  tenant text references tenants on delete cascade,    -- null: the installation itself
  email text not null,
  role text not null check (role in ('viewer', 'operator', 'admin', 'owner')),
  invited_by text references users on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz
);

-- The one-time token of the first-run set-up page.
create table setup (
  single boolean primary key default true check (single),
  token_hash bytea not null,
  used_at timestamptz
);

create table api_keys (
  id text primary key,
  tenant text not null references tenants on delete cascade,
  mode text not null check (mode in ('test', 'live')),
  name text not null check (length(name) between 1 and 100),
  prefix text not null,
  key_hash bytea not null unique,
  scopes text[] not null default '{}',
  user_id text,
  created_by text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_tenant on api_keys (tenant, created_at desc);

create table payment_providers (
  code text primary key,
  name text not null,
  status text not null default 'active' check (status in ('active', 'beta', 'retired')),
  methods text[] not null default '{}',
  features text[] not null default '{}',
  created_at timestamptz not null default now()
);

create table provider_currency_support (
  provider text not null references payment_providers on delete cascade,
  currency text not null check (currency ~ '^[a-z]{3}$'),
  recommended boolean not null default false,
  fee_percent numeric(6, 3),
  fee_fixed_minor bigint,
  minimum_minor bigint,
  maximum_minor bigint,
  active boolean not null default true,
  primary key (provider, currency)
);

-- A provider's account id finds its tenant, for webhooks that come to the platform's endpoint.
create table connected_accounts (
  provider text not null,
  account_id text not null,
  tenant text not null references tenants on delete cascade,
  connection_id text not null,
  primary key (provider, account_id, connection_id)
);

-- A provider's own word (a client secret, a payment id) names no tenant; this finds what of ours it belongs to.
create table locators (
  word_hash bytea primary key,
  subject_id text not null,
  expires_at timestamptz not null
);
create index locators_by_expiry on locators (expires_at);

-- Secrets: a key per tenant, wrapped by the master key; the key pairs browsers seal for; challenges that were used.
create table tenant_keys (
  tenant text not null references tenants on delete cascade,
  version int not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant, version)
);

-- Proves, without telling it, which master key wrapped them: another one does not start.
create table master_key_checks (
  single boolean primary key default true check (single),
  proof bytea not null
);

create table encryption_keys (
  kid text primary key,
  public_x text not null,
  public_y text not null,
  wrapped_private bytea not null,
  created_at timestamptz not null default now(),
  retires_at timestamptz not null
);

create table used_challenges (
  challenge text primary key,
  expires_at timestamptz not null
);

create table data_protection_keys (
  name text primary key,
  xml text not null,
  created_at timestamptz not null default now()
);

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
