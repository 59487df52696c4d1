#!/bin/busybox sh
# load SECONDS: two workers a CPU, of which each writes memory, reads it back and starts programs, at least once and
# until the time is up. A worker that does not come to its end has done nothing, wrongly.
until=$(($(cut -d. -f1 /proc/uptime) + $1))
head -c 1048576 /dev/urandom >/tmp/data
wanted=$(md5sum </tmp/data)
work() {
  rounds=0 wrong=0
  while [ "$rounds" = 0 ] || [ "$(cut -d. -f1 /proc/uptime)" -lt "$until" ]; do
    rm -f "/tmp/copy-$1"
    cp /tmp/data "/tmp/copy-$1"
    [ -s "/tmp/copy-$1" ] && [ "$(md5sum <"/tmp/copy-$1")" = "$wanted" ] || wrong=$((wrong + 1))
    rounds=$((rounds + 1))
  done
  echo "$rounds $wrong" >"/tmp/result-$1"
}
workers=$(seq $((2 * $(nproc))))
for worker in $workers; do work "$worker" & done
wait
ended=0 rounds=0 wrong=0
for worker in $workers; do
  r=0 w=1
  read -r r w <"/tmp/result-$worker" && ended=$((ended + 1))
  rounds=$((rounds + r)) wrong=$((wrong + w))
done
rm -f /tmp/data /tmp/copy-* /tmp/result-*
echo "load: $ended workers, $rounds rounds, $wrong wrong"
