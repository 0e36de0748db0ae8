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
