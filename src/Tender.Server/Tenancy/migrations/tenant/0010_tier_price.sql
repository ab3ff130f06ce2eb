-- A tier may be a price that the provider keeps: its id, and whose it is. The sum stands beside it, for every other connection.
alter table tiers add column price_id text, add column price_connection_id text references connections on delete set null;
