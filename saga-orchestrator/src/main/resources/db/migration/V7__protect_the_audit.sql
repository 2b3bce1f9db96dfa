-- Who may change what is evidence: nobody who runs. The owner keeps what it needs to migrate.

-- Also where the service's role owns its tables; what it took from itself it would have to give back first.
REVOKE UPDATE, DELETE, TRUNCATE ON operator_audit FROM CURRENT_USER;

-- The names of the roles are the deployment's, so they are found by what they were granted.
DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT quote_ident(pg_get_userbyid(acl.grantee))
        FROM pg_class c, aclexplode(c.relacl) acl
        WHERE c.oid IN ('operator_audit'::regclass, 'flyway_schema_history'::regclass)
          AND acl.grantee <> 0 AND pg_get_userbyid(acl.grantee) <> CURRENT_USER
    LOOP
        EXECUTE 'REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON operator_audit FROM ' || grantee;
        EXECUTE 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON flyway_schema_history FROM ' || grantee;
    END LOOP;
END $$;
