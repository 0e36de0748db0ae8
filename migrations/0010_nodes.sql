-- Which run of which node wrote an event (app.node, set on every pooled connection): the others let it out at once, while
-- the node itself waits for its own hand-in, which knows the socket that caused it. Null for command-line tools.
alter table outbox add column node text default nullif(current_setting('app.node', true), '');
