#!/bin/sh
# Records which pages a real program touches, as a trace that a scenario can replay.
#
#   scripts/record-trace.sh NAME COMMAND...    writes traces/NAME.gz
#   scripts/record-trace.sh                    records the traces that are shipped
#
# Needs valgrind (Debian: apt-get install valgrind); awk, gzip and the texts are in every Debian.
#
# Valgrind's lackey prints each instruction, load and store. A reference is kept unless its page is
# one of the WINDOW pages touched last, so that a loop over the same few pages does not drown the
# rest; the first store to such a page is kept. A machine that holds more pages than that faults
# exactly as often under LRU as with the whole trace.
set -eu
cd "$(dirname "$0")/.."
: "${WINDOW:=4}"
LC_ALL=C
export LC_ALL

record() {
  name=$1
  shift
  command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 2; }
  mkdir -p traces
  {
    printf '# %s\n' "$*" | tr '\n' ' '
    printf '\n# pages of 4 KiB; left out: pages among the last %s touched\n' "$WINDOW"
    # The program's own output goes nowhere; lackey's goes down the pipe.
    { valgrind --tool=lackey --trace-mem=yes --log-fd=9 "$@" 9>&1 >/dev/null 2>&1 </dev/null; } |
      awk -v window="$WINDOW" '
        # I and L read, S writes, M does both: "I  0401ab70,3", " S 1fff000678,8".
        $1 !~ /^[ILSM]$/ || NF != 2 { next }
        {
          comma = index($2, ",")
          page = substr($2, 1, comma - 4)
          write = $1 == "S" || $1 == "M"
          # recent[1] is the page touched last; its mark says whether its store is in the trace.
          for (place = 1; place <= kept; place++) if (recent[place] == page) break
          known = place <= kept
          was = known ? marked[place] : 0
          if (!known && kept < window) kept++
          if (place > kept) place = kept
          for (; place > 1; place--) { recent[place] = recent[place - 1]; marked[place] = marked[place - 1] }
          recent[1] = page
          marked[1] = was || write
          if (known && (was || !write)) next
          if (!(page in number)) number[page] = pages++
          print number[page] (write ? "w" : "")
        }'
  } | gzip -9n >"traces/$name.gz"
  echo "traces/$name.gz: $(gzip -dc "traces/$name.gz" | grep -vc '^#') references," \
    "$(gzip -dc "traces/$name.gz" | grep -v '^#' | tr -d w | sort -nu | wc -l) pages," \
    "$(wc -c <"traces/$name.gz") bytes"
}

if [ $# -ge 2 ]; then
  record "$@"
else
  licences=/usr/share/common-licenses
  record sort sort "$licences/GPL-3" "$licences/Apache-2.0"
  record perl perl -ne '$n{$_}++ for split; END { print "$_ $n{$_}\n" for sort keys %n }' "$licences/BSD"
fi
