#!/bin/sh
# Records the programs of the library of traces (traces/library.json) with `faultline trace record`.
#
#   scripts/record-traces.sh            records them all
#   scripts/record-traces.sh NAME...    records these
#
# Needs what it records (Debian: apt-get install valgrind gcc tcc sqlite3 lua5.4), and cargo; awk, gzip and the texts are in
# every Debian. FAULTLINE names another command than the one that cargo builds.
#
# A reference is kept unless its page is one of the few touched last, so that a loop over the same few pages does not
# drown the rest (--recent).
set -eu
cd "$(dirname "$0")/.."
LC_ALL=C
export LC_ALL
unset LANG
programs=$PWD/traces/programs
licences=/usr/share/common-licenses
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${FAULTLINE:-}" ]; then
  cargo build --quiet --release --package faultline-cli
  FAULTLINE=$PWD/target/release/faultline
fi

# record TRACE RECENT COMMAND... writes $work/TRACE.trace; the command's output goes to $work/out.
record() {
  trace=$1
  recent=$2
  shift 2
  (cd "$work" && "$FAULTLINE" trace record --recent "$recent" --out "$trace.trace" -- "$@" >out)
}

# keep NAME packs $work/NAME.trace.
keep() {
  gzip -9nc <"$work/$1.trace" >"traces/$1.gz"
  echo "traces/$1.gz: $(wc -c <"traces/$1.gz") bytes"
  "$FAULTLINE" trace info "traces/$1.gz" | grep -E '^(references|pages)'
}

# Joins the stages of a pipeline, each of which waits for the one before to end: their pages are not the same pages.
join() {
  echo '# from tr | sort | uniq -c | sort -rn, stage by stage'
  offset=0
  for stage; do
    grep -v '^#' "$work/$stage.trace" | awk -v offset="$offset" '{ print $1 + offset (/w/ ? "w" : "") }'
    offset=$((offset + $(grep -v '^#' "$work/$stage.trace" | tr -d w | sort -nu | tail -n 1) + 1))
  done
}

[ $# -gt 0 ] || set -- compiler query external-sort matrix-ijk matrix-ikj collector pipeline
for name; do
  case $name in
    compiler)
      cp "$programs/trees.c" "$work"
      record compiler 4 tcc -c trees.c -o trees.o
      ;;
    query)
      sqlite3 "$work/shop.db" <"$programs/database.sql"
      record query 16 sqlite3 shop.db <"$programs/query.sql"
      ;;
    external-sort)
      awk 'BEGIN { for (i = 0; i < 4000; i++) printf "%d line %d of a file that is larger than its memory\n", i * 7919 % 10007, i }' \
        >"$work/lines"
      record external-sort 16 sort -S 64k --parallel=1 -T . lines
      ;;
    matrix-ijk | matrix-ikj)
      gcc -O1 -o "$work/matrix" "$programs/matrix.c"
      record "$name" 4 ./matrix "${name#matrix-}"
      ;;
    collector)
      cp "$programs/trees.lua" "$work"
      record collector 16 lua5.4 trees.lua
      ;;
    pipeline)
      cp "$licences/GPL-3" "$work/out"
      stages=
      for stage in "tr -cs A-Za-z \\n" "sort" "uniq -c" "sort -rn"; do
        mv "$work/out" "$work/in"
        stages="$stages stage$(echo "$stages" | wc -w)"
        # shellcheck disable=SC2086 # a stage is words
        record "${stages##* }" 16 $stage <"$work/in"
      done
      # shellcheck disable=SC2086
      join $stages >"$work/pipeline.trace"
      ;;
    *)
      echo "$name: there is no such trace" >&2
      exit 2
      ;;
  esac
  keep "$name"
done
