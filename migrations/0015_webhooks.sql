-- Who outside hears of what happens: endpoints, what is on its way to them, and what never got there.

create table webhook_endpoints (
    workspace_id text not null references workspaces,
    name text not null check (char_length(name) between 1 and 128),
    url text not null check (char_length(url) between 1 and 2048),
    -- As outbox.kind has them.
    kinds text[] not null,
    -- Each signs every delivery; two while one takes the other's place.
    secrets text[] not null check (cardinality(secrets) between 1 and 2),
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, name)
);
call fence('webhook_endpoints');

-- One row per endpoint and event, with the event as the outbox had it: deliveries outlive the outbox's row. There is no
-- foreign key to the endpoint, whose removal must not make a message wait or fail; what has lost its endpoint is not delivered.
create table webhook_deliveries (
    workspace_id text not null references workspaces,
    id uuid not null default gen_random_uuid(),
    endpoint text not null,
    event_id bigint not null,
    chat_id uuid,
    event_no bigint,
    kind text not null,
    data jsonb not null,
    message_id uuid,
    event_at timestamptz not null,
    -- Attempts that were reported as failed.
    attempts integer not null default 0 check (attempts >= 0),
    due_at timestamptz not null default clock_timestamp(),
    -- +1 with each lease: a worker whose lease somebody else has taken over is refused by it.
    fence bigint not null default 0,
    leased_until timestamptz,
    delivered_at timestamptz,
    last_status integer,
    last_failure text check (char_length(last_failure) <= 64),
    primary key (workspace_id, id)
);
create unique index webhook_deliveries_once on webhook_deliveries (workspace_id, endpoint, event_id);
create index webhook_deliveries_due on webhook_deliveries (workspace_id, endpoint, due_at) where delivered_at is null;
create index webhook_deliveries_chat on webhook_deliveries (workspace_id, endpoint, chat_id, event_no)
    where delivered_at is null and chat_id is not null;
create index webhook_deliveries_age on webhook_deliveries (workspace_id, delivered_at) where delivered_at is not null;
create index webhook_deliveries_subject on webhook_deliveries (workspace_id, chat_id);
call fence('webhook_deliveries');

create table webhook_dead_letters (
    workspace_id text not null references workspaces,
    id uuid not null,
    endpoint text not null,
    event_id bigint not null,
    chat_id uuid,
    event_no bigint,
    kind text not null,
    data jsonb not null,
    message_id uuid,
    event_at timestamptz not null,
    attempts integer not null,
    last_status integer,
    last_failure text,
    died_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id)
);
create index webhook_dead_letters_age on webhook_dead_letters (workspace_id, died_at);
create index webhook_dead_letters_subject on webhook_dead_letters (workspace_id, chat_id);
call fence('webhook_dead_letters', 'select, insert, update, delete');

-- With the event, in its transaction: there is no reader that could step over one. A whisper is nobody's but its two people's.
create function outbox_deliver() returns trigger
language plpgsql as $$
begin
    insert into webhook_deliveries (
        workspace_id, endpoint, event_id, chat_id, event_no, kind, data, message_id, event_at)
    select f.workspace_id, e.name, f.id, f.chat_id, f.event_no, f.kind, f.data, f.message_id, f.created_at
    from fresh f
    join webhook_endpoints e on e.workspace_id = f.workspace_id and f.kind = any (e.kinds)
    where f.kind <> 'notePosted' or not exists (
        select from notes n where n.workspace_id = f.workspace_id and n.id = f.message_id and n.for_id is not null);
    return null;
end
$$;
create trigger outbox_deliver after insert on outbox referencing new table as fresh
    for each statement execute function outbox_deliver();
