-- Planned once a session: it always reads one whole movement.
alter function ledger_must_balance() set plan_cache_mode = force_generic_plan;
