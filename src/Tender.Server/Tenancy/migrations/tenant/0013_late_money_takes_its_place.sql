-- Money that comes for a session that had closed takes its place and its pieces all the same. Of places it may take one more than there
-- are: who takes one in time is held to payments_max where it is taken. Of pieces it owes what is not there any more, and what comes
-- free pays that first.
alter table payment_links drop constraint payment_links_places_check;
alter table products
  add column stock_owed int not null default 0 check (stock_owed >= 0),
  add column test_stock_owed int not null default 0 check (test_stock_owed >= 0);
