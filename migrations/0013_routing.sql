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
