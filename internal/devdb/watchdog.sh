# Runs one Postgres until standard input ends, then stops it and cleans up.
#
# Whoever starts this holds the other end of standard input, which ends when
# that process closes it or dies. Descriptor 3 is the locked file that tells
# others that this cluster lives; Postgres inherits it.
bin=$1 data=$2 signal=$3 remove=$4 socket=$5 nosync=$6
shift 6
exec 4<&0 </dev/null

make_cluster() {
	# Made aside and moved into place, so that half a cluster is never taken
	# for one. Sorted by code point everywhere, with the letters of all
	# languages where the system knows them.
	for ctype in C.UTF-8 en_US.UTF-8 C; do
		rm -rf "$data.new"
		"$bin/initdb" --pgdata="$data.new" --username=postgres --auth-local=trust --auth-host=reject \
			--encoding=UTF8 --locale=C --lc-ctype="$ctype" --data-checksums --no-instructions $nosync 4<&- &&
			mv "$data.new" "$data" && return
	done
	return 1
}

status=1
if [ -e "$data/PG_VERSION" ] || make_cluster; then
	"$bin/postgres" -D "$data" "$@" 4<&- &
	postgres=$!
	(
		while read -r _; do :; done <&4
		# Again and again, because the first may come before Postgres listens
		# to signals; after a minute without mercy.
		tries=0
		while kill -"$signal" "$postgres"; do
			tries=$((tries + 1))
			[ "$tries" -lt 300 ] || signal=KILL
			sleep 0.2
		done
	) 3<&- 2>/dev/null &
	reader=$!
	wait "$postgres"
	status=$?
	kill "$reader" 2>/dev/null
fi
[ -z "$socket" ] || rm -rf "$socket"
[ -z "$remove" ] || rm -rf "$remove"
exit "$status"
