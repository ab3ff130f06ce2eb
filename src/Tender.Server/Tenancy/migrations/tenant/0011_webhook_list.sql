-- The console lists what providers told, newest first, also what is about nothing here: the provider's own id says what.
alter table provider_events add column about text;
create index provider_events_by_time on provider_events (received_at desc, connection_id desc, event_id desc);
