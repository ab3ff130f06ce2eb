-- A test key must not set what live users pay: each mode has its own tiers. Those that are there count for both.
alter table tiers add column mode text not null default 'live' check (mode in ('test', 'live'));
alter table tiers drop constraint tiers_pkey, add primary key (mode, code);
insert into tiers (mode, code, name, amount_minor, currency, is_active, created_at, updated_at, price_id, price_connection_id)
select 'test', code, name, amount_minor, currency, is_active, created_at, updated_at, price_id, price_connection_id from tiers;
alter table tiers alter column mode drop default;

-- Why a key ended, for its user and for the tenant.
alter table key_reveals add column revoked_why text;
