-- A provider takes its fee in the account's currency, which need not be the payment's.
alter table attempts add column fee_currency text;
update attempts a set fee_currency = p.currency from payments p where p.id = a.payment_id and a.fee_minor is not null;
