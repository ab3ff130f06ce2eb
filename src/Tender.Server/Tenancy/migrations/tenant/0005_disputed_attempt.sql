-- A dispute is about one attempt's money, as a refund is. A node of the version before writes no attempt: its event waits for a new one.
alter table disputes add column attempt_id text references attempts;
update disputes d set attempt_id = (
  select a.id from attempts a where a.payment_id = d.payment_id
  order by a.connection_id = d.connection_id desc, a.status = 'succeeded' desc, a.seq desc limit 1);
alter table disputes alter attempt_id set not null;
