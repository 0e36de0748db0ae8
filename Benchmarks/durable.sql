-- What one message costs PostgreSQL when it comes alone: the chat's numbers, the message with its indexes, the event, in
-- one statement and one commit, on the gateway's own tables. Each client has chats of its own, as visitors have.
\set chat :client_id * 16 + random(0, 15)
\set word random(1, 1000000000)
with c as (
    update chats set
        seq = seq + 1,
        event_no = event_no + 1,
        last_visitor_seq = seq + 1,
        last_visitor_at = clock_timestamp(),
        bot_posts = 0,
        bot_handovers = 0,
        bot_notes = 0,
        mood = 0.6 * 0 + 0.4 * coalesce(mood, 0)
    where workspace_id = 'pgbench' and id = ('00000000-0000-4000-8000-' || lpad(:chat::text, 12, '0'))::uuid
        and status <> 'closed'
    returning *
), m as (
    insert into messages (workspace_id, chat_id, seq, sender_role, sender_id, type, content, client_msg_id, metadata)
    select workspace_id, c.id, c.seq, 'visitor', c.visitor_id, 'user',
        'El pedido ' || :word::text || ' es de color azul y talla mediana, lo compré el martes en la tienda.',
        :word::text || '-' || c.seq::text, '{}'
    from c
    returning id, created_at
), o as (
    insert into outbox (workspace_id, chat_id, event_no, kind, message_id, created_at, data)
    select c.workspace_id, c.id, c.event_no, 'messagePosted', m.id, m.created_at, jsonb_strip_nulls(jsonb_build_object(
        'visitorID', c.visitor_id, 'status', c.status, 'epoch', c.epoch, 'priority', c.priority,
        'queue', c.queue, 'assignedTo', case when c.owner_role <> 'ai' then c.owner_id end))
    from c, m
    returning id
)
select o.id, m.id, c.seq, c.event_no, m.created_at from c, m, o;
