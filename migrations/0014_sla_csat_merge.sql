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
