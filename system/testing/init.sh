#!/bin/busybox sh
# The Linux guests' first program. "facts" on the kernel's command line: say what this machine is. Then a shell.
/bin/busybox --install -s /bin
export PATH=/bin PS1='guest# '
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
# Kernel messages would run into the answers.
echo 1 >/proc/sys/kernel/printk
for module in /modules/*.ko; do
  [ ! -e "$module" ] || insmod "$module"
done
section() {
  echo "facts: begin $1"
  shift
  "$@"
  echo "facts: end"
}
case " $(cat /proc/cmdline) " in
*" facts "*)
  section device-tree base64 /sys/firmware/fdt
  section iomem cat /proc/iomem
  section cpus nproc
  section cpuinfo cat /proc/cpuinfo
  ;;
esac
# What a test has for the domain to do beside its shell.
[ ! -x /bin/rc ] || /bin/rc &
echo "ready: shell on $(nproc) CPUs"
exec setsid cttyhack sh
