-- Assignments, and the fences that keep chat, assignment and load in agreement.

create table assignments (
    workspace_id text not null,
    id uuid not null default gen_random_uuid(),
    chat_id uuid not null,
    commercial_id text not null,
    -- While live, the same word as the chat's status.
    state text not null check (state in ('offered', 'active', 'paused', 'wrapup', 'ended')),
    weight numeric(8, 2) not null check (weight > 0),
    epoch bigint not null,
    reason text,
    by_role text not null,
    by_id text not null,
    score double precision,
    algorithm text,
    -- Until when an offer may be accepted, or wrap-up lasts.
    deadline timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    accepted_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    primary key (workspace_id, id),
    foreign key (workspace_id, chat_id) references chats,
    foreign key (workspace_id, commercial_id) references commercials,
    constraint assignments_ended check ((state = 'ended') = (ended_at is not null)),
    constraint assignments_offer_ends check (state <> 'offered' or deadline is not null)
);
create unique index assignments_one_live on assignments (workspace_id, chat_id) where ended_at is null;
create index assignments_commercial on assignments (workspace_id, commercial_id) where ended_at is null;
create index assignments_due on assignments (deadline) where ended_at is null and deadline is not null;
create index assignments_chat on assignments (workspace_id, chat_id, created_at);
call fence('assignments', 'select, insert, update');

create trigger assignments_identity before update of workspace_id, id, chat_id, commercial_id on assignments
    for each row
    when ((new.workspace_id, new.id, new.chat_id, new.commercial_id)
        is distinct from (old.workspace_id, old.id, old.chat_id, old.commercial_id))
    execute function refuse('assignments_identity', 'an assignment never moves to another chat or commercial');
create trigger assignments_final before update on assignments for each row
    when (old.ended_at is not null)
    execute function refuse('assignments_final', 'an ended assignment never changes');

-- The load of a commercial is the sum of the weights of their live assignments. Judged at commit.
create function commercials_load_agrees() returns trigger
language plpgsql as $$
declare
    subject text := case when tg_table_name = 'commercials' then to_jsonb(new) ->> 'id'
        else to_jsonb(new) ->> 'commercial_id' end;
    counted numeric;
    stated numeric;
begin
    select load into stated from commercials where workspace_id = new.workspace_id and id = subject;
    select coalesce(sum(weight), 0) into counted from assignments
        where workspace_id = new.workspace_id and commercial_id = subject and ended_at is null;
    if stated is distinct from counted then
        raise exception 'load of commercial % is %, live assignments weigh %', subject, stated, counted
            using errcode = 'check_violation', constraint = 'commercials_load_agrees', table = tg_table_name;
    end if;
    return null;
end
$$;
create constraint trigger commercials_load_agrees after insert or update of load on commercials
    deferrable initially deferred for each row execute function commercials_load_agrees();
create constraint trigger assignments_load_agrees after insert or update of weight, state, ended_at on assignments
    deferrable initially deferred for each row execute function commercials_load_agrees();

-- A chat's status and owner agree with its live assignment, or there is none. Judged at commit.
create function chats_assignment_agrees() returns trigger
language plpgsql as $$
declare
    subject uuid := coalesce(to_jsonb(new) ->> 'chat_id', to_jsonb(new) ->> 'id')::uuid;
    chat record;
    live record;
begin
    select status, owner_id into chat from chats where workspace_id = new.workspace_id and id = subject;
    select state, commercial_id into live from assignments
        where workspace_id = new.workspace_id and chat_id = subject and ended_at is null;
    if (case
        when chat.status in ('bot', 'waiting', 'offline', 'closed') then live.state is not null
        when chat.status = 'offered' then live.state is distinct from 'offered'
        else live.state is distinct from chat.status or live.commercial_id is distinct from chat.owner_id
    end) then
        raise exception 'chat % is %, its live assignment %', subject, chat.status, coalesce(live.state, 'missing')
            using errcode = 'check_violation', constraint = 'chats_assignment_agrees', table = tg_table_name;
    end if;
    return null;
end
$$;
create constraint trigger chats_assignment_agrees after insert or update of status, owner_id on chats
    deferrable initially deferred for each row execute function chats_assignment_agrees();
create constraint trigger assignments_chat_agrees after insert or update of state, ended_at on assignments
    deferrable initially deferred for each row execute function chats_assignment_agrees();
