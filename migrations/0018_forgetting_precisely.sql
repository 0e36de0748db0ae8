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
