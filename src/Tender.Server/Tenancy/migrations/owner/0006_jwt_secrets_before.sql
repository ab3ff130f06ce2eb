-- Each that counted keeps the time it was promised: a second change within it ends none of them.
drop index jwt_secret_before;
create index jwt_secrets_by_tenant on jwt_secrets (tenant);
