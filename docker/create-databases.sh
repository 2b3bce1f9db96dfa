#!/usr/bin/env bash
# Runs once, when the server's volume is new: for each service a database, a role that owns and migrates it, and the
# service's own role, which reads and writes rows there and can do nothing else anywhere.
set -euo pipefail

for name in orders payments inventory deliveries orchestrator; do
    psql -v ON_ERROR_STOP=1 -v name="$name" -v owner="${name}_owner" -v password="$BATON_DATABASE_PASSWORD" \
        -v owner_password="$BATON_OWNER_PASSWORD" --dbname "${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
\connect :"name"
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE ON SCHEMAS TO :"name";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"name";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE ON SEQUENCES TO :"name";
SQL
done
