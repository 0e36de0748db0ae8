-- What supervisors whisper, how visitors feel by now, and what keeps bots to their turns.

-- A whisper is a note for one person; supervisors and admins read it too, and nobody else does.
alter table notes
    add column for_id text,
    drop constraint notes_type_check,
    add constraint notes_type_check check (type in ('note', 'agent', 'ai-response', 'system', 'whisper')),
    add constraint notes_whisper check (
        (type = 'whisper') = (for_id is not null) and (type <> 'whisper' or sender_role in ('supervisor', 'admin')));

alter table chats
    -- The visitor's polarity, newer words weighing more; null before their first word.
    add column mood double precision check (mood between -1 and 1),
    -- What staff were told of it last.
    add column told_mood double precision,
    add column told_mood_label text check (told_mood_label in ('negative', 'neutral', 'positive')),
    -- The number of the first message that belongs to people since a bot had the chat last.
    add column human_from_seq bigint check (human_from_seq >= 1),
    -- How often it went from bot to bot: since the visitor's last word, and altogether.
    add column bot_handovers integer not null default 0 check (bot_handovers >= 0),
    add column bot_handovers_total integer not null default 0 check (bot_handovers_total >= 0),
    -- Notes of bots since somebody who is none said something.
    add column bot_notes integer not null default 0 check (bot_notes >= 0);

-- The stream of which a message is the stored end; the pieces of a stream are stored nowhere.
alter table messages add column stream_id text check (char_length(stream_id) between 1 and 128);

-- A bot speaks to the visitor only in a chat that it has: the last of the fences, whatever the code above it believes.
create function messages_bot_owns() returns trigger
language plpgsql as $$
begin
    if not exists (
        select from chats c where c.workspace_id = new.workspace_id and c.id = new.chat_id
            and c.status = 'bot' and c.owner_role = 'ai' and c.owner_id = new.sender_id)
    then
        raise exception 'the bot does not have this chat'
            using errcode = 'check_violation', constraint = 'messages_bot_owns', table = tg_table_name;
    end if;
    return new;
end
$$;
create trigger messages_bot_owns before insert on messages for each row
    when (new.sender_role = 'ai') execute function messages_bot_owns();

-- Which suggestions a commercial was given in a chat, and what came of them; not what they said.
create table suggestions (
    workspace_id text not null,
    chat_id uuid not null,
    commercial_id text not null,
    id text not null check (char_length(id) between 1 and 128),
    bot_id text not null,
    -- The visitor's message that they answer.
    for_seq bigint not null check (for_seq >= 0),
    given_at timestamptz not null default clock_timestamp(),
    outcome text check (outcome in ('used', 'edited', 'ignored')),
    primary key (workspace_id, chat_id, commercial_id, id),
    foreign key (workspace_id, chat_id) references chats
);
create index suggestions_age on suggestions (given_at);
call fence('suggestions');
