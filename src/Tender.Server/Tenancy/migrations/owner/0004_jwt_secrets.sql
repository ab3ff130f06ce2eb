-- What a tenant's own application signs its users' tokens with. While a tenant has one, the installation's JWT_SECRET opens nothing of it.
create table jwt_secrets (
  id text primary key,
  tenant text not null references tenants on delete cascade,
  sealed text,                        -- null: the installation's, which goes on counting for a while
  created_by text,
  created_at timestamptz not null,
  ends_at timestamptz                 -- null: the one that counts; else the one before it, until then
);
create unique index jwt_secret_in_use on jwt_secrets (tenant) where ends_at is null;
create unique index jwt_secret_before on jwt_secrets (tenant) where ends_at is not null;
create trigger notice_of_jwt_secrets after insert or update or delete on jwt_secrets for each row execute function give_notice('jwt_secret', 'tenant');
