#!/bin/sh
# The role of the application, which owns nothing: `privet` owns the tables and migrates. Runs on an empty volume, and at every
# `up` in the service `application-role`, so that databases of earlier versions get it and a changed password counts.
set -eu
psql --set=ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname postgres --set=password="$PRIVET_APP_DB_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE privet_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'privet_app') \gexec
ALTER ROLE privet_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SQL
