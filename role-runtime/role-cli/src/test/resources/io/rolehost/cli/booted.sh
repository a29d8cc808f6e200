# Runs as a service of the booted systemd; writes a line a finding. Sleeps are what it waits by: a shell has nothing else.
exec >/scenario/trace 2>&1
set -x
touch /scenario/began
say() { echo "$*" >>/scenario/result; }
show() { systemctl show -p "$2" --value "$1"; }
within() {
  end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}
is() { [ "$(show "$1" ActiveState)" = "$2" ]; }
renewed() {
  now=$(systemctl show -p ActiveState,MainPID --value "$1" | sort | xargs)
  [ "$now" != "0 active" ] && [ "$now" != "$2 active" ] && [ "${now#* }" = active ]
}
# Does something to the main process, and says whether another one is up then.
after() {
  unit=$1
  old=$(show "$unit" MainPID)
  shift
  [ "$old" -gt 0 ] || {
    echo "$unit has no process"
    return
  }
  "$@" "$old"
  if within 120 renewed "$unit" "$old"; then echo restarted; else echo "$(show "$unit" ActiveState), $(show "$unit" Result)"; fi
}
ends() { echo "$1" >/var/lib/sweeper/do; }
stopped() {
  begin=$SECONDS
  systemctl stop "$1"
  echo "$(show "$1" ActiveState) $(show "$1" Result), in time: $((SECONDS - begin <= $2))"
}
ask() {
  timeout 100 bash -c 'exec 3<>/dev/tcp/127.0.0.1/18080 && printf "GET / HTTP/1.0\r\n\r\n" >&3 && cat <&3' | tail -1
}

systemctl start sweeper
say "start: $? $(show sweeper ActiveState) $(show sweeper StatusText | grep -c .)"
say "kill -9: $(after sweeper kill -9)"
say "exit 86: $(after sweeper ends 86)"
say "exit 70: $(after sweeper ends 70)"
say "hung: $(after sweeper kill -STOP), $(journalctl -u sweeper | grep -c 'Watchdog timeout')"
say "stop: $(stopped sweeper 90)"
systemctl start sweeper
ends 78
within 60 is sweeper failed
sleep 10 # twice RestartSec
say "exit 78: $(show sweeper ActiveState) $(show sweeper ExecMainStatus)"

systemctl start photos
say "node: $? $(show photos ActiveState), $(show photos StatusText)"
say "node kill -9: $(after photos kill -9)"
say "node hung: $(after photos kill -STOP)"
say "node stop: $(stopped photos 180)"

systemctl start report.timer
within 120 test -s /var/lib/report/runs
say "timer: $(head -1 /var/lib/report/runs)"
systemctl stop report.timer

systemctl start web.socket
say "socket: $(ask)"
(
  bad=0
  good=0
  until [ -e /tmp/enough ]; do
    if [ "$(ask)" = hello ]; then good=$((good + 1)); else bad=$((bad + 1)); fi
  done
  echo "refused $bad, answered: $((good > 0))" >/tmp/asked
) &
systemctl restart web
sleep 1 # for a few more of them
touch /tmp/enough
wait
say "socket restart: $(cat /tmp/asked)"
