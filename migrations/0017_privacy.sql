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
