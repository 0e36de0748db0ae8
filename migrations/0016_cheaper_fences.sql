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
