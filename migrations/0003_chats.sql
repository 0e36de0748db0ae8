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
