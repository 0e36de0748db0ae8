-- What `gateway apply` says of a workspace: how its queues hand out chats, and what its commercials can do.

-- Null and empty: as the gateway's own settings have it, and asking for nothing.
alter table queues
    add column auto_accept boolean,
    add column offer_timeout_ms bigint check (offer_timeout_ms > 0),
    add column languages text[] not null default '{}',
    -- Side by side: a skill, and the least level of it.
    add column skills text[] not null default '{}',
    add column skill_levels bigint[] not null default '{}',
    -- Time zone, weekly stretches and holidays; null is open at all hours.
    add column hours jsonb check (jsonb_typeof(hours) = 'object'),
    add constraint queues_skills check (cardinality(skills) = cardinality(skill_levels));

create table commercial_profiles (
    workspace_id text not null,
    commercial_id text not null,
    languages text[] not null default '{}',
    skills text[] not null default '{}',
    skill_levels bigint[] not null default '{}',
    -- Side by side: a queue, and the tier of it; queues that are not here are of tier 1.
    tier_queues text[] not null default '{}',
    tiers bigint[] not null default '{}',
    primary key (workspace_id, commercial_id),
    foreign key (workspace_id, commercial_id) references commercials on delete cascade,
    constraint commercial_profiles_skills check (cardinality(skills) = cardinality(skill_levels)),
    constraint commercial_profiles_tiers check (cardinality(tier_queues) = cardinality(tiers))
);
call fence('commercial_profiles');

-- Moves with everything that is applied, so that running gateways see that there is something to take up.
create table workspace_revisions (
    workspace_id text primary key references workspaces,
    revision bigint not null default 1,
    applied_at timestamptz not null default clock_timestamp()
);
call fence('workspace_revisions', 'select, insert, update');
