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
