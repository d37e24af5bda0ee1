#!/bin/sh
# Runs once, on an empty volume: a role and its own databases for Privet and for Temporal; neither is a superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=privet="$PRIVET_DB_PASSWORD" --set=temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE privet LOGIN PASSWORD :'privet';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE privet OWNER privet;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
