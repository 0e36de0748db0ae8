-- How many connections a workspace may have on each node; null is as many as come.
alter table workspace_settings add column connection_limit bigint check (connection_limit > 0);
