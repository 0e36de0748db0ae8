-- Workspaces, and the second wall around them.
--
-- Every table carries workspace_id, forces row security and is reached by the pooled connections as role puente_app,
-- which may change rows and nothing else. A connection that has not said which workspaces it works for sees no row.

-- Puts a table behind the wall and says what puente_app may do with its rows. Every migration calls it for every
-- table that it creates. The subselects make PostgreSQL read the setting once per statement, not once per row.
create procedure fence(target regclass, privileges text default 'select, insert, update, delete')
language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format(
        $policy$
        create policy workspace on %s using (workspace_id = any (
            (select coalesce(nullif(current_setting('app.workspaces', true), ''), '{}')::text[])::text[]))
        $policy$, target);
    execute format('revoke all on %s from public', target);
    execute format('grant %s on %s to puente_app', privileges, target);
end
$$;
revoke execute on procedure fence from public;

-- Trigger function of every fence that a check constraint cannot express: arguments are the name that clients of the
-- database see as the violated constraint, and the message.
create function refuse() returns trigger
language plpgsql as $$
begin
    raise exception '%', tg_argv[1]
        using errcode = 'check_violation', constraint = tg_argv[0], table = tg_table_name;
end
$$;

create table workspaces (
    workspace_id text primary key check (workspace_id <> '*' and char_length(workspace_id) between 1 and 64),
    created_at timestamptz not null default clock_timestamp()
);
call fence('workspaces', 'select, insert');

-- Who works for all workspaces (sweeper, relay) has to find them first.
create policy directory on workspaces for select using ((select current_setting('app.directory', true)) = 'on');

create table queues (
    workspace_id text not null references workspaces,
    name text not null check (char_length(name) between 1 and 128),
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, name)
);
call fence('queues');

-- What was done by whom. Rows are only ever added.
create table audit (
    workspace_id text not null references workspaces,
    id bigint generated always as identity,
    at timestamptz not null default clock_timestamp(),
    actor_role text not null,
    actor_id text not null,
    action text not null,
    chat_id uuid,
    detail jsonb not null default '{}',
    primary key (workspace_id, id)
);
create index audit_chat on audit (workspace_id, chat_id, id) where chat_id is not null;
call fence('audit', 'select, insert');
