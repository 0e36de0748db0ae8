// Written by scripts/embed-migrations.sh from migrations/*.sql. Do not edit.
// swift-format-ignore-file

/// The files of the folder migrations, compiled in.
enum CompiledMigrations {
    static let all: [Migration] = [
        Migration(number: 1, name: "workspaces", sql: ##"""
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
"""##),
        Migration(number: 2, name: "people", sql: ##"""
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
"""##),
        Migration(number: 3, name: "chats", sql: ##"""
-- Chats, what is said in them, and how far each reader has read.

-- The legal transitions of a chat's status; a new chat starts as bot, waiting or offline. The same table exists as a
-- pure function in the Assignment target, and a test compares the two.
create function chat_transition_legal(old_status text, new_status text) returns boolean
language sql immutable parallel safe
return new_status = any (case old_status
    when 'bot' then '{waiting,active,closed}'::text[]
    when 'waiting' then '{offered,active,bot,offline,closed}'::text[]
    when 'offered' then '{active,waiting,closed}'::text[]
    when 'active' then '{waiting,offered,paused,bot,wrapup,closed}'::text[]
    when 'paused' then '{active,waiting,closed}'::text[]
    when 'wrapup' then '{closed}'::text[]
    when 'offline' then '{waiting,bot,closed}'::text[]
    when 'closed' then '{waiting,bot}'::text[]
    else '{}'::text[]
end);

-- RFC 7396: objects merge key by key, null removes, everything else replaces.
create function jsonb_merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable parallel safe as $$
declare
    result jsonb := case when jsonb_typeof(target) = 'object' then target else '{}' end;
    field record;
begin
    if jsonb_typeof(patch) <> 'object' then
        return patch;
    end if;
    for field in select * from jsonb_each(patch) loop
        if jsonb_typeof(field.value) = 'null' then
            result := result - field.key;
        else
            result := result || jsonb_build_object(field.key, jsonb_merge_patch(result -> field.key, field.value));
        end if;
    end loop;
    return result;
end
$$;

-- Columns of tables read by Swift as whole rows are only ever appended: ChatRow and its siblings read by position.
create table chats (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    visitor_id text not null,
    status text not null
        check (status in ('bot', 'waiting', 'offered', 'active', 'paused', 'wrapup', 'offline', 'closed')),
    priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
    queue text not null default 'default',
    department text,
    source text not null default 'widget',
    language text,
    weight numeric(8, 2) not null default 1 check (weight > 0),

    owner_role text check (owner_role in ('ai', 'commercial', 'supervisor', 'admin')),
    owner_id text,
    owner_name text,
    -- +1 at each change of owner: the fencing token of bots and distributors.
    epoch bigint not null default 1,
    -- +1 at each change of the chat's own fields.
    version bigint not null default 1,
    -- Last public message, last note, last event: gapless, taken under this row's lock.
    seq bigint not null default 0,
    note_seq bigint not null default 0,
    event_no bigint not null default 0,

    tags text[] not null default '{}',
    metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
    ai_status text,

    -- Kept through every requeue, so that nobody loses their place; route_key orders the queue.
    first_queued_at timestamptz,
    route_key timestamptz,
    -- How much earlier than its class a chat is served that lost its commercial.
    route_bonus_ms bigint not null default 0,
    -- Start of the present wait, and all earlier waits together.
    queued_at timestamptz,
    waited_ms bigint not null default 0,
    tried_commercials text[] not null default '{}',
    snooze_until timestamptz,

    -- When the owning bot must have answered; null while it owes nothing.
    bot_deadline timestamptz,
    bot_deadline_moved boolean not null default false,
    tried_bots text[] not null default '{}',
    -- Public messages of the owning bot since the visitor's last one.
    bot_posts integer not null default 0,
    last_visitor_seq bigint not null default 0,
    last_visitor_at timestamptz,
    first_response_at timestamptz,
    first_human_at timestamptz,
    escalated_at timestamptz,
    escalation_reason text,

    previous_chat_id uuid,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz,
    closed_by_role text,
    closed_by_id text,
    close_reason text check (close_reason in ('resolved', 'abandoned', 'timeout', 'spam', 'merged')),

    primary key (workspace_id, id),
    foreign key (workspace_id, visitor_id) references visitors,
    foreign key (workspace_id, queue) references queues,
    constraint chats_counters check (least(epoch, version) >= 1 and least(seq, note_seq, event_no) >= 0),
    constraint chats_owner check (
        (owner_role is null) = (owner_id is null)
        and coalesce(case
            when status = 'bot' then owner_role = 'ai'
            when status in ('active', 'paused', 'wrapup') then owner_role in ('commercial', 'supervisor', 'admin')
            else owner_role is null
        end, false)),
    constraint chats_queued check (status <> 'waiting' or (route_key is not null and first_queued_at is not null)),
    constraint chats_closed check ((status = 'closed') = (closed_at is not null)),
    constraint chats_bot_deadline check (bot_deadline is null or status = 'bot')
);
create unique index chats_one_open on chats (workspace_id, visitor_id) where status <> 'closed';
create index chats_visitor on chats (workspace_id, visitor_id, created_at desc);
create index chats_queue on chats (workspace_id, queue, route_key, id) where status = 'waiting';
create index chats_owner_open on chats (workspace_id, owner_role, owner_id, created_at desc) where owner_id is not null;
create index chats_open on chats (workspace_id, queue, created_at desc) where status <> 'closed';
create index chats_bot_due on chats (bot_deadline) where bot_deadline is not null;
call fence('chats', 'select, insert, update');

create trigger chats_first_status before insert on chats for each row
    when (new.status not in ('bot', 'waiting', 'offline'))
    execute function refuse('chats_transition', 'a new chat starts as bot, waiting or offline');
create trigger chats_transition before update of status on chats for each row
    when (old.status <> new.status and not chat_transition_legal(old.status, new.status))
    execute function refuse('chats_transition', 'this change of status is not legal');
create trigger chats_monotony before update on chats for each row
    when (new.epoch < old.epoch or new.version < old.version
        or new.seq < old.seq or new.note_seq < old.note_seq or new.event_no < old.event_no)
    execute function refuse('chats_monotony', 'the counters of a chat never go back');
create trigger chats_epoch before update of owner_role, owner_id, epoch on chats for each row
    when ((new.owner_role, new.owner_id) is distinct from (old.owner_role, old.owner_id)
        and new.epoch <> old.epoch + 1)
    execute function refuse('chats_epoch', 'a change of owner moves the epoch by one');
create trigger chats_metadata_size before insert or update of metadata on chats for each row
    when (octet_length(new.metadata::text) > 16384)
    execute function refuse('chats_metadata_size', 'the metadata of a chat is at most 16 KB');
create trigger chats_identity before update of workspace_id, id, visitor_id, created_at on chats for each row
    when ((new.workspace_id, new.id, new.visitor_id, new.created_at)
        is distinct from (old.workspace_id, old.id, old.visitor_id, old.created_at))
    execute function refuse('chats_identity', 'whose chat it is never changes');

-- What everybody in the chat reads: seq is 1, 2, 3, … without gaps. Rows are only ever added.
create table messages (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    chat_id uuid not null,
    seq bigint not null check (seq >= 1),
    sender_role text not null check (sender_role in ('visitor', 'commercial', 'supervisor', 'admin', 'ai', 'system')),
    sender_id text not null,
    sender_name text,
    type text not null check (type in ('user', 'agent', 'ai-response', 'system')),
    content text not null check (char_length(content) between 1 and 8000),
    client_msg_id text check (char_length(client_msg_id) between 1 and 128),
    reply_to uuid,
    in_reply_to_seq bigint,
    metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats
);
create unique index messages_seq on messages (workspace_id, chat_id, seq);
create unique index messages_client_id on messages (workspace_id, chat_id, sender_role, sender_id, client_msg_id)
    where client_msg_id is not null;
create index messages_sender on messages (workspace_id, sender_role, sender_id, client_msg_id)
    where client_msg_id is not null;
-- A bot answers a message of the visitor at most once.
create unique index messages_one_answer on messages (workspace_id, chat_id, sender_id, in_reply_to_seq)
    where sender_role = 'ai' and in_reply_to_seq is not null;
call fence('messages', 'select, insert');

-- What only staff and bots read, numbered apart, so that a visitor never sees a gap.
create table notes (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    chat_id uuid not null,
    note_seq bigint not null check (note_seq >= 1),
    after_seq bigint not null check (after_seq >= 0),
    sender_role text not null check (sender_role in ('commercial', 'supervisor', 'admin', 'ai', 'system')),
    sender_id text not null,
    sender_name text,
    type text not null check (type in ('note', 'agent', 'ai-response', 'system')),
    content text not null check (char_length(content) between 1 and 8000),
    client_msg_id text check (char_length(client_msg_id) between 1 and 128),
    reply_to uuid,
    metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats
);
create unique index notes_seq on notes (workspace_id, chat_id, note_seq);
create unique index notes_client_id on notes (workspace_id, chat_id, sender_role, sender_id, client_msg_id)
    where client_msg_id is not null;
create index notes_sender on notes (workspace_id, sender_role, sender_id, client_msg_id)
    where client_msg_id is not null;
call fence('notes', 'select, insert');

create table read_marks (
    workspace_id text not null,
    chat_id uuid not null,
    reader_role text not null,
    reader_id text not null,
    read_seq bigint not null check (read_seq >= 0),
    at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, chat_id, reader_role, reader_id),
    foreign key (workspace_id, chat_id) references chats
);
call fence('read_marks');
"""##),
        Migration(number: 4, name: "assignments", sql: ##"""
-- Assignments, and the fences that keep chat, assignment and load in agreement.

create table assignments (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    chat_id uuid not null,
    commercial_id text not null,
    -- While live, the same word as the chat's status.
    state text not null check (state in ('offered', 'active', 'paused', 'wrapup', 'ended')),
    weight numeric(8, 2) not null check (weight > 0),
    epoch bigint not null,
    reason text,
    by_role text not null,
    by_id text not null,
    score double precision,
    algorithm text,
    -- Until when an offer may be accepted, or wrap-up lasts.
    deadline timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    accepted_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats,
    foreign key (workspace_id, commercial_id) references commercials,
    constraint assignments_ended check ((state = 'ended') = (ended_at is not null)),
    constraint assignments_offer_ends check (state <> 'offered' or deadline is not null)
);
create unique index assignments_one_live on assignments (workspace_id, chat_id) where ended_at is null;
create index assignments_commercial on assignments (workspace_id, commercial_id) where ended_at is null;
create index assignments_due on assignments (deadline) where ended_at is null and deadline is not null;
create index assignments_chat on assignments (workspace_id, chat_id, created_at);
call fence('assignments', 'select, insert, update');

create trigger assignments_identity before update of workspace_id, id, chat_id, commercial_id on assignments
    for each row
    when ((new.workspace_id, new.id, new.chat_id, new.commercial_id)
        is distinct from (old.workspace_id, old.id, old.chat_id, old.commercial_id))
    execute function refuse('assignments_identity', 'an assignment never moves to another chat or commercial');
create trigger assignments_final before update on assignments for each row
    when (old.ended_at is not null)
    execute function refuse('assignments_final', 'an ended assignment never changes');

-- The load of a commercial is the sum of the weights of their live assignments. Judged at commit.
create function commercials_load_agrees() returns trigger
language plpgsql as $$
declare
    subject text := case when tg_table_name = 'commercials' then to_jsonb(new) ->> 'id'
        else to_jsonb(new) ->> 'commercial_id' end;
    counted numeric;
    stated numeric;
begin
    select load into stated from commercials where workspace_id = new.workspace_id and id = subject;
    select coalesce(sum(weight), 0) into counted from assignments
        where workspace_id = new.workspace_id and commercial_id = subject and ended_at is null;
    if stated is distinct from counted then
        raise exception 'load of commercial % is %, live assignments weigh %', subject, stated, counted
            using errcode = 'check_violation', constraint = 'commercials_load_agrees', table = tg_table_name;
    end if;
    return null;
end
$$;
create constraint trigger commercials_load_agrees after insert or update of load on commercials
    deferrable initially deferred for each row execute function commercials_load_agrees();
create constraint trigger assignments_load_agrees after insert or update of weight, state, ended_at on assignments
    deferrable initially deferred for each row execute function commercials_load_agrees();

-- A chat's status and owner agree with its live assignment, or there is none. Judged at commit.
create function chats_assignment_agrees() returns trigger
language plpgsql as $$
declare
    subject uuid := coalesce(to_jsonb(new) ->> 'chat_id', to_jsonb(new) ->> 'id')::uuid;
    chat record;
    live record;
begin
    select status, owner_id into chat from chats where workspace_id = new.workspace_id and id = subject;
    select state, commercial_id into live from assignments
        where workspace_id = new.workspace_id and chat_id = subject and ended_at is null;
    if (case
        when chat.status in ('bot', 'waiting', 'offline', 'closed') then live.state is not null
        when chat.status = 'offered' then live.state is distinct from 'offered'
        else live.state is distinct from chat.status or live.commercial_id is distinct from chat.owner_id
    end) then
        raise exception 'chat % is %, its live assignment %', subject, chat.status, coalesce(live.state, 'missing')
            using errcode = 'check_violation', constraint = 'chats_assignment_agrees', table = tg_table_name;
    end if;
    return null;
end
$$;
create constraint trigger chats_assignment_agrees after insert or update of status, owner_id on chats
    deferrable initially deferred for each row execute function chats_assignment_agrees();
create constraint trigger assignments_chat_agrees after insert or update of state, ended_at on assignments
    deferrable initially deferred for each row execute function chats_assignment_agrees();
"""##),
        Migration(number: 5, name: "events", sql: ##"""
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
"""##),
        Migration(number: 6, name: "keys", sql: ##"""
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
"""##),
        Migration(number: 7, name: "told_and_due", sql: ##"""
-- What a visitor who waits was told last, when a declared status ends by itself, and how often a chat escalated by
-- itself.

-- Place in line and people there, as last told: by whichever node, so that all nodes together tell a change once, and
-- not more often than every other second.
alter table chats
    add column told_position integer,
    add column told_agents integer,
    add column told_at timestamptz,
    -- Escalations that the rules made, not counting those that somebody asked for.
    add column auto_escalations integer not null default 0 check (auto_escalations >= 0);

-- How many commercials of a queue ($2) of a workspace ($1) are there for its visitors: connected, available or busy,
-- and with a cap that leaves room for anything at all.
create function agents_online(text, text) returns integer
language sql stable as $$
    select count(*)::integer from commercials m
    where m.workspace_id = $1 and $2 = any (m.queues) and m.role = 'commercial'
        and m.declared in ('available', 'busy') and m.cap > 0 and exists (
            select from presence_leases l
            where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                and l.expires_at > clock_timestamp())
$$;

-- "Away until three": the sweeper brings them back.
create index commercials_until on commercials (declared_until) where declared_until is not null;
"""##),
        Migration(number: 8, name: "workspace_settings", sql: ##"""
-- What `gateway apply` says of a workspace: how its queues hand out chats, and what its commercials can do.

-- Null and empty: as the gateway's own settings have it, and asking for nothing.
alter table queues
    add column auto_accept boolean,
    add column offer_timeout_ms bigint check (offer_timeout_ms > 0),
    add column languages text[] not null default '{}',
    -- Side by side: a skill, and the least level of it.
    add column skills text[] not null default '{}',
    add column skill_levels bigint[] not null default '{}',
    -- Time zone, weekly stretches and holidays; null is open at all hours.
    add column hours jsonb check (jsonb_typeof(hours) = 'object'),
    add constraint queues_skills check (cardinality(skills) = cardinality(skill_levels));

create table commercial_profiles (
    workspace_id text not null,
    commercial_id text not null,
    languages text[] not null default '{}',
    skills text[] not null default '{}',
    skill_levels bigint[] not null default '{}',
    -- Side by side: a queue, and the tier of it; queues that are not here are of tier 1.
    tier_queues text[] not null default '{}',
    tiers bigint[] not null default '{}',
    primary key (workspace_id, commercial_id),
    foreign key (workspace_id, commercial_id) references commercials on delete cascade,
    constraint commercial_profiles_skills check (cardinality(skills) = cardinality(skill_levels)),
    constraint commercial_profiles_tiers check (cardinality(tier_queues) = cardinality(tiers))
);
call fence('commercial_profiles');

-- Moves with everything that is applied, so that running gateways see that there is something to take up.
create table workspace_revisions (
    workspace_id text primary key references workspaces,
    revision bigint not null default 1,
    applied_at timestamptz not null default clock_timestamp()
);
call fence('workspace_revisions', 'select, insert, update');
"""##),
        Migration(number: 9, name: "identity", sql: ##"""
-- Whose tokens a workspace takes besides the install's own, and what is void before its time.

-- Keys of a workspace's back ends. They verify and sign nothing; an HS256 key is a secret all the same.
create table verification_keys (
    workspace_id text not null references workspaces,
    kid text not null check (char_length(kid) between 1 and 128),
    -- The one algorithm that the key is for, whatever a token's header says.
    algorithm text not null check (algorithm in ('HS256', 'RS256', 'ES256', 'EdDSA')),
    material text not null check (char_length(material) between 1 and 16384),
    -- Where set, what `iss` and `aud` of its tokens must be.
    issuer text,
    audience text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, kid)
);
call fence('verification_keys');

-- The address of a key set (RFC 7517) and the last document from there that had keys in it. The document outlives
-- whatever happens at the address.
create table key_sets (
    workspace_id text primary key references workspaces,
    url text not null check (url like 'https://%' and char_length(url) <= 2048),
    issuer text,
    audience text,
    document text check (octet_length(document) <= 65536),
    fetched_at timestamptz,
    -- When somebody last began to ask, so that of any number of nodes one does.
    attempted_at timestamptz,
    failures integer not null default 0 check (failures >= 0),
    created_at timestamptz not null default clock_timestamp()
);
call fence('key_sets');

-- A token by its `jti`, or everything issued to a subject up to an instant. Rows are only ever added.
create table revocations (
    workspace_id text not null references workspaces,
    id bigint generated always as identity,
    jti text check (char_length(jti) between 1 and 1024),
    subject text check (char_length(subject) between 1 and 128),
    -- Null: whatever the role.
    role text check (role in ('visitor', 'commercial', 'supervisor', 'admin', 'ai')),
    issued_until timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    constraint revocations_one_kind check (
        (jti is null) <> (subject is null) and (subject is null) = (issued_until is null))
);
call fence('revocations', 'select, insert');
"""##),
        Migration(number: 10, name: "nodes", sql: ##"""
-- Which run of which node wrote an event (app.node, set on every pooled connection): the others let it out at once, while
-- the node itself waits for its own hand-in, which knows the socket that caused it. Null for command-line tools.
alter table outbox add column node text default nullif(current_setting('app.node', true), '');
"""##),
        Migration(number: 11, name: "supervision_and_bots", sql: ##"""
-- What supervisors whisper, how visitors feel by now, and what keeps bots to their turns.

-- A whisper is a note for one person; supervisors and admins read it too, and nobody else does.
alter table notes
    add column for_id text,
    drop constraint notes_type_check,
    add constraint notes_type_check check (type in ('note', 'agent', 'ai-response', 'system', 'whisper')),
    add constraint notes_whisper check (
        (type = 'whisper') = (for_id is not null) and (type <> 'whisper' or sender_role in ('supervisor', 'admin')));

alter table chats
    -- The visitor's polarity, newer words weighing more; null before their first word.
    add column mood double precision check (mood between -1 and 1),
    -- What staff were told of it last.
    add column told_mood double precision,
    add column told_mood_label text check (told_mood_label in ('negative', 'neutral', 'positive')),
    -- The number of the first message that belongs to people since a bot had the chat last.
    add column human_from_seq bigint check (human_from_seq >= 1),
    -- How often it went from bot to bot: since the visitor's last word, and altogether.
    add column bot_handovers integer not null default 0 check (bot_handovers >= 0),
    add column bot_handovers_total integer not null default 0 check (bot_handovers_total >= 0),
    -- Notes of bots since somebody who is none said something.
    add column bot_notes integer not null default 0 check (bot_notes >= 0);

-- The stream of which a message is the stored end; the pieces of a stream are stored nowhere.
alter table messages add column stream_id text check (char_length(stream_id) between 1 and 128);

-- A bot speaks to the visitor only in a chat that it has: the last of the fences, whatever the code above it believes.
create function messages_bot_owns() returns trigger
language plpgsql as $$
begin
    if not exists (
        select from chats c where c.workspace_id = new.workspace_id and c.id = new.chat_id
            and c.status = 'bot' and c.owner_role = 'ai' and c.owner_id = new.sender_id)
    then
        raise exception 'the bot does not have this chat'
            using errcode = 'check_violation', constraint = 'messages_bot_owns', table = tg_table_name;
    end if;
    return new;
end
$$;
create trigger messages_bot_owns before insert on messages for each row
    when (new.sender_role = 'ai') execute function messages_bot_owns();

-- Which suggestions a commercial was given in a chat, and what came of them; not what they said.
create table suggestions (
    workspace_id text not null,
    chat_id uuid not null,
    commercial_id text not null,
    id text not null check (char_length(id) between 1 and 128),
    bot_id text not null,
    -- The visitor's message that they answer.
    for_seq bigint not null check (for_seq >= 0),
    given_at timestamptz not null default clock_timestamp(),
    outcome text check (outcome in ('used', 'edited', 'ignored')),
    primary key (workspace_id, chat_id, commercial_id, id),
    foreign key (workspace_id, chat_id) references chats
);
create index suggestions_age on suggestions (given_at);
call fence('suggestions');
"""##),
        Migration(number: 12, name: "lifecycle", sql: ##"""
-- The parts of a chat's life that time moves on: snooze, wrap-up, offline messages, idle chats; and the log of who had a
-- chat when.

alter table chats
    -- When the gateway looks at the chat again, whatever the reason: a snooze that is over, a queue that opens, silence.
    -- It is a time at which to look, not at which something happens, so that a message has nothing to write here.
    add column look_at timestamptz,
    -- While the chat is offline: when its queue opens; null where nobody knows.
    add column next_open_at timestamptz,
    -- The last public message of a person of the staff.
    add column last_human_seq bigint not null default 0 check (last_human_seq >= 0);
create index chats_look_due on chats (look_at) where look_at is not null;

alter table queues
    -- How long whoever closed a chat keeps its slot.
    add column wrap_up_ms bigint not null default 0 check (wrap_up_ms >= 0),
    -- Null: as the gateway's own settings have it. 0: never.
    add column auto_close_ms bigint check (auto_close_ms >= 0),
    add column abandon_ms bigint check (abandon_ms >= 0);

alter table assignments add constraint assignments_wrapup_ends check (state <> 'wrapup' or deadline is not null);

-- Sets look_at wherever status or queue change, so that no way into a status can forget it. The gateway's own settings
-- are app.auto_close_ms, app.bot_auto_close_ms and app.abandon_ms, set on every pooled connection.
create function chats_look() returns trigger
language plpgsql as $$
declare
    pause bigint;
begin
    if new.status in ('bot', 'active', 'waiting') then
        select nullif(coalesce(
                case when new.status = 'waiting' then q.abandon_ms else q.auto_close_ms end,
                nullif(current_setting(case new.status
                    when 'bot' then 'app.bot_auto_close_ms'
                    when 'active' then 'app.auto_close_ms'
                    else 'app.abandon_ms' end, true), '')::bigint), 0)
            into pause from queues q where q.workspace_id = new.workspace_id and q.name = new.queue;
    end if;
    new.look_at := case new.status
        when 'paused' then new.snooze_until
        when 'offline' then coalesce(new.next_open_at, clock_timestamp() + interval '1 hour')
        else clock_timestamp() + pause * interval '1 millisecond' end;
    return new;
end
$$;
create trigger chats_look_first before insert on chats for each row execute function chats_look();
create trigger chats_look_again before update of status, queue, snooze_until, next_open_at on chats for each row
    when ((new.status, new.queue, new.snooze_until, new.next_open_at)
        is distinct from (old.status, old.queue, old.snooze_until, old.next_open_at))
    execute function chats_look();

-- Who had a chat from when to when: first response, wait and handle time are queries over it. A closed chat has no open
-- interval, every other chat has one.
create table chat_intervals (
    workspace_id text not null,
    id bigint generated always as identity,
    chat_id uuid not null,
    kind text not null check (kind in ('bot', 'queue', 'offered', 'human', 'paused', 'wrapup', 'offline')),
    owner_role text,
    owner_id text,
    queue text not null,
    epoch bigint not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats,
    constraint chat_intervals_order check (ended_at >= started_at)
);
create unique index chat_intervals_one_open on chat_intervals (workspace_id, chat_id) where ended_at is null;
create index chat_intervals_chat on chat_intervals (workspace_id, chat_id, id);

create function chat_interval_kind(status text) returns text
language sql immutable parallel safe
return case status when 'waiting' then 'queue' when 'active' then 'human' else status end;

create function chats_interval() returns trigger
language plpgsql as $$
declare
    now timestamptz := clock_timestamp();
begin
    if tg_op = 'UPDATE' then
        update chat_intervals set ended_at = greatest(started_at, now)
            where workspace_id = new.workspace_id and chat_id = new.id and ended_at is null;
    end if;
    if new.status <> 'closed' then
        insert into chat_intervals (workspace_id, chat_id, kind, owner_role, owner_id, queue, epoch, started_at)
        values (new.workspace_id, new.id, chat_interval_kind(new.status), new.owner_role, new.owner_id, new.queue,
            new.epoch, now);
    end if;
    return null;
end
$$;
create trigger chats_interval_first after insert on chats for each row execute function chats_interval();
create trigger chats_interval_next after update of status, owner_role, owner_id, queue on chats for each row
    when ((new.status, new.owner_role, new.owner_id, new.queue)
        is distinct from (old.status, old.owner_role, old.owner_id, old.queue))
    execute function chats_interval();

-- Chats that were open before there was a log begin theirs where they last moved. The owner of the tables is bound by
-- row-level security as well, so the wall opens for this one statement.
alter table chats no force row level security;
insert into chat_intervals (workspace_id, chat_id, kind, owner_role, owner_id, queue, epoch, started_at)
select workspace_id, id, chat_interval_kind(status), owner_role, owner_id, queue, epoch, coalesce(queued_at, updated_at)
from chats where status <> 'closed';
alter table chats force row level security;
call fence('chat_intervals', 'select, insert, update');
"""##),
        Migration(number: 13, name: "routing", sql: ##"""
-- How a chat finds its person: what it asks for, how far its search has gone, what its visitor was told, transfers.

alter table queues
    -- Null: as the gateway's own settings have it.
    add column policy text check (policy in ('central', 'round-robin', 'least-loaded', 'longest-idle')),
    add column sticky_hold_ms bigint check (sticky_hold_ms >= 0),
    -- Steps in the order of their times.
    add column relaxation jsonb not null default '[]' check (jsonb_typeof(relaxation) = 'array'),
    add column overflow jsonb not null default '[]' check (jsonb_typeof(overflow) = 'array');

alter table commercials add column last_released_at timestamptz;
alter table commercial_profiles add column min_gap_ms bigint check (min_gap_ms >= 0);

alter table chats
    -- What this chat asks for besides what its queue does, side by side.
    add column skills text[] not null default '{}',
    add column skill_levels bigint[] not null default '{}',
    -- Who had its visitor before.
    add column sticky_commercial text,
    -- Rounds of offers: in which one it is, and until when it rests after one that came to nothing.
    add column offer_round integer not null default 1 check (offer_round >= 1),
    add column offers_rest_until timestamptz,
    -- To which step of overflow rounds that came to nothing have brought it.
    add column overflow_steps integer not null default 0 check (overflow_steps >= 0),
    -- The wait that the visitor was told last, in seconds.
    add column told_eta_s integer,
    add column told_p90_s integer,
    add constraint chats_skills check (cardinality(skills) = cardinality(skill_levels));

alter table assignments
    -- Of which line it was: a chat may have moved since.
    add column queue text,
    -- Who passed the chat on by this offer, and gets it back where it comes to nothing; what they said of it.
    add column from_commercial text,
    add column summary text;
create index assignments_handled on assignments (workspace_id, queue, ended_at desc)
    where accepted_at is not null and ended_at is not null;
create index assignments_handled_by on assignments (workspace_id, commercial_id, ended_at desc)
    where accepted_at is not null and ended_at is not null;
create index assignments_rejected on assignments (workspace_id, commercial_id, ended_at)
    where end_reason = 'rejected';

-- A warm transfer: the chat stays with the one who offers it until the other one accepts. A row ends by its deletion.
create table warm_transfers (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    chat_id uuid not null,
    from_id text not null,
    to_id text not null,
    -- The chat's epoch when it was offered: another owner makes it void.
    epoch bigint not null,
    summary text,
    reason text,
    deadline timestamptz not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats,
    foreign key (workspace_id, to_id) references commercials
);
create unique index warm_transfers_one on warm_transfers (workspace_id, chat_id);
create index warm_transfers_due on warm_transfers (deadline);
call fence('warm_transfers', 'select, insert, delete');

-- How long a chat of a queue ($2) of a workspace ($1) keeps a slot, in milliseconds: an average of the last hundred, each
-- counting 0.95 of the one after it, and of a guess ($3) that counts as much as the last one.
create function handle_ms(text, text, double precision) returns double precision
language sql stable as $$
    with recent as (
        select extract(epoch from ended_at - accepted_at)::double precision * 1000 as ms,
            power(0.95::double precision, row_number() over (order by ended_at desc) - 1) as weight
        from assignments
        where workspace_id = $1 and queue = $2 and accepted_at is not null and ended_at is not null
        order by ended_at desc limit 100
    )
    select (coalesce(sum(ms * weight), 0) + $3) / (coalesce(sum(weight), 0) + 1) from recent
$$;

-- The median handle time of a queue ($2) over the average one of somebody ($3), each of their last twenty; null where
-- there is none.
create function relative_speed(text, text, text) returns double precision
language sql stable as $$
    select (
        select percentile_cont(0.5) within group (order by extract(epoch from ended_at - accepted_at)::double precision)
        from (
            select accepted_at, ended_at from assignments
            where workspace_id = $1 and queue = $2 and accepted_at is not null and ended_at is not null
            order by ended_at desc limit 20) line
    ) / nullif((
        select avg(extract(epoch from ended_at - accepted_at)::double precision)
        from (
            select accepted_at, ended_at from assignments
            where workspace_id = $1 and commercial_id = $3 and accepted_at is not null and ended_at is not null
            order by ended_at desc limit 20) own
    ), 0)
$$;

-- The commercial who last had a chat of a visitor ($2) of a workspace ($1).
create function last_commercial(text, text) returns text
language sql stable as $$
    select a.commercial_id
    from (
        select id from chats where workspace_id = $1 and visitor_id = $2 order by created_at desc limit 10) c
    join assignments a on a.workspace_id = $1 and a.chat_id = c.id and a.accepted_at is not null
    join commercials m on m.workspace_id = $1 and m.id = a.commercial_id and m.role = 'commercial'
    order by a.accepted_at desc limit 1
$$;

-- The slots of a queue ($2) of a workspace ($1) for chats of a weight of one: of all who are available and connected and
-- can do what the queue asks for, and those of them that are free.
create function line_slots(text, text, out slots double precision, out free double precision)
language sql stable as $$
    select coalesce(sum(m.cap), 0)::double precision,
        coalesce(sum(floor(greatest(m.cap - m.load, 0))), 0)::double precision
    from queues q
    join commercials m on m.workspace_id = $1 and q.name = any (m.queues) and m.role = 'commercial'
        and m.declared = 'available' and m.cap > 0
    left join commercial_profiles p on p.workspace_id = $1 and p.commercial_id = m.id
    where q.workspace_id = $1 and q.name = $2
        and exists (
            select from presence_leases l
            where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                and l.expires_at > clock_timestamp())
        and not exists (
            select from unnest(q.skills, q.skill_levels) as least(skill, level)
            where not exists (
                select from unnest(p.skills, p.skill_levels) as own(skill, level)
                where own.skill = least.skill and own.level >= least.level))
$$;
"""##),
        Migration(number: 14, name: "sla_csat_merge", sql: ##"""
-- What is promised to visitors and whether it was kept, what they say of it, and visitors who turn out to be one.

-- By when a person has answered, answers again, and the matter is done. The first that fits a chat holds, by `place`.
create table sla_policies (
    workspace_id text not null references workspaces,
    name text not null check (char_length(name) between 1 and 128),
    place integer not null,
    -- Empty: all.
    queues text[] not null default '{}',
    priorities text[] not null default '{}' check (priorities <@ '{low,normal,high,urgent}'::text[]),
    first_response_ms bigint check (first_response_ms > 0),
    next_response_ms bigint check (next_response_ms > 0),
    resolution_ms bigint check (resolution_ms > 0),
    business_hours boolean not null default false,
    warn_before_ms bigint not null default 0 check (warn_before_ms >= 0),
    primary key (workspace_id, name)
);
call fence('sla_policies');

create table workspace_settings (
    workspace_id text primary key references workspaces,
    -- How long a visitor may answer; null: nobody is asked.
    csat_window_ms bigint check (csat_window_ms > 0),
    csat_url text check (char_length(csat_url) <= 2048)
);
call fence('workspace_settings');

alter table chats
    -- The policy that holds while a person is needed; null with a bot, once the chat is over for its visitor, and where
    -- none fits.
    add column sla_policy text,
    -- By when somebody has promised to answer, while somebody has; the line serves the chat in time for it.
    add column response_due_at timestamptz,
    -- Until when the visitor may say how it was; null where nobody asked them.
    add column csat_until timestamptz,
    add column csat_score integer check (csat_score between 1 and 5),
    add column csat_comment text check (char_length(csat_comment) <= 2000),
    add column csat_at timestamptz,
    add constraint chats_csat check ((csat_score is null) = (csat_at is null) and (csat_at is null or csat_until is not null));

create trigger chats_csat_once before update of csat_score, csat_comment, csat_at on chats for each row
    when (old.csat_at is not null
        and (new.csat_score, new.csat_comment, new.csat_at)
            is distinct from (old.csat_score, old.csat_comment, old.csat_at))
    execute function refuse('chats_csat_once', 'a visitor says once how it was');
create index chats_csat_pending on chats (workspace_id, visitor_id) where csat_until is not null and csat_at is null;

-- One running promise. `look_at` is when the gateway does the next thing with it: works out the times (business hours are
-- not for SQL), warns, or reports a breach.
create table sla_clocks (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    chat_id uuid not null,
    kind text not null check (kind in ('firstResponse', 'nextResponse', 'resolution')),
    policy text not null,
    limit_ms bigint not null check (limit_ms > 0),
    business_hours boolean not null,
    warn_before_ms bigint not null,
    started_at timestamptz not null,
    warn_at timestamptz,
    due_at timestamptz,
    warned_at timestamptz,
    breached_at timestamptz,
    ended_at timestamptz,
    outcome text check (outcome in ('met', 'breached', 'cancelled')),
    look_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats,
    constraint sla_clocks_ended check ((ended_at is null) = (outcome is null)),
    constraint sla_clocks_outcome check (outcome <> 'met' or breached_at is null)
);
create unique index sla_clocks_one_running on sla_clocks (workspace_id, chat_id, kind) where ended_at is null;
create index sla_clocks_due on sla_clocks (look_at) where look_at is not null;
create index sla_clocks_chat on sla_clocks (workspace_id, chat_id, started_at);
call fence('sla_clocks', 'select, insert, update');

-- The policy that holds for a chat that stands so; null where a bot has it, where it is over for its visitor, and where
-- none fits.
create function sla_policy_for(workspace text, status text, queue text, priority text) returns text
language sql stable as $$
    select p.name from sla_policies p
    where p.workspace_id = $1 and $2 in ('waiting', 'offered', 'active', 'paused', 'offline')
        and (p.queues = '{}' or $3 = any (p.queues)) and (p.priorities = '{}' or $4 = any (p.priorities))
    order by p.place limit 1
$$;

-- Which policy holds, wherever status, queue or priority change; and a chat is served in time for its promise, a minute
-- before (RouteKey.dueSafetyMilliseconds).
create function chats_sla_choose() returns trigger
language plpgsql as $$
begin
    new.sla_policy := sla_policy_for(new.workspace_id, new.status, new.queue, new.priority);
    if tg_op = 'UPDATE' and (new.sla_policy is distinct from old.sla_policy or new.last_human_seq > old.last_human_seq)
    then
        new.response_due_at := null;
    end if;
    if new.route_key is not null then
        new.route_key := least(new.route_key, new.response_due_at - interval '60 seconds');
    end if;
    return new;
end
$$;
create trigger chats_sla_first before insert on chats for each row execute function chats_sla_choose();
create trigger chats_sla_again before update on chats for each row
    when ((new.status, new.queue, new.priority, new.route_key, new.response_due_at)
            is distinct from (old.status, old.queue, old.priority, old.route_key, old.response_due_at)
        or old.response_due_at is not null and new.last_human_seq > old.last_human_seq)
    execute function chats_sla_choose();

-- Starts and stops the clocks of a chat, with the change that does so.
create function chats_sla_run() returns trigger
language plpgsql as $$
declare
    now timestamptz := clock_timestamp();
begin
    -- A person has answered.
    update sla_clocks set
        ended_at = now,
        outcome = case when breached_at is not null or due_at <= now then 'breached' else 'met' end,
        look_at = case when breached_at is null and due_at <= now then now end
    where workspace_id = new.workspace_id and chat_id = new.id and ended_at is null
        and kind in ('firstResponse', 'nextResponse') and tg_op = 'UPDATE' and new.last_human_seq > old.last_human_seq;
    -- It is over, or a bot has it again, or another promise holds.
    update sla_clocks set
        ended_at = now,
        outcome = case
            when breached_at is not null or due_at <= now then 'breached'
            when kind = 'resolution' and new.status in ('wrapup', 'closed') then 'met'
            else 'cancelled' end,
        look_at = case when breached_at is null and due_at <= now then now end
    where workspace_id = new.workspace_id and chat_id = new.id and ended_at is null
        and policy is distinct from new.sla_policy;
    if new.sla_policy is not null then
        insert into sla_clocks (
            workspace_id, chat_id, kind, policy, limit_ms, business_hours, warn_before_ms, started_at, look_at)
        select new.workspace_id, new.id, k.kind, p.name, k.limit_ms, p.business_hours, p.warn_before_ms,
            -- A promise that takes another's place runs from when that one began.
            coalesce((
                select s.started_at from sla_clocks s
                where s.workspace_id = new.workspace_id and s.chat_id = new.id and s.kind = k.kind
                    and s.ended_at = now and s.outcome = 'cancelled'), now),
            now
        from sla_policies p cross join lateral (values
            ('firstResponse', p.first_response_ms, new.first_human_at is null),
            ('nextResponse', p.next_response_ms,
                new.first_human_at is not null and new.last_visitor_seq > new.last_human_seq),
            -- One that was breached is not begun again.
            ('resolution', p.resolution_ms, true)) as k (kind, limit_ms, applies)
        where p.workspace_id = new.workspace_id and p.name = new.sla_policy and k.limit_ms is not null and k.applies
            and not exists (
                select from sla_clocks s
                where s.workspace_id = new.workspace_id and s.chat_id = new.id and s.kind = k.kind
                    and s.ended_at = now and s.outcome = 'breached')
        on conflict (workspace_id, chat_id, kind) where ended_at is null do nothing;
    end if;
    return null;
end
$$;
create trigger chats_sla_started after insert on chats for each row
    when (new.sla_policy is not null) execute function chats_sla_run();
create trigger chats_sla_moved after update on chats for each row
    when ((new.sla_policy is not null or old.sla_policy is not null)
        and (new.sla_policy, new.status, new.last_visitor_seq, new.last_human_seq)
            is distinct from (old.sla_policy, old.status, old.last_visitor_seq, old.last_human_seq))
    execute function chats_sla_run();

-- An anonymous visitor who turned out to be somebody. Their chats and visits are that somebody's from then on; the id
-- stays resolvable.
alter table visitors
    add column merged_into text,
    add column merged_at timestamptz,
    add constraint visitors_merged check ((merged_into is null) = (merged_at is null) and merged_into <> id),
    add foreign key (workspace_id, merged_into) references visitors;

drop trigger chats_identity on chats;
create function chats_identity() returns trigger
language plpgsql as $$
begin
    if (new.workspace_id, new.id, new.created_at) is distinct from (old.workspace_id, old.id, old.created_at)
        or not exists (
            select from visitors v
            where v.workspace_id = old.workspace_id and v.id = old.visitor_id and v.merged_into = new.visitor_id) then
        raise exception 'whose chat it is changes only when its visitor turns out to be somebody'
            using errcode = 'check_violation', constraint = 'chats_identity', table = tg_table_name;
    end if;
    return new;
end
$$;
create trigger chats_identity before update of workspace_id, id, visitor_id, created_at on chats for each row
    when ((new.workspace_id, new.id, new.visitor_id, new.created_at)
        is distinct from (old.workspace_id, old.id, old.visitor_id, old.created_at))
    execute function chats_identity();
"""##),
        Migration(number: 15, name: "webhooks", sql: ##"""
-- Who outside hears of what happens: endpoints, what is on its way to them, and what never got there.

create table webhook_endpoints (
    workspace_id text not null references workspaces,
    name text not null check (char_length(name) between 1 and 128),
    url text not null check (char_length(url) between 1 and 2048),
    -- As outbox.kind has them.
    kinds text[] not null,
    -- Each signs every delivery; two while one takes the other's place.
    secrets text[] not null check (cardinality(secrets) between 1 and 2),
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, name)
);
call fence('webhook_endpoints');

-- One row per endpoint and event, with the event as the outbox had it: deliveries outlive the outbox's row. There is no
-- foreign key to the endpoint, whose removal must not make a message wait or fail; what has lost its endpoint is not delivered.
create table webhook_deliveries (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    endpoint text not null,
    event_id bigint not null,
    chat_id uuid,
    event_no bigint,
    kind text not null,
    data jsonb not null,
    message_id uuid,
    event_at timestamptz not null,
    -- Attempts that were reported as failed.
    attempts integer not null default 0 check (attempts >= 0),
    due_at timestamptz not null default clock_timestamp(),
    -- +1 with each lease: a worker whose lease somebody else has taken over is refused by it.
    fence bigint not null default 0,
    leased_until timestamptz,
    delivered_at timestamptz,
    last_status integer,
    last_failure text check (char_length(last_failure) <= 64),
    primary key (workspace_id, id)
);
create unique index webhook_deliveries_once on webhook_deliveries (workspace_id, endpoint, event_id);
create index webhook_deliveries_due on webhook_deliveries (workspace_id, endpoint, due_at) where delivered_at is null;
create index webhook_deliveries_chat on webhook_deliveries (workspace_id, endpoint, chat_id, event_no)
    where delivered_at is null and chat_id is not null;
create index webhook_deliveries_age on webhook_deliveries (workspace_id, delivered_at) where delivered_at is not null;
create index webhook_deliveries_subject on webhook_deliveries (workspace_id, chat_id);
call fence('webhook_deliveries');

create table webhook_dead_letters (
    workspace_id text not null references workspaces,
    id uuid not null,
    endpoint text not null,
    event_id bigint not null,
    chat_id uuid,
    event_no bigint,
    kind text not null,
    data jsonb not null,
    message_id uuid,
    event_at timestamptz not null,
    attempts integer not null,
    last_status integer,
    last_failure text,
    died_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id)
);
create index webhook_dead_letters_age on webhook_dead_letters (workspace_id, died_at);
create index webhook_dead_letters_subject on webhook_dead_letters (workspace_id, chat_id);
call fence('webhook_dead_letters', 'select, insert, update, delete');

-- With the event, in its transaction: there is no reader that could step over one. A whisper is nobody's but its two people's.
create function outbox_deliver() returns trigger
language plpgsql as $$
begin
    insert into webhook_deliveries (
        workspace_id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at)
    select f.workspace_id, e.name, f.id, f.chat_id, f.event_no, f.kind, f.data, f.message_id, f.created_at
    from fresh f
    join webhook_endpoints e on e.workspace_id = f.workspace_id and f.kind = any (e.kinds)
    where f.kind <> 'notePosted' or not exists (
        select from notes n where n.workspace_id = f.workspace_id and n.id = f.message_id and n.for_id is not null);
    return null;
end
$$;
create trigger outbox_deliver after insert on outbox referencing new table as fresh
    for each statement execute function outbox_deliver();
"""##),
        Migration(number: 16, name: "cheaper_fences", sql: ##"""
-- The same rules at less cost: what a change of a chat pays for its fences is paid under the lock of its queue.

-- Judged at commit, by the columns themselves instead of a whole row turned into JSON.
create function assignments_load_agrees() returns trigger
language plpgsql as $$
begin
    perform commercial_load_agrees(new.workspace_id, new.commercial_id, tg_table_name);
    return null;
end
$$;

create function commercial_load_agrees(workspace text, subject text, source text) returns void
language plpgsql as $$
declare
    stated numeric;
    counted numeric;
begin
    select m.load, (
            select coalesce(sum(a.weight), 0) from assignments a
            where a.workspace_id = $1 and a.commercial_id = $2 and a.ended_at is null)
        into stated, counted from commercials m where m.workspace_id = $1 and m.id = $2;
    if stated is distinct from counted then
        raise exception 'load of commercial % is %, live assignments weigh %', subject, stated, counted
            using errcode = 'check_violation', constraint = 'commercials_load_agrees', table = source;
    end if;
end
$$;

create or replace function commercials_load_agrees() returns trigger
language plpgsql as $$
begin
    perform commercial_load_agrees(new.workspace_id, new.id, tg_table_name);
    return null;
end
$$;

drop trigger assignments_load_agrees on assignments;
create constraint trigger assignments_load_agrees after insert or update of weight, state, ended_at on assignments
    deferrable initially deferred for each row execute function assignments_load_agrees();

create function chat_assignment_agrees(workspace text, subject uuid, source text) returns void
language plpgsql as $$
declare
    chat record;
begin
    select c.status, c.owner_id, a.state, a.commercial_id into chat
        from chats c
        left join assignments a on a.workspace_id = $1 and a.chat_id = $2 and a.ended_at is null
        where c.workspace_id = $1 and c.id = $2;
    if (case
        when chat.status in ('bot', 'waiting', 'offline', 'closed') then chat.state is not null
        when chat.status = 'offered' then chat.state is distinct from 'offered'
        else chat.state is distinct from chat.status or chat.commercial_id is distinct from chat.owner_id
    end) then
        raise exception 'chat % is %, its live assignment %', subject, chat.status, coalesce(chat.state, 'missing')
            using errcode = 'check_violation', constraint = 'chats_assignment_agrees', table = source;
    end if;
end
$$;

create or replace function chats_assignment_agrees() returns trigger
language plpgsql as $$
begin
    perform chat_assignment_agrees(new.workspace_id, new.id, tg_table_name);
    return null;
end
$$;

create function assignments_chat_agrees() returns trigger
language plpgsql as $$
begin
    perform chat_assignment_agrees(new.workspace_id, new.chat_id, tg_table_name);
    return null;
end
$$;

drop trigger assignments_chat_agrees on assignments;
create constraint trigger assignments_chat_agrees after insert or update of state, ended_at on assignments
    deferrable initially deferred for each row execute function assignments_chat_agrees();

-- PostgreSQL plans the body of a function in SQL anew in every transaction; in PL/pgSQL it keeps the plan.
create or replace function sla_policy_for(workspace text, status text, queue text, priority text) returns text
language plpgsql stable as $$
begin
    if $2 not in ('waiting', 'offered', 'active', 'paused', 'offline') then
        return null;
    end if;
    return (
        select p.name from sla_policies p
        where p.workspace_id = $1
            and (p.queues = '{}' or $3 = any (p.queues)) and (p.priorities = '{}' or $4 = any (p.priorities))
        order by p.place limit 1);
end
$$;

create or replace function agents_online(text, text) returns integer
language plpgsql stable as $$
begin
    return (
        select count(*)::integer from commercials m
        where m.workspace_id = $1 and $2 = any (m.queues) and m.role = 'commercial'
            and m.declared in ('available', 'busy') and m.cap > 0 and exists (
                select from presence_leases l
                where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                    and l.expires_at > clock_timestamp()));
end
$$;

create or replace function handle_ms(text, text, double precision) returns double precision
language plpgsql stable as $$
begin
    return (
        with recent as (
            select extract(epoch from ended_at - accepted_at)::double precision * 1000 as ms,
                power(0.95::double precision, row_number() over (order by ended_at desc) - 1) as weight
            from assignments
            where workspace_id = $1 and queue = $2 and accepted_at is not null and ended_at is not null
            order by ended_at desc limit 100
        )
        select (coalesce(sum(ms * weight), 0) + $3) / (coalesce(sum(weight), 0) + 1) from recent);
end
$$;

create or replace function last_commercial(text, text) returns text
language plpgsql stable as $$
begin
    return (
        select a.commercial_id
        from (
            select id from chats where workspace_id = $1 and visitor_id = $2 order by created_at desc limit 10) c
        join assignments a on a.workspace_id = $1 and a.chat_id = c.id and a.accepted_at is not null
        join commercials m on m.workspace_id = $1 and m.id = a.commercial_id and m.role = 'commercial'
        order by a.accepted_at desc limit 1);
end
$$;

-- Written out where it is asked for.
drop function relative_speed(text, text, text);

-- A log is written by every change of every chat. A foreign key to the workspace would lock that one row for all of them,
-- and guard against nothing: workspaces are never deleted, and the wall decides for which of them a connection writes.
alter table audit drop constraint audit_workspace_id_fkey;
alter table outbox drop constraint outbox_workspace_id_fkey;
-- Says what the keys to visitors and queues say already.
alter table chats drop constraint chats_workspace_id_fkey;

-- Rows that change with every chat: room beside them keeps the new version on the same page, out of the indexes.
alter table commercials set (fillfactor = 50);
"""##),
        Migration(number: 17, name: "privacy", sql: ##"""
-- What is known of a visitor can be handed out and forgotten, and nothing has to be kept for ever.
--
-- Messages, notes and the audit are only ever added to by the application, so forgetting is done by functions that run as
-- the tables' owner: they do this and nothing else, in the workspaces of the transaction and in no others.

-- When what was known of them was forgotten; the row stays for the numbers.
alter table visitors add column erased_at timestamptz;

-- For nodes to end the sockets of whoever was forgotten; pruned after a day. Hashed, because the id may be an e-mail address.
create table erasures (
    workspace_id text not null references workspaces,
    id bigint generated always as identity,
    subject_hash text not null check (subject_hash ~ '^[0-9a-f]{64}$'),
    at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id)
);
call fence('erasures', 'select, delete');

-- How long a class of data is kept; what is not here is kept.
create table retention_policies (
    workspace_id text not null references workspaces,
    class text not null check (class in ('messages', 'notes', 'pageViews', 'audit', 'outbox', 'deliveries')),
    keep_ms bigint not null check (keep_ms > 0),
    primary key (workspace_id, class)
);
call fence('retention_policies');

-- Chats that were closed up to here have been emptied.
create table retention_marks (
    workspace_id text not null references workspaces,
    class text not null,
    done_until timestamptz not null default '-infinity',
    primary key (workspace_id, class)
);
call fence('retention_marks');

-- Whether the page of a visit is stored only of visitors who agreed.
alter table workspace_settings add column page_consent boolean not null default false;

create index chats_closed on chats (workspace_id, closed_at) where closed_at is not null;
create index visitor_sessions_told on visitor_sessions (workspace_id, closed_at)
    where closed_at is not null and (page <> '{}' or device <> '{}');
create index audit_age on audit (workspace_id, at);

-- Forgetting is the one change that these let pass.
drop trigger chats_csat_once on chats;
create trigger chats_csat_once before update of csat_score, csat_comment, csat_at on chats for each row
    when (old.csat_at is not null
        and ((new.csat_score, new.csat_at) is distinct from (old.csat_score, old.csat_at)
            or (new.csat_comment is not null and new.csat_comment is distinct from old.csat_comment)))
    execute function refuse('chats_csat_once', 'a visitor says once how it was');

drop trigger assignments_final on assignments;
create trigger assignments_final before update on assignments for each row
    when (old.ended_at is not null
        and (to_jsonb(new) - 'reason' is distinct from to_jsonb(old) - 'reason'
            or (new.reason is not null and new.reason is distinct from old.reason)))
    execute function refuse('assignments_final', 'an ended assignment never changes');

create or replace function chats_identity() returns trigger
language plpgsql as $$
begin
    if (new.workspace_id, new.id, new.created_at) is distinct from (old.workspace_id, old.id, old.created_at)
        or not exists (
            select from visitors v
            where v.workspace_id = old.workspace_id and v.id = old.visitor_id and v.merged_into = new.visitor_id
            union all
            select from visitors v
            where v.workspace_id = old.workspace_id and v.id = new.visitor_id and v.erased_at is not null) then
        raise exception 'whose chat it is changes only when its visitor turns out to be somebody, or is forgotten'
            using errcode = 'check_violation', constraint = 'chats_identity', table = tg_table_name;
    end if;
    return new;
end
$$;

create function require_scope(of_workspace text) returns void
language plpgsql stable as $$
begin
    if not of_workspace = any (coalesce(nullif(current_setting('app.workspaces', true), ''), '{}')::text[]) then
        raise exception 'the workspace is not the transaction''s' using errcode = 'insufficient_privilege';
    end if;
end
$$;

-- A text as it stands in JSON, and as it stands in JSON that is itself a text in JSON, which events hold (data, changes, page).
create function spellings(id text, out plain text, out nested text)
language sql immutable parallel safe as $$
    select to_json(id)::text, substr(to_json(to_json(id)::text)::text, 2, length(to_json(to_json(id)::text)::text) - 2)
$$;

-- Whether one of these ids is a text somewhere in a document.
create function mentions(document jsonb, ids text[]) returns boolean
language sql immutable parallel safe as $$
    select exists (
        select from unnest(ids) i cross join lateral spellings(i) s
        where strpos(document::text, s.plain) > 0 or strpos(document::text, s.nested) > 0)
$$;

-- The document with another text in the place of each of these ids.
create function renamed(document jsonb, ids text[], pseudonym text) returns jsonb
language plpgsql immutable parallel safe as $$
declare
    written text := document::text;
    id text;
begin
    foreach id in array ids loop
        written := replace(written, (spellings(id)).plain, (spellings(pseudonym)).plain);
        -- Within a text of JSON that is written as JSON once more the quotes are escaped.
        written := replace(written, (spellings(id)).nested, (spellings(pseudonym)).nested);
    end loop;
    return written::jsonb;
end
$$;

-- Forgets a visitor and everybody who was merged into them. Rows, numbers and times stay under a name that means nothing;
-- every text in their chats goes, whoever wrote it, because it may repeat theirs. What this transaction itself tells (chats
-- that were closed for it) stays to be told, under the new name. Null where there is no such visitor.
create function erase_visitor(of_workspace text, of_visitor text, pseudonym text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    now timestamptz := clock_timestamp();
    ids text[];
    chat_ids uuid[];
    own bigint[];
    message_count bigint;
    note_count bigint;
begin
    perform require_scope(of_workspace);
    select array_agg(v.id) into ids from visitors v
        where v.workspace_id = of_workspace and (v.id = of_visitor or v.merged_into = of_visitor);
    if ids is null then
        return null;
    end if;
    select coalesce(array_agg(c.id), '{}') into chat_ids from (
        select id from chats where workspace_id = of_workspace and visitor_id = any (ids) order by id for update) c;
    select coalesce(array_agg(o.id), '{}') into own from outbox o
        where o.workspace_id = of_workspace and o.xact = pg_current_xact_id();

    insert into visitors (workspace_id, id, first_seen_at, last_seen_at, erased_at)
    select of_workspace, pseudonym, min(v.first_seen_at), max(v.last_seen_at), now
    from visitors v where v.workspace_id = of_workspace and v.id = any (ids);

    update messages set content = '[erased]', metadata = '{}', client_msg_id = null,
        sender_id = case when sender_role = 'visitor' then pseudonym else sender_id end,
        sender_name = case when sender_role = 'visitor' then null else sender_name end
    where workspace_id = of_workspace and chat_id = any (chat_ids);
    get diagnostics message_count = row_count;
    update notes set content = '[erased]', metadata = '{}', client_msg_id = null
    where workspace_id = of_workspace and chat_id = any (chat_ids);
    get diagnostics note_count = row_count;

    update chats set visitor_id = pseudonym, metadata = '{}', tags = '{}', department = null, escalation_reason = null,
        ai_status = null, csat_comment = null, updated_at = now
    where workspace_id = of_workspace and id = any (chat_ids);
    update assignments set reason = null
    where workspace_id = of_workspace and chat_id = any (chat_ids) and reason is not null;
    delete from warm_transfers where workspace_id = of_workspace and chat_id = any (chat_ids);
    update visitor_sessions set visitor_id = pseudonym, page = '{}', device = '{}', linger_until = null,
        closed_at = coalesce(closed_at, now)
    where workspace_id = of_workspace and visitor_id = any (ids);
    update flows set visitor_id = pseudonym where workspace_id = of_workspace and visitor_id = any (ids);
    delete from read_marks where workspace_id = of_workspace and reader_role = 'visitor' and reader_id = any (ids);
    delete from presence_leases where workspace_id = of_workspace and role = 'visitor' and subject = any (ids);
    delete from notifications
    where workspace_id = of_workspace and (chat_id = any (chat_ids) or mentions(data, ids));
    delete from once_guards g
    where g.workspace_id = of_workspace and exists (select from unnest(ids) i where strpos(g.key, i) > 0);

    delete from webhook_deliveries d
    where d.workspace_id = of_workspace and (d.chat_id = any (chat_ids) or mentions(d.data, ids))
        and not d.event_id = any (own);
    delete from webhook_dead_letters d
    where d.workspace_id = of_workspace and (d.chat_id = any (chat_ids) or mentions(d.data, ids));
    update webhook_deliveries d set data = renamed(d.data, ids, pseudonym)
    where d.workspace_id = of_workspace and d.event_id = any (own) and mentions(d.data, ids);
    delete from outbox o
    where o.workspace_id = of_workspace
        and (o.chat_id = any (chat_ids) or o.data ->> 'chatID' = any (chat_ids::text[]) or mentions(o.data, ids))
        and not o.id = any (own);
    update outbox o set data = renamed(o.data, ids, pseudonym)
    where o.workspace_id = of_workspace and o.id = any (own) and mentions(o.data, ids);

    update audit a set actor_id = case when a.actor_role = 'visitor' and a.actor_id = any (ids)
            then pseudonym else a.actor_id end,
        detail = renamed(case when a.chat_id = any (chat_ids) then a.detail - 'reason' else a.detail end, ids, pseudonym)
    where a.workspace_id = of_workspace
        and (a.chat_id = any (chat_ids) or (a.actor_role = 'visitor' and a.actor_id = any (ids)) or mentions(a.detail, ids));

    delete from visitors where workspace_id = of_workspace and id = any (ids);
    insert into erasures (workspace_id, subject_hash)
    select of_workspace, encode(sha256(convert_to(of_workspace || E'\n' || i, 'UTF8')), 'hex') from unnest(ids) i;
    return jsonb_build_object('visitor', pseudonym, 'identities', cardinality(ids), 'chats', cardinality(chat_ids),
        'messages', message_count, 'notes', note_count);
end
$$;

-- Empties the messages or the notes of the chats that were closed longer ago than that, some at a time; how many chats.
create function retain_content(of_workspace text, of_class text, keep_ms bigint, batch integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    since timestamptz;
    reached timestamptz;
    chat_ids uuid[];
begin
    perform require_scope(of_workspace);
    insert into retention_marks (workspace_id, class) values (of_workspace, of_class) on conflict do nothing;
    select m.done_until into since from retention_marks m
        where m.workspace_id = of_workspace and m.class = of_class for update skip locked;
    if not found then
        return 0;
    end if;
    select array_agg(c.id), max(c.closed_at) into chat_ids, reached from (
        select id, closed_at from chats
        where workspace_id = of_workspace and closed_at > since
            and closed_at <= statement_timestamp() - keep_ms * interval '1 millisecond'
        order by closed_at fetch first (batch) rows with ties) c;
    if chat_ids is null then
        return 0;
    end if;
    if of_class = 'messages' then
        update messages set content = '[erased]', metadata = '{}', client_msg_id = null,
            sender_name = case when sender_role = 'visitor' then null else sender_name end
        where workspace_id = of_workspace and chat_id = any (chat_ids);
        update chats set metadata = '{}', escalation_reason = null, csat_comment = null
        where workspace_id = of_workspace and id = any (chat_ids);
    elsif of_class = 'notes' then
        update notes set content = '[erased]', metadata = '{}', client_msg_id = null
        where workspace_id = of_workspace and chat_id = any (chat_ids);
    end if;
    update retention_marks set done_until = reached where workspace_id = of_workspace and class = of_class;
    return cardinality(chat_ids);
end
$$;

-- Removes what the audit has of longer ago than that, some at a time; how many rows.
create function retain_audit(of_workspace text, keep_ms bigint, batch integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    gone integer;
begin
    perform require_scope(of_workspace);
    delete from audit where workspace_id = of_workspace and id in (
        select a.id from audit a
        where a.workspace_id = of_workspace and a.at < statement_timestamp() - keep_ms * interval '1 millisecond'
        order by a.at limit batch);
    get diagnostics gone = row_count;
    return gone;
end
$$;

revoke execute on function erase_visitor, retain_content, retain_audit from public;
grant execute on function erase_visitor, retain_content, retain_audit to puente_app;
"""##),
        Migration(number: 18, name: "forgetting_precisely", sql: ##"""
-- Forgetting touches nobody else's rows, however short the visitor's id is and whoever else has it; it finds what people wrote of
-- a chat in assignments and in the audit as well; and what is over its time goes in statements that are over in time.
--
-- Nodes of the version before call the same functions.

-- The keys that look for rows of whoever is deleted; and who was merged into whom.
create index visitor_sessions_visitor on visitor_sessions (workspace_id, visitor_id);
create index visitors_into on visitors (workspace_id, merged_into) where merged_into is not null;
-- The few rows of the audit that are about a visitor and no chat.
create index audit_visitors on audit (workspace_id, id)
    where chat_id is null and (actor_role = 'visitor' or action in ('visitor.exported', 'tokens.revoked'));
-- Comments come when the chat's texts may be gone already.
create index chats_comments on chats (workspace_id, csat_at) where csat_comment is not null;

create or replace trigger assignments_final before update on assignments for each row
    when (old.ended_at is not null
        and (to_jsonb(new) - '{reason,summary,end_reason}'::text[]
                is distinct from to_jsonb(old) - '{reason,summary,end_reason}'::text[]
            or (new.reason is not null and new.reason is distinct from old.reason)
            or (new.summary is not null and new.summary is distinct from old.summary)
            or (new.end_reason is not null and new.end_reason is distinct from old.end_reason)))
    execute function refuse('assignments_final', 'an ended assignment never changes');

-- Why an assignment ended, where that is one of our own words and not somebody's.
create function own_word(end_reason text) returns text
language sql immutable parallel safe
return case when end_reason = any (array[
    'closed', 'transferred', 'reassigned', 'taken_over', 'handed_back', 'agent_lost', 'drained', 'rejected', 'expired',
    'rescinded']) then end_reason end;

-- Whether a notification's fields name one of these visitors or chats. What a bot writes has no form: ids that can be nothing
-- else (`sure`) are found in any field.
create function notice_names(data jsonb, ids text[], talks text[], sure text[]) returns boolean
language sql immutable parallel safe
return coalesce(data ->> 'visitorId' = any (ids), false) or coalesce(data ->> 'chatId' = any (talks), false)
    or exists (select from unnest(sure) i where strpos(data::text, to_json(i)::text) > 0);

-- Whether an event that belongs to no chat names one of these visitors or chats: all the places where one may stand.
create function event_names(kind text, data jsonb, ids text[], talks text[], sure text[]) returns boolean
language sql immutable parallel safe
return coalesce(data ->> 'visitorID' = any (ids), false) or coalesce(data ->> 'previousVisitorID' = any (ids), false)
    or coalesce(data ->> 'chatID' = any (talks), false)
    -- Its fields are JSON in a text.
    or case when kind = 'notificationRaised' then notice_names((data ->> 'data')::jsonb, ids, talks, sure) else false end;

-- An event of a chat that ends, with another name for its visitor.
create function event_renamed(data jsonb, ids text[], pseudonym text) returns jsonb
language sql immutable parallel safe
return case
    when data ->> 'visitorID' = any (ids) then jsonb_set(data, '{visitorID}', to_jsonb(pseudonym))
    when data #>> '{chat,visitorID}' = any (ids) then jsonb_set(data, '{chat,visitorID}', to_jsonb(pseudonym))
    else data end;

-- A row of the audit with another name for a visitor on whom something was done. Tokens that were voided whatever their role
-- are a visitor's where nobody else has the id (`alone`).
create function audit_renamed(action text, detail jsonb, ids text[], alone text[], pseudonym text) returns jsonb
language plpgsql immutable parallel safe as $$
declare
    field text;
begin
    if action in ('visitor.merged', 'visitor.exported') then
        foreach field in array '{visitor,from,to}'::text[] loop
            if detail ->> field = any (ids) then
                detail := jsonb_set(detail, array[field], to_jsonb(pseudonym));
            end if;
        end loop;
    elsif action = 'tokens.revoked' and ((detail ->> 'role' = 'visitor' and detail ->> 'subject' = any (ids))
        or (detail ->> 'role' is null and detail ->> 'subject' = any (alone))) then
        detail := jsonb_set(detail, '{subject}', to_jsonb(pseudonym));
    end if;
    return detail;
end
$$;

create or replace function erase_visitor(of_workspace text, of_visitor text, pseudonym text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    now timestamptz := clock_timestamp();
    ids text[];
    alone text[];
    sure text[];
    chat_ids uuid[];
    talks text[];
    own bigint[];
    message_count bigint;
    note_count bigint;
begin
    perform require_scope(of_workspace);
    -- First, so that no chat of theirs begins meanwhile.
    select array_agg(v.id) into ids from (
        select id from visitors where workspace_id = of_workspace and (id = of_visitor or merged_into = of_visitor)
        order by id collate "C" for update) v;
    if ids is null then
        return null;
    end if;
    select coalesce(array_agg(i), '{}') into alone from unnest(ids) i
        where not exists (select from commercials m where m.workspace_id = of_workspace and m.id = i)
            and not exists (select from bots b where b.workspace_id = of_workspace and b.id = i);
    select coalesce(array_agg(i), '{}') into sure from unnest(alone) i
        where strpos(i, '@') > 0 or char_length(i) >= 16;
    select coalesce(array_agg(c.id), '{}') into chat_ids from (
        select id from chats where workspace_id = of_workspace and visitor_id = any (ids) order by id for update) c;
    talks := chat_ids::text[];
    select coalesce(array_agg(o.id), '{}') into own from outbox o
        where o.workspace_id = of_workspace and o.xact = pg_current_xact_id();

    insert into visitors (workspace_id, id, first_seen_at, last_seen_at, erased_at)
    select of_workspace, pseudonym, min(v.first_seen_at), max(v.last_seen_at), now
    from visitors v where v.workspace_id = of_workspace and v.id = any (ids);

    update messages set content = '[erased]', metadata = '{}', client_msg_id = null,
        sender_id = case when sender_role = 'visitor' then pseudonym else sender_id end,
        sender_name = case when sender_role = 'visitor' then null else sender_name end
    where workspace_id = of_workspace and chat_id = any (chat_ids);
    get diagnostics message_count = row_count;
    update notes set content = '[erased]', metadata = '{}', client_msg_id = null
    where workspace_id = of_workspace and chat_id = any (chat_ids);
    get diagnostics note_count = row_count;

    update chats set visitor_id = pseudonym, metadata = '{}', tags = '{}', department = null, escalation_reason = null,
        ai_status = null, csat_comment = null, updated_at = now
    where workspace_id = of_workspace and id = any (chat_ids);
    update assignments set reason = null, summary = null, end_reason = own_word(end_reason)
    where workspace_id = of_workspace and chat_id = any (chat_ids);
    delete from warm_transfers where workspace_id = of_workspace and chat_id = any (chat_ids);
    update visitor_sessions set visitor_id = pseudonym, page = '{}', device = '{}', linger_until = null,
        closed_at = coalesce(closed_at, now)
    where workspace_id = of_workspace and visitor_id = any (ids);
    -- A guard holds the id of what it let pass. Those of notifications are over in
    -- minutes; one whose key names them goes now.
    delete from once_guards g using flows f
    where f.workspace_id = of_workspace and f.visitor_id = any (ids) and g.workspace_id = of_workspace
        and g.key = 'flow:' || f.strategy || ':' || f.visitor_id and g.holder = f.id;
    update flows set visitor_id = pseudonym where workspace_id = of_workspace and visitor_id = any (ids);
    delete from read_marks
    where workspace_id = of_workspace and chat_id = any (chat_ids) and reader_role = 'visitor' and reader_id = any (ids);
    with gone as (
        delete from notifications n
        where n.workspace_id = of_workspace
            and (n.chat_id = any (chat_ids) or notice_names(n.data, ids, talks, sure))
        returning n.id)
    delete from once_guards g using gone
    where g.workspace_id = of_workspace and g.holder = gone.id
        and exists (select from unnest(sure) i where strpos(g.key, i) > 0);

    -- Events of their chats, and those of no chat that name them; one of somebody else's chat is not theirs, whatever is in it.
    -- In the order in which a worker goes from one to the next.
    perform 1 from webhook_deliveries d where d.workspace_id = of_workspace and d.chat_id = any (chat_ids)
        order by d.endpoint, d.chat_id, d.event_no for update;
    delete from webhook_deliveries d
    where d.workspace_id = of_workspace and not d.event_id = any (own)
        and (d.chat_id = any (chat_ids) or (d.chat_id is null and event_names(d.kind, d.data, ids, talks, sure)));
    delete from webhook_dead_letters d
    where d.workspace_id = of_workspace
        and (d.chat_id = any (chat_ids) or (d.chat_id is null and event_names(d.kind, d.data, ids, talks, sure)));
    update webhook_deliveries d set data = event_renamed(d.data, ids, pseudonym)
    where d.workspace_id = of_workspace and d.chat_id = any (chat_ids) and d.event_id = any (own);
    delete from outbox o
    where o.workspace_id = of_workspace and not o.id = any (own)
        and (o.chat_id = any (chat_ids) or (o.chat_id is null and event_names(o.kind, o.data, ids, talks, sure)));
    update outbox o set data = event_renamed(o.data, ids, pseudonym)
    where o.workspace_id = of_workspace and o.chat_id = any (chat_ids) and o.id = any (own);

    update audit a set
        actor_id = case when a.actor_role = 'visitor' and a.actor_id = any (ids) then pseudonym else a.actor_id end,
        detail = audit_renamed(
            a.action, a.detail - '{reason,escalationReason,escalatedBy}'::text[], ids, alone, pseudonym)
    where a.workspace_id = of_workspace and a.chat_id = any (chat_ids);
    -- In the words of the index.
    update audit a set
        actor_id = case when a.actor_role = 'visitor' and a.actor_id = any (ids) then pseudonym else a.actor_id end,
        detail = audit_renamed(a.action, a.detail, ids, alone, pseudonym)
    where a.workspace_id = of_workspace and a.chat_id is null
        and (a.actor_role = 'visitor' or a.action in ('visitor.exported', 'tokens.revoked'))
        and ((a.actor_role = 'visitor' and a.actor_id = any (ids))
            or audit_renamed(a.action, a.detail, ids, alone, pseudonym) <> a.detail);

    -- Last: it keeps the lease from being renewed.
    delete from presence_leases where workspace_id = of_workspace and role = 'visitor' and subject = any (ids);
    delete from visitors where workspace_id = of_workspace and id = any (ids);
    insert into erasures (workspace_id, subject_hash)
    select of_workspace, encode(sha256(convert_to(of_workspace || E'\n' || i, 'UTF8')), 'hex') from unnest(ids) i;
    return jsonb_build_object('visitor', pseudonym, 'identities', cardinality(ids), 'chats', cardinality(chat_ids),
        'messages', message_count, 'notes', note_count);
end
$$;

drop function renamed(jsonb, text[], text);
drop function mentions(jsonb, text[]);
drop function spellings(text);

-- Empties the messages or the notes of the chats that were closed longer ago than that, some at a time: so many chats, and 40
-- times as many texts. How many chats; a long one takes several calls, each of which counts it. 0 where nothing is left.
create or replace function retain_content(of_workspace text, of_class text, keep_ms bigint, batch integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    bound timestamptz := statement_timestamp() - keep_ms * interval '1 millisecond';
    budget bigint := 40::bigint * batch;
    since timestamptz;
    reached timestamptz;
    chat_ids uuid[];
    emptied bigint;
begin
    perform require_scope(of_workspace);
    insert into retention_marks (workspace_id, class) values (of_workspace, of_class) on conflict do nothing;
    select m.done_until into since from retention_marks m
        where m.workspace_id = of_workspace and m.class = of_class for update skip locked;
    if not found then
        return 0;
    end if;
    -- Chats that were closed in the same instant go together: the mark is an instant.
    select array_agg(n.id), max(n.closed_at) into chat_ids, reached from (
        select c.id, c.closed_at, c.closed_at = min(c.closed_at) over () as is_first,
            sum(c.texts) over (order by c.closed_at) as texts
        from (
            select id, closed_at, case of_class when 'notes' then note_seq else seq end as texts from chats
            where workspace_id = of_workspace and closed_at > since and closed_at <= bound
            order by closed_at fetch first (batch) rows with ties) c) n
    where n.is_first or n.texts <= budget;
    if chat_ids is null then
        emptied := 0;
        if of_class = 'messages' then
            -- What visitors said of chats that had been emptied.
            update chats set csat_comment = null where workspace_id = of_workspace and id in (
                select id from chats
                where workspace_id = of_workspace and csat_comment is not null and csat_at <= bound
                order by csat_at limit batch);
            get diagnostics emptied = row_count;
        end if;
        return emptied;
    end if;
    -- One that has been opened again meanwhile is kept.
    select coalesce(array_agg(c.id), '{}') into chat_ids from (
        select id from chats where workspace_id = of_workspace and id = any (chat_ids) and closed_at is not null
        order by id for update) c;
    if of_class = 'messages' then
        update messages set content = '[erased]', metadata = '{}', client_msg_id = null,
            sender_name = case when sender_role = 'visitor' then null else sender_name end
        where workspace_id = of_workspace and id in (
            select id from messages
            where workspace_id = of_workspace and chat_id = any (chat_ids)
                and (content <> '[erased]' or metadata <> '{}' or client_msg_id is not null
                    or (sender_role = 'visitor' and sender_name is not null))
            limit budget);
    else
        update notes set content = '[erased]', metadata = '{}', client_msg_id = null
        where workspace_id = of_workspace and id in (
            select id from notes
            where workspace_id = of_workspace and chat_id = any (chat_ids)
                and (content <> '[erased]' or metadata <> '{}' or client_msg_id is not null)
            limit budget);
    end if;
    get diagnostics emptied = row_count;
    if emptied = budget then
        return 1;
    end if;
    if of_class = 'messages' then
        update chats set metadata = '{}', escalation_reason = null, csat_comment = null
        where workspace_id = of_workspace and id = any (chat_ids);
        update assignments set reason = null, summary = null, end_reason = own_word(end_reason)
        where workspace_id = of_workspace and chat_id = any (chat_ids);
    end if;
    update retention_marks set done_until = reached where workspace_id = of_workspace and class = of_class;
    return greatest(cardinality(chat_ids), 1);
end
$$;
"""##),
        Migration(number: 19, name: "assumed_language", sql: ##"""
-- In which language a chat is held is at first assumed, by the visitor's locale. While `language` is what was assumed, the
-- visitor's words may tell better; what they told, and what staff say, differs from this and stays. A node of the version
-- before writes `language` alone: that counts as said.
alter table chats add column assumed_language text;
"""##),
        Migration(number: 20, name: "queue_weight", sql: ##"""
-- How much a chat of a queue counts in the load of whoever has it.
alter table queues add column weight numeric(8, 2) not null default 1 check (weight between 0.25 and 10);

-- A chat takes the weight of its queue when it begins, begins to wait, or changes queue. While somebody has it, or is asked,
-- it keeps the weight with which it was counted. Nodes of the version before get it from here as well.
create function chats_weight() returns trigger
language plpgsql as $$
begin
    new.weight := coalesce(
        (select weight from queues where workspace_id = new.workspace_id and name = new.queue), new.weight);
    return new;
end
$$;
create trigger chats_weight_first before insert on chats for each row execute function chats_weight();
create trigger chats_weight_next before update of status, queue on chats for each row
    when (new.status in ('bot', 'waiting', 'offline') and (new.status, new.queue) is distinct from (old.status, old.queue))
    execute function chats_weight();

-- The slots of a queue ($2) of a workspace ($1) for chats of its weight: of all who are available and connected and can
-- do what the queue asks for, and those of them that are free.
create or replace function line_slots(text, text, out slots double precision, out free double precision)
language sql stable as $$
    select coalesce(sum(floor(m.cap / q.weight)), 0)::double precision,
        coalesce(sum(floor(greatest(m.cap - m.load, 0) / q.weight)), 0)::double precision
    from queues q
    join commercials m on m.workspace_id = $1 and q.name = any (m.queues) and m.role = 'commercial'
        and m.declared = 'available' and m.cap > 0
    left join commercial_profiles p on p.workspace_id = $1 and p.commercial_id = m.id
    where q.workspace_id = $1 and q.name = $2
        and exists (
            select from presence_leases l
            where l.workspace_id = $1 and l.role = m.role and l.subject = m.id
                and l.expires_at > clock_timestamp())
        and not exists (
            select from unnest(q.skills, q.skill_levels) as least(skill, level)
            where not exists (
                select from unnest(p.skills, p.skill_levels) as own(skill, level)
                where own.skill = least.skill and own.level >= least.level))
$$;
"""##),
        Migration(number: 21, name: "webhook_heads", sql: ##"""
-- Of a chat only the first delivery to an endpoint is due. What is behind it waits at infinity until somebody wakes it, so
-- that looking for work costs by chats and not by what waits in them. The order is still a condition of the lease: that
-- something is due too early costs a look, and nothing else.

-- Since when it waits: since it was made, or was asked for again. How long something is tried for is counted from here.
alter table webhook_deliveries add column waits_since timestamptz not null default statement_timestamp();

-- What is behind another one waits at infinity. The other one is kept from arriving until this transaction has ended,
-- because whoever delivers it would not see, and not wake, what is not committed. Nobody who sends a message waits for a
-- worker: where the lock is not to be had, the row is due at once.
create function webhook_deliveries_park() returns trigger
language plpgsql as $$
begin
    perform 1 from webhook_deliveries p
        where p.workspace_id = new.workspace_id and p.endpoint = new.endpoint and p.chat_id = new.chat_id
            and p.delivered_at is null and p.event_no < new.event_no
        order by p.event_no desc limit 1 for share skip locked;
    if found then
        new.due_at := 'infinity';
    end if;
    return new;
end
$$;

-- Wakes the first one of a chat that waits at infinity, whether it is the chat's first or not: two that end at once each
-- see the other one still waiting.
create function webhook_deliveries_wake(of_workspace text, of_endpoint text, of_chat uuid) returns void
language plpgsql as $$
declare
    candidate uuid;
begin
    loop
        -- By isfinite, which no index on due_at can answer: the chat's own index is the short way.
        select d.id into candidate from webhook_deliveries d
            where d.workspace_id = of_workspace and d.endpoint = of_endpoint and d.chat_id = of_chat
                and d.delivered_at is null and not isfinite(d.due_at)
            order by d.event_no limit 1;
        exit when not found;
        update webhook_deliveries d set due_at = clock_timestamp()
            where d.workspace_id = of_workspace and d.id = candidate
                and d.delivered_at is null and not isfinite(d.due_at);
        -- Else somebody else was quicker, or it is gone: the one behind it.
        exit when found;
    end loop;
end
$$;

create function webhook_deliveries_arrived() returns trigger
language plpgsql as $$
begin
    perform webhook_deliveries_wake(new.workspace_id, new.endpoint, new.chat_id);
    return null;
end
$$;

-- Given up, forgotten with a visitor, or dropped.
create function webhook_deliveries_gone() returns trigger
language plpgsql as $$
begin
    perform webhook_deliveries_wake(g.workspace_id, g.endpoint, g.chat_id) from (
        select distinct workspace_id, endpoint, chat_id from gone
        where delivered_at is null and chat_id is not null) g;
    return null;
end
$$;

-- In the order of the events, so that each finds the one before it.
create or replace function outbox_deliver() returns trigger
language plpgsql as $$
begin
    insert into webhook_deliveries (
        workspace_id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at)
    select f.workspace_id, e.name, f.id, f.chat_id, f.event_no, f.kind, f.data, f.message_id, f.created_at
    from fresh f
    join webhook_endpoints e on e.workspace_id = f.workspace_id and f.kind = any (e.kinds)
    where f.kind <> 'notePosted' or not exists (
        select from notes n where n.workspace_id = f.workspace_id and n.id = f.message_id and n.for_id is not null)
    order by f.id;
    return null;
end
$$;

-- What waits already, of every workspace: the owner is bound by the wall too, unless it is told not to be.
alter table webhook_deliveries no force row level security;
update webhook_deliveries d set waits_since = d.event_at,
    due_at = case when d.chat_id is not null and exists (
            select from webhook_deliveries p
            where p.workspace_id = d.workspace_id and p.endpoint = d.endpoint and p.chat_id = d.chat_id
                and p.delivered_at is null and p.event_no < d.event_no)
        then 'infinity' else d.due_at end
where d.delivered_at is null;
alter table webhook_deliveries force row level security;

-- For nodes of the version before as well, which know nothing of it.
create trigger webhook_deliveries_park before insert on webhook_deliveries for each row
    when (new.chat_id is not null and new.delivered_at is null) execute function webhook_deliveries_park();
create trigger webhook_deliveries_arrived after update of delivered_at on webhook_deliveries for each row
    when (old.delivered_at is null and new.delivered_at is not null and new.chat_id is not null)
    execute function webhook_deliveries_arrived();
create trigger webhook_deliveries_gone after delete on webhook_deliveries referencing old table as gone
    for each statement execute function webhook_deliveries_gone();

-- For whoever takes all letters of one endpoint, in their order, or looks for those of none that there is.
create index webhook_dead_letters_endpoint on webhook_dead_letters (workspace_id, endpoint, event_id);
"""##),
        Migration(number: 22, name: "connection_limit", sql: ##"""
-- How many connections a workspace may have on each node; null is as many as come.
alter table workspace_settings add column connection_limit bigint check (connection_limit > 0);
"""##),
    ]
}
