#!/bin/sh
# Brings both databases of Temporal to the schema of this admin-tools version; doing it again changes nothing.
set -eu
for pair in temporal:temporal temporal_visibility:visibility; do
    database=${pair%%:*} schema=${pair##*:}
    tool() { temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal --db "$database" "$@"; }
    # Version 0.0 makes the version table; where there is one already, the update below is what counts.
    tool setup-schema -v 0.0 || echo "the version table of $database is there already"
    tool update-schema -d "/etc/temporal/schema/postgresql/v12/$schema/versioned"
done
