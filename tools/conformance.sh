#!/usr/bin/env bash
# Replays the recorded conversations with the reference server against the built one, a fresh server for each scenario.
#   CONFORMANCE  folder of conform.py, scenarios/ and golden/
#   BIN          the server;  PAYLOAD  folder of the payload jars
# Arguments: scenarios; none means all. Steps that conformance-differences.txt names ("scenario: NN step") are left out
# of the count of failures, because Purser answers them better on purpose.
set -euo pipefail

scenarios=("$@")
if [ ${#scenarios[@]} -eq 0 ]; then
  mapfile -t scenarios < <(cd "$CONFORMANCE/scenarios" && ls ./*.json | sed 's|^\./||; s|\.json$||')
fi
bin=$(realpath "$BIN")
work=$(mktemp -d)
# what the last applications write on their way out may come in between
trap 'rm -rf "$work" 2>/dev/null || { sleep 1; rm -rf "$work"; }' EXIT
listed=conformance-differences.txt
[ -f "$listed" ] || listed=/dev/null

check() {
  python3 "$CONFORMANCE/conform.py" check --payload "$PAYLOAD" --each "'$bin' serve --server.port={port} \
    --purser.data-dir='$work/$1' --purser.platform.local.stop-on-exit=true \
    --spring.cloud.skipper.server.platform.local.accounts.default.working-directories-root='$work/$1/run' \
    --spring.cloud.skipper.server.strategies.healthcheck.timeout-in-millis=60000 \
    --spring.cloud.skipper.server.strategies.healthcheck.sleep-in-millis=1000" "$1" >"$work/$1.out" 2>&1 || true
}
export -f check
export CONFORMANCE PAYLOAD bin work

printf '%s\n' "${scenarios[@]}" | xargs -P 2 -I{} bash -c 'check {}'

total_passed=0 total_failed=0 total_known=0
for s in "${scenarios[@]}"; do
  closing=$(tail -n 1 "$work/$s.out")
  if ! [[ $closing =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    printf '%-14s did not run: %s\n' "$s" "$closing"
    total_failed=$((total_failed + 1))
    continue
  fi
  passed=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]}
  known=$(awk 'FILENAME == ARGV[1] { if ($0 !~ /^(#|$)/) listed[$0] = 1; next }
    sub(/^FAIL /, "") { sub(/  \(.*\)$/, ""); if ($0 in listed) n++ } END { print n + 0 }' "$listed" "$work/$s.out")
  printf '%-14s %4d passed, %3d failed' "$s" "$passed" $((failed - known))
  [ "$known" -gt 0 ] && printf ', %d differ on purpose' "$known"
  printf '\n'
  total_passed=$((total_passed + passed)) total_failed=$((total_failed + failed - known)) total_known=$((total_known + known))
  [ -n "${VERBOSE:-}" ] && grep -v 'passed,' "$work/$s.out" || true
done
[ "$total_known" -gt 0 ] && echo "$total_known steps differ on purpose: docs/differences.md"
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ]
