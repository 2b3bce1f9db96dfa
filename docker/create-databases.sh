#!/usr/bin/env bash
# Runs once, when the server's volume is new: a database and a role for each service, which owns it and nothing else.
set -euo pipefail

for name in orders payments inventory deliveries orchestrator; do
    psql -v ON_ERROR_STOP=1 -v name="$name" -v password="$BATON_DATABASE_PASSWORD" --dbname "${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
