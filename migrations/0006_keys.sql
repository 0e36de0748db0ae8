-- Credentials. Keys are stored as SHA-256 in lower-case hexadecimal; the policy `credential` opens exactly the row
-- of the credential that somebody presents, before it is known which workspace they belong to.

create table api_keys (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    name text not null check (char_length(name) between 1 and 128),
    hash text not null check (hash ~ '^[0-9a-f]{64}$'),
    scopes text[] not null check (scopes <@ '{messaging,analytics,automation}'::text[]),
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    primary key (workspace_id, id)
);
create unique index api_keys_name on api_keys (workspace_id, name) where revoked_at is null;
create unique index api_keys_own_hash on api_keys (workspace_id, hash);
create index api_keys_hash on api_keys (hash);
call fence('api_keys', 'select, insert, update');
create policy credential on api_keys for select
    using (hash = (select nullif(current_setting('app.credential', true), '')));

create table widget_keys (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    hash text not null check (hash ~ '^[0-9a-f]{64}$'),
    -- Null admits every origin.
    origins text[],
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    primary key (workspace_id, id)
);
create unique index widget_keys_own_hash on widget_keys (workspace_id, hash);
create index widget_keys_hash on widget_keys (hash);
call fence('widget_keys', 'select, insert, update');
create policy credential on widget_keys for select
    using (hash = (select nullif(current_setting('app.credential', true), '')));

-- The install's own key is filed under '*', a workspace that nobody can name.
create table signing_keys (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    secret bytea not null check (octet_length(secret) >= 32),
    created_at timestamptz not null default clock_timestamp(),
    retired_at timestamptz,
    primary key (workspace_id, id)
);
create unique index signing_keys_one_live on signing_keys (workspace_id) where retired_at is null;
call fence('signing_keys', 'select, insert, update');
