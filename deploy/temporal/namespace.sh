#!/bin/sh
# Namespace with a retention of weeks, and the search attributes that workflows set; doing it again changes nothing.
set -eu
namespace=${TEMPORAL_NAMESPACE:-default}
retention=${TEMPORAL_RETENTION:-720h}

tries=0
until temporal operator cluster health; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || { echo "Temporal does not become healthy" >&2; exit 1; }
    sleep 2
done

temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 \
    || temporal operator namespace create --namespace "$namespace" --retention "$retention"
temporal operator namespace update --namespace "$namespace" --retention "$retention"

have=$(temporal operator search-attribute list --namespace "$namespace")
for name in PrivetStatus PrivetClientId PrivetManagerId PrivetAccountId PrivetStep; do
    case $have in
        *"$name"*) ;;
        *) temporal operator search-attribute create --namespace "$namespace" --name "$name" --type Keyword ;;
    esac
done
