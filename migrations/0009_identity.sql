-- Whose tokens a workspace takes besides the install's own, and what is void before its time.

-- Keys of a workspace's back ends. They verify and sign nothing; an HS256 key is a secret all the same.
create table verification_keys (
    workspace_id text not null references workspaces,
    kid text not null check (char_length(kid) between 1 and 128),
    -- The one algorithm that the key is for, whatever a token's header says.
    algorithm text not null check (algorithm in ('HS256', 'RS256', 'ES256', 'EdDSA')),
    material text not null check (char_length(material) between 1 and 16384),
    -- Where set, what `iss` and `aud` of its tokens must be.
    issuer text,
    audience text,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, kid)
);
call fence('verification_keys');

-- The address of a key set (RFC 7517) and the last document from there that had keys in it. The document outlives
-- whatever happens at the address.
create table key_sets (
    workspace_id text primary key references workspaces,
    url text not null check (url like 'https://%' and char_length(url) <= 2048),
    issuer text,
    audience text,
    document text check (octet_length(document) <= 65536),
    fetched_at timestamptz,
    -- When somebody last began to ask, so that of any number of nodes one does.
    attempted_at timestamptz,
    failures integer not null default 0 check (failures >= 0),
    created_at timestamptz not null default clock_timestamp()
);
call fence('key_sets');

-- A token by its `jti`, or everything issued to a subject up to an instant. Rows are only ever added.
create table revocations (
    workspace_id text not null references workspaces,
    id bigint generated always as identity,
    jti text check (char_length(jti) between 1 and 1024),
    subject text check (char_length(subject) between 1 and 128),
    -- Null: whatever the role.
    role text check (role in ('visitor', 'commercial', 'supervisor', 'admin', 'ai')),
    issued_until timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, id),
    constraint revocations_one_kind check (
        (jti is null) <> (subject is null) and (subject is null) = (issued_until is null))
);
call fence('revocations', 'select, insert');
