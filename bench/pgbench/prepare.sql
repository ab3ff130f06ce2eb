-- Beside the tables of a tenant's database: the one that Tender keeps in the owner's, and something to sell.
create table locators (
  word_hash bytea primary key,
  subject_id text not null,
  expires_at timestamptz not null
);
create index locators_by_expiry on locators (expires_at);
insert into products (id, name, kind, created_at, updated_at) values ('prod_floor1_00000000000000000000000001', 'Festival ticket', 'ticket', now(), now());
