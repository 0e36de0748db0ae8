-- Visitors, commercials, bots, and the leases that say who is connected.

create table visitors (
    workspace_id text not null references workspaces,
    id text not null check (char_length(id) between 1 and 128),
    verified boolean not null default false,
    name text,
    locale text,
    tracking boolean not null default false,
    first_seen_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id)
);
call fence('visitors');

-- A visit: from the first open socket to presence.visitorLinger after the last one. linger_until is set while no
-- socket is open.
create table visitor_sessions (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    visitor_id text not null,
    page jsonb not null default '{}' check (jsonb_typeof(page) = 'object'),
    device jsonb not null default '{}' check (jsonb_typeof(device) = 'object'),
    opened_at timestamptz not null default clock_timestamp(),
    linger_until timestamptz,
    closed_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, visitor_id) references visitors
);
create unique index visitor_sessions_one_open on visitor_sessions (workspace_id, visitor_id) where closed_at is null;
create index visitor_sessions_due on visitor_sessions (linger_until)
    where closed_at is null and linger_until is not null;
call fence('visitor_sessions');

-- People who take chats. A supervisor appears here once they take one over; such chats are counted in `extra`.
-- load = sum of the weights of the live assignments: enforced in 0004.
create table commercials (
    workspace_id text not null references workspaces,
    id text not null check (char_length(id) between 1 and 128),
    role text not null default 'commercial' check (role in ('commercial', 'supervisor', 'admin')),
    name text,
    avatar_url text,
    declared text not null default 'available' check (declared in ('available', 'busy', 'away', 'offline')),
    declared_reason text,
    declared_auto boolean not null default false,
    declared_since timestamptz not null default clock_timestamp(),
    declared_until timestamptz,
    cap integer not null check (cap between 0 and 10000),
    extra numeric(8, 2) not null default 0 check (extra >= 0),
    load numeric(8, 2) not null default 0,
    misses integer not null default 0 check (misses >= 0),
    last_assigned_at timestamptz,
    queues text[] not null default '{default}',
    grace_until timestamptz,
    first_seen_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    constraint commercials_load check (load between 0 and cap + extra)
);
create index commercials_grace on commercials (grace_until) where grace_until is not null;
call fence('commercials');

create table bots (
    workspace_id text not null references workspaces,
    id text not null check (char_length(id) between 1 and 128),
    name text,
    last_assigned_at timestamptz,
    grace_until timestamptz,
    first_seen_at timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id)
);
create index bots_grace on bots (grace_until) where grace_until is not null;
call fence('bots');

-- One row per open, authenticated socket, renewed by its node. node_life distinguishes the runs of one node.
create table presence_leases (
    workspace_id text not null references workspaces,
    connection_id text not null,
    node_id text not null,
    node_life text not null,
    role text not null check (role in ('visitor', 'commercial', 'supervisor', 'admin', 'ai')),
    subject text not null,
    scopes text[] not null default '{}',
    takes_chats boolean not null default true,
    opened_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    primary key (workspace_id, connection_id)
);
create index presence_leases_subject on presence_leases (workspace_id, role, subject, expires_at);
create index presence_leases_node on presence_leases (node_id, node_life);
create index presence_leases_due on presence_leases (expires_at);
call fence('presence_leases');
