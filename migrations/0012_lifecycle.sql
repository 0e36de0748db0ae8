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
