-- A writer says which version of the payment it decided on; when another was faster, its update calls this, which undoes its whole
-- batch (40001). One update instead of take_payment's two; that one stays for nodes of the version before.
create function payment_moved_on(payment text) returns bigint language plpgsql as $$
begin
  raise exception 'payment % moved on', payment using errcode = 'serialization_failure';
end $$;
