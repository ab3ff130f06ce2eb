-- Never written, never read: a session's metadata is its payment's, and nobody checks tickets in here.
alter table checkout_sessions drop column metadata;
alter table tickets drop column used_at;
