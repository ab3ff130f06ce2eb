-- Paid access: users of the tenant's application, what they pay for, and the API key that comes of it.

-- A customer is known by the application's own id for its user, or by an e-mail address.
alter table customers alter column email drop not null, alter column normalized_email drop not null, add column user_id text unique;
alter table customers add check (num_nonnulls(user_id, normalized_email) > 0);

-- What is sold: a price under a name that the application asks for.
create table tiers (
  code text primary key check (code ~ '^[a-z0-9][a-z0-9_-]{0,29}$'),
  name text not null check (length(name) between 1 and 200),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency ~ '^[a-z]{3}$'),
  is_active boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table conversations (
  id text primary key,
  user_id text not null references customers (user_id),
  mode text not null check (mode in ('test', 'live')),
  title text not null check (length(title) between 1 and 200),
  payment_status text not null default 'unpaid' check (payment_status in ('unpaid', 'pending', 'paid', 'failed')),
  payment_id text references payments,          -- the newest try
  provider_session_id text,                     -- of the newest try
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index conversations_by_user on conversations (user_id, mode, created_at desc, id desc);

-- Made when the provider says that the payer has done their part; completed when the money is there.
create table orders (
  id text primary key,
  user_id text not null references customers (user_id),
  conversation_id text not null references conversations,
  payment_id text not null unique references payments,
  provider_session_id text,
  tier text not null,
  amount_minor bigint not null,
  currency text not null default 'usd',
  status text not null check (status in ('pending', 'completed', 'failed')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index orders_one_completed on orders (conversation_id) where status = 'completed';
create index orders_by_time on orders (created_at desc, id desc);
create index orders_by_user on orders (user_id) where status = 'completed';

-- The key of an order: its hash for the owner's database, and the key itself, sealed, until its payer has seen it.
create table key_reveals (
  key_id text primary key,
  order_id text not null unique references orders,
  payment_id text not null unique references payments,
  user_id text not null,
  mode text not null,
  key_prefix text not null,
  key_hash bytea not null unique,
  sealed_key text,                              -- null: shown, revoked, or its time was up
  expires_at timestamptz not null,
  revealed_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null
);
create index key_reveals_to_erase on key_reveals (expires_at) where sealed_key is not null;

-- Whoever settles a conversation must be the first; a second payment decides anew, and then knows that it is the second (40001).
create function settle_conversation(conversation text, payment text, from_status text[], settled_at timestamptz) returns void language plpgsql as $$
begin
  update conversations set payment_status = 'paid', payment_id = payment, updated_at = settled_at
  where id = conversation and payment_status = any (from_status);
  if not found then
    raise exception 'conversation % moved on', conversation using errcode = 'serialization_failure';
  end if;
end $$;
