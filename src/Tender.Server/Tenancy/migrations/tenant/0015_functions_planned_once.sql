-- A function in plpgsql is planned once a session, one in SQL at every call: these stand in the statement that writes an invoice.
create or replace function next_number(of_series text) returns bigint language plpgsql as $$
declare
  taken bigint;
begin
  insert into number_series (series, last) values (of_series, 1)
  on conflict (series) do update set last = number_series.last + 1
  returning last into taken;
  return taken;
end $$;

-- The net of a gross sum, rounded half to even in whole minor units; tax is the rest, so the two always add up.
create or replace function net_of(gross bigint, tax_percent numeric) returns bigint language plpgsql immutable as $$
declare
  whole_rate constant numeric := 100000 + round(tax_percent * 1000);
  whole constant numeric := div(gross::numeric * 100000, whole_rate);
  rest constant numeric := gross::numeric * 100000 - whole_rate * whole;
begin
  return whole + case when 2 * rest > whole_rate or (2 * rest = whole_rate and whole % 2 = 1) then 1 else 0 end;
end $$;
