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
