-- Proven news of payments that came to the platform's own address and belong to no tenant: a person finds out whose they are.
create table platform_events (
  provider text not null,
  event_id text not null,
  type text not null,
  account_id text,                    -- the connected account; null: the platform's own
  about text,                         -- the provider's own id
  body bytea not null,
  received_at timestamptz not null,
  primary key (provider, event_id)
);
create index platform_events_by_time on platform_events (received_at desc, provider desc, event_id desc);
