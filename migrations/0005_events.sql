-- What the gateway tells: the transactional outbox, notifications that wait for their readers, and flows.

create table outbox (
    workspace_id text not null references workspaces,
    id bigint generated always as identity,
    -- Identity values are handed out before commit, so that a reader going by them would step over a row that
    -- commits late. Readers compare this with the snapshot under which they last read.
    xact xid8 not null default pg_current_xact_id(),
    chat_id uuid,
    event_no bigint,
    kind text not null,
    data jsonb not null default '{}',
    message_id uuid,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    constraint outbox_numbered check ((chat_id is null) = (event_no is null))
);
create unique index outbox_event_no on outbox (workspace_id, chat_id, event_no) where chat_id is not null;
create index outbox_xact on outbox (xact);
create index outbox_age on outbox (created_at);
call fence('outbox', 'select, insert, delete');

create table notifications (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    type text not null check (char_length(type) between 1 and 128),
    severity text,
    target_kind text not null check (target_kind in ('supervisors', 'agents', 'commercial', 'queue')),
    target_id text,
    chat_id uuid,
    data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
    sender_role text not null,
    sender_id text not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    primary key (workspace_id, id),
    constraint notifications_target check ((target_id is not null) = (target_kind in ('commercial', 'queue')))
);
create index notifications_pending on notifications (workspace_id, expires_at);
call fence('notifications', 'select, insert, delete');

create table notification_acks (
    workspace_id text not null,
    notification_id uuid not null,
    subject text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, notification_id, subject),
    foreign key (workspace_id, notification_id) references notifications on delete cascade
);
call fence('notification_acks', 'select, insert');

create table flows (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    visitor_id text not null,
    chat_id uuid,
    strategy text not null check (char_length(strategy) between 1 and 128),
    probability double precision,
    action text not null,
    started_by text not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, visitor_id) references visitors
);
create index flows_visitor on flows (workspace_id, visitor_id, created_at desc);
call fence('flows', 'select, insert');

-- "At most one X per key and period": the row of the key names what holds the period.
create table once_guards (
    workspace_id text not null references workspaces,
    key text not null,
    holder uuid not null,
    until timestamptz not null,
    primary key (workspace_id, key)
);
create index once_guards_age on once_guards (until);
call fence('once_guards');
