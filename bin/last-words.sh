#!/bin/sh
# Run by the Java of broker-start.sh when it breaks down, with its process id: says in the broker's log what it died of and what
# it was doing, from the report that Java has written. BROKER_LOG_DIR is where both are.
set -eu

report=$BROKER_LOG_DIR/java-error-$1.log
[ -f "$report" ] || exit 0

thread=$(sed -n 's/^Current thread ([^)]*): *[A-Za-z]*Thread "\([^"]*\)".*/\1/p' "$report" | head -n 1)
cause=$(sed -n 's/.*OutOfMemory encountered: \(.*\)/\1/p' "$report" | head -n 1)
line="[$(date '+%Y-%m-%d %H:%M:%S'),000] ERROR [$thread] The broker ends"
if [ -n "$cause" ]; then
    line="$line for want of memory ($cause): give it more with -Xmx in BROKER_HEAP_OPTS, or less to do. It was doing this:"
else
    line="$line: Java has broken down, see $report. It was doing this:"
fi
{
    echo "$line"
    sed -n '/^Java frames/,/^$/s/^[jJ] .*\(io\.odradek\.[^ (]*\)(.*/	at \1/p' "$report" | head -n 20
} | tee -a "$BROKER_LOG_DIR/broker.log0" >&2

# Of these reports, the newest are enough.
# shellcheck disable=SC2012 # the names are Java's
ls -t "$BROKER_LOG_DIR"/java-error-*.log | tail -n +6 | while read -r old; do
    rm -f "$old"
done
