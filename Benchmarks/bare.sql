-- A bare INSERT: one row, one index, nothing else.
\set word random(1, 1000000000)
insert into pgbench_bare (content)
values ('El pedido ' || :word::text || ' es de color azul y talla mediana, lo compré el martes en la tienda.');
