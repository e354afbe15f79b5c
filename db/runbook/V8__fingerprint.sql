-- The old shape before and after each piece of work that changes it, object by object: the way back has to leave what there
-- was before, and what differs is named.

create table fingerprint (
    run    bigint not null references migration_run,
    moment text   not null,
    object text   not null,
    digest text   not null,
    primary key (run, moment, object)
);

comment on column fingerprint.digest is 'Of the object''s definition; no row of any table is in it.';

-- Everything in these schemas, as the catalogue defines it, with the rights of all but the owners.
create function fingerprint_of(schemas text[]) returns table (object text, digest text)
    language sql stable set search_path = pg_catalog, pg_temp as $$
    with place as (select oid, nspname, nspacl, nspowner from pg_namespace where nspname = any (schemas)),
    relation as (
        select c.*, format('%I.%I', p.nspname, c.relname) as shown from pg_class c join place p on p.oid = c.relnamespace),
    routine as (
        select f.*, format('%I.%I(%s)', p.nspname, f.proname, pg_get_function_identity_arguments(f.oid)) as shown
        from pg_proc f join place p on p.oid = f.pronamespace),
    part (object, definition) as (
        select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence '
                when 'i' then 'index ' when 'I' then 'index ' else 'table ' end || c.shown,
            concat_ws(';', c.relkind, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
                case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid)
                    when c.relkind in ('i', 'I') then pg_get_indexdef(c.oid) end)
        from relation c where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
        union all
        select format('column %s.%I', c.shown, a.attname),
            concat_ws(';', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                pg_get_expr(d.adbin, d.adrelid))
        from relation c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.relkind in ('r', 'p', 'f', 'v', 'm')
        union all
        select format('constraint %I on %s', k.conname, c.shown), pg_get_constraintdef(k.oid)
        from relation c join pg_constraint k on k.conrelid = c.oid
        union all
        select format('trigger %I on %s', t.tgname, c.shown), t.tgenabled::text || pg_get_triggerdef(t.oid)
        from relation c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal
        union all
        select format('rule %I on %s', r.rulename, c.shown), pg_get_ruledef(r.oid)
        from relation c join pg_rewrite r on r.ev_class = c.oid where r.rulename <> '_RETURN'
        union all
        select format('policy %I on %s', p.polname, c.shown),
            concat_ws(';', p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid),
                pg_get_expr(p.polwithcheck, p.polrelid))
        from relation c join pg_policy p on p.polrelid = c.oid
        union all
        select format('statistics %I on %s', s.stxname, c.shown), pg_get_statisticsobjdef(s.oid)
        from relation c join pg_statistic_ext s on s.stxrelid = c.oid
        union all
        select 'function ' || f.shown,
            f.proowner::regrole::text || case f.prokind when 'a' then 'aggregate' else pg_get_functiondef(f.oid) end
        from routine f
        union all
        select format('type %I.%I', p.nspname, t.typname),
            t.typtype::text || coalesce((select string_agg(e.enumlabel, ',' order by e.enumsortorder)
                                   from pg_enum e where e.enumtypid = t.oid), '')
        from pg_type t join place p on p.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
        where t.typtype in ('e', 'd', 'r', 'm') or c.relkind = 'c'
        union all
        select format('right %s on %s of %s', held.privilege_type, held.shown,
                case held.grantee when 0 then 'public' else held.grantee::regrole::text end), held.is_grantable::text
        from (
            select c.shown, c.relowner as owner, acl.* from relation c cross join lateral aclexplode(c.relacl) acl
            union all
            select format('%s.%I', c.shown, a.attname), c.relowner, acl.*
            from relation c join pg_attribute a on a.attrelid = c.oid cross join lateral aclexplode(a.attacl) acl
            union all
            select 'function ' || f.shown, f.proowner, acl.* from routine f
            cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) acl
            union all
            select format('schema %I', p.nspname), p.nspowner, acl.* from place p cross join lateral aclexplode(p.nspacl) acl
        ) held
        where held.grantee <> held.owner)
    select part.object, md5(string_agg(coalesce(part.definition, ''), '|' order by part.definition))
    from part group by part.object
$$;

revoke execute on function fingerprint_of(text[]) from public;
