#!/bin/busybox sh
# load SECONDS: two workers a CPU, of which each writes memory, reads it back and starts programs, until the time is up.
until=$(($(cut -d. -f1 /proc/uptime) + $1))
head -c 1048576 /dev/urandom >/tmp/data
wanted=$(md5sum </tmp/data)
work() {
  rounds=0 wrong=0
  while [ "$(cut -d. -f1 /proc/uptime)" -lt "$until" ]; do
    cp /tmp/data "/tmp/copy-$1"
    [ "$(md5sum <"/tmp/copy-$1")" = "$wanted" ] || wrong=$((wrong + 1))
    rounds=$((rounds + 1))
  done
  echo "$rounds $wrong" >"/tmp/result-$1"
}
workers=$(seq $((2 * $(nproc))))
for worker in $workers; do work "$worker" & done
wait
rounds=0 wrong=0
for worker in $workers; do
  read -r r w <"/tmp/result-$worker"
  rounds=$((rounds + r)) wrong=$((wrong + w))
done
rm /tmp/data /tmp/copy-* /tmp/result-*
echo "load: $rounds rounds, $wrong wrong"
