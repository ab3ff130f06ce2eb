-- Called before the order is written, so that the second of two payments waits here and decides anew, instead of meeting the order of the first. The
-- session that was shown stays with the payment it was of: an older link has none.
create or replace function settle_conversation(conversation text, payment text, from_status text[], settled_at timestamptz) returns void language plpgsql as $$
begin
  update conversations set payment_status = 'paid', payment_id = payment, updated_at = settled_at,
    provider_session_id = case when payment_id = payment then provider_session_id end
  where id = conversation and payment_status = any (from_status);
  if not found then
    raise exception 'conversation % moved on', conversation using errcode = 'serialization_failure';
  end if;
end $$;

-- One user's orders, in the list's order; those that were completed are among them.
drop index orders_by_user;
create index orders_by_user on orders (user_id, created_at desc, id desc);
