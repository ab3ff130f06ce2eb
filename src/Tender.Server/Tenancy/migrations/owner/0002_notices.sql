-- What nodes remember for seconds, they are told to forget at once: by a trigger, so that no way of changing it is left out.
create function give_notice() returns trigger language plpgsql as $$
begin
  perform pg_notify('tender_notices', tg_argv[0] || ' ' || (to_jsonb(coalesce(new, old)) ->> tg_argv[1]));
  return null;
end $$;

create trigger notice_of_keys after update of revoked_at or delete on api_keys for each row execute function give_notice('api_key', 'key_hash');
create trigger notice_of_memberships after insert or update or delete on memberships for each row execute function give_notice('member', 'user_id');
create trigger notice_of_users after update of security_stamp, is_owner, email, display_name, totp_enabled or delete on users
  for each row execute function give_notice('member', 'id');
create trigger notice_of_tenants after insert or delete or update of slug, name, plan, currency, server, database, state on tenants
  for each row execute function give_notice('tenant', 'code');

-- A code of the second factor counts once: the time step of the last one taken.
alter table users add totp_last_step bigint not null default 0;

-- A key without a tenant is the owner's own.
alter table api_keys alter tenant drop not null;
