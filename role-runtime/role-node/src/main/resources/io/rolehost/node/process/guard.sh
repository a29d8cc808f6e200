# Outlives a node that was killed, by a few seconds, and ends what it left behind.
# $1 = process id of the node, $2 = its state directory. Standard input ends when the node does.
trap '' HUP INT TERM
cat >/dev/null
left() {
  for environ in $(grep -lzx "ROLEHOST_NODE=$1" /proc/[0-9]*/environ 2>/dev/null); do
    grep -qzxF -e "ROLEHOST_STATE_DIR=$2" -e "ROLEHOST_STATE_DIR=$2/aot/training/state" "$environ" 2>/dev/null || continue
    pid="${environ#/proc/}"
    echo "${pid%/environ}"
  done
}
# Role hosts notice by themselves and stop in order within 3 s.
for tenths in 5 5 5 5 5 5 5; do
  [ -n "$(left "$1" "$2")" ] || exit 0
  sleep "0.$tenths"
done
for round in 1 2; do
  # shellcheck disable=SC2046
  kill -KILL $(left "$1" "$2") 2>/dev/null
done
