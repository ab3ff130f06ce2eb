-- How often each API key was used, by day (UTC). Written now and then, many uses at once.
create table key_usage (
  key_id text not null references api_keys on delete cascade,
  day date not null,
  count bigint not null,
  primary key (key_id, day)
);
