# usage: odd_mounts.sh LOOPWRIGHT ROOT, in a folder with disk/
export LOOPWRIGHT_CACHE=disk
mount -t tmpfs -o noexec tmpfs disk && "$1" run -O0 "$2/tests/runtime/Inputs/Hello.som"
mount -t tmpfs -o ro tmpfs disk && "$1" run -O0 "$2/tests/runtime/Inputs/Hello.som"
