-- What is kept for a time is found by its age. Events lie in the order they came in: a block index costs their intake nothing.
create index provider_events_by_age on provider_events using brin (received_at) with (pages_per_range = 32);
create index messages_with_body on messages (created_at) where body <> '';
