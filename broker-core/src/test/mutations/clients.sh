#!/usr/bin/env bash
# Shows that the tests of groups with real clients can see: applies each mutation of the folder clients to a copy of the sources,
# and runs the stress of groups until it fails. Usage: broker-core/src/test/mutations/clients.sh [name ...]   (all of them without
# names). RUNS says how often at most (3), SECONDS_EACH how long each time (20).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for patch in "$here"/clients/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
(cd "$root" && git ls-files -z --cached --others --exclude-standard | grep -zv '^benchmarks/' \
  | xargs -0 -I{} sh -c 'test ! -f "$1" || printf "%s\0" "$1"' _ {} | xargs -0 cp --parents -t "$copy")
sed -i '/<module>benchmarks<\/module>/d' "$copy/pom.xml"
missed=0
for name in "${names[@]}"; do
  if ! (cd "$copy" && patch -p1 -s --no-backup-if-mismatch < "$here/clients/$name.patch"); then
    echo "$name: does not apply any more"; missed=1; continue
  fi
  seen=
  for run in $(seq 1 "${RUNS:-3}"); do
    if ! (cd "$copy" && mvn -o -q -B -pl broker-server -am test-compile surefire:test@kafka-clients-3.9.2 \
        -Dspotless.check.skip=true -Dtest=KafkaClientsGroupStressTest -Dsurefire.failIfNoSpecifiedTests=false \
        -Drebalance.seconds="${SECONDS_EACH:-20}" > "$copy/run.log" 2>&1); then
      seen=$(grep -m1 -E 'has two owners|went back|is told as|not consumed' "$copy/run.log" | cut -c1-200 || true)
      break
    fi
  done
  if [ -n "$seen" ]; then echo "$name: run $run: $seen"; else echo "$name: NOT CAUGHT"; tail -5 "$copy/run.log"; missed=1; fi
  (cd "$copy" && patch -p1 -R -s --no-backup-if-mismatch < "$here/clients/$name.patch")
done
exit $missed
