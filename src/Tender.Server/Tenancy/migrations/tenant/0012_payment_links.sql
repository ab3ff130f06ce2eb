-- Links that whoever has them can pay by: what is sold, how often, until when, and how it goes.
create table payment_links (
  id text primary key,
  code text not null unique check (code ~ '^[a-z0-9]{16}$'),     -- in the address; it begins with the tenant's code
  mode text not null check (mode in ('test', 'live')),
  title text not null check (length(title) between 1 and 200),
  description text not null default '',
  kind text not null check (kind in ('product', 'amount', 'choose')),
  product_id text references products,
  currency text not null check (currency ~ '^[a-z]{3}$'),
  amount_minor bigint check (amount_minor > 0),
  amount_min_minor bigint check (amount_min_minor > 0),           -- choose: the least
  amount_max_minor bigint check (amount_max_minor >= amount_min_minor),
  suggested_minor bigint[] not null default '{}',
  quantity int not null default 1 check (quantity > 0),
  quantity_max int check (quantity_max > 1),                      -- the payer chooses, up to so many
  payments_max int check (payments_max > 0),                      -- null: as often as anybody wants
  taken int not null default 0 check (taken >= 0),                -- paid, or being paid
  expires_at timestamptz,
  is_open boolean not null default true,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((kind = 'product') = (product_id is not null)),
  check ((kind = 'amount') = (amount_minor is not null)),
  check ((kind = 'choose') = (amount_min_minor is not null)),
  constraint payment_links_places_check check (taken <= payments_max)
);
create index payment_links_by_time on payment_links (mode, created_at desc, id desc);

-- How it goes, by day in UTC.
create table payment_link_days (
  link_id text not null references payment_links,
  day date not null,
  visits bigint not null default 0,
  started bigint not null default 0,
  paid bigint not null default 0,
  paid_minor bigint not null default 0,
  primary key (link_id, day)
);

-- A link may sell a sum that is no product.
alter table checkout_sessions alter column product_id drop not null, add column link_id text references payment_links, add column place_held boolean not null default false;
alter table checkout_sessions add check (num_nonnulls(product_id, link_id) > 0);
create index checkout_sessions_by_link on checkout_sessions (link_id, created_at desc, id desc) where link_id is not null;
