-- A refund made in the provider's dashboard beside one of ours that never arrived may pass what was paid: that is a fact to record,
-- not to refuse. Our own refunds are held to the sum by their reservation.
alter table payments drop constraint payments_check;
create index attempts_by_provider_payment on attempts (provider_payment_id) where provider_payment_id is not null;
create index cases_by_payment on cases (payment_id);
create index refunds_by_connection on refunds (connection_id);
