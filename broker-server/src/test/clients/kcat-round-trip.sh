#!/usr/bin/env bash
# The steps of OldClientsTest with kcat as it speaks to brokers of 0.9: produces COUNT records with each codec, reads them alone and in
# a group that goes on after its commit, and prints what a new client has written to RECENT.
# FETCH_BYTES, where it is set, is how much it asks for.
# usage: kcat-round-trip.sh KCAT BOOTSTRAP TOPIC COUNT RECENT
set -euo pipefail
topic=$3
count=$4
recent=$5
old=("$1" -b "$2" -X api.version.request=false -X broker.version.fallback=0.9.0)
reading=(-q -f '%k %s\n' -X "fetch.message.max.bytes=${FETCH_BYTES:-1000000}" -X auto.offset.reset=earliest -X "group.id=$topic-group")
codecs="none gzip snappy lz4"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

records() {
    awk -v codec="$1" -v count="$count" 'BEGIN {
        for (i = 0; i < count; i++) {
            key = codec "-" i
            dots = sprintf("%*s", i % 400, "")
            gsub(/ /, ".", dots)
            print key " " key dots
        }
    }'
}

for codec in $codecs; do
    records "$codec" >> "$folder/expected"
    records "$codec" | "${old[@]}" -P -t "$topic" -K ' ' -z "$codec" -X acks=all
done
sort "$folder/expected" -o "$folder/expected"
all=$(wc -l < "$folder/expected")

"${old[@]}" -C -t "$topic" -o beginning -e "${reading[@]}" | sort > "$folder/alone"
diff "$folder/alone" "$folder/expected" >&2

"${old[@]}" "${reading[@]}" -c $((all / 2)) -G "$topic-group" "$topic" > "$folder/group" 2> "$folder/group.err"
"${old[@]}" "${reading[@]}" -c $((all - all / 2)) -G "$topic-group" "$topic" >> "$folder/group" 2>> "$folder/group.err"
sort "$folder/group" | diff - "$folder/expected" >&2

"${old[@]}" -C -t "$recent" -o beginning -e "${reading[@]}"
echo "ok $all"
