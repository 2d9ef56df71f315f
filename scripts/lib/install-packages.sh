#!/bin/sh
# Install what is missing of a list of packages, without starting the services they bring.
# usage: install-packages.sh <list>
set -eu

# Names of the list's packages, but for those that some other program stands in for already.
wanted_packages() {
    while read -r package comment; do
        case $comment in
        "# unless "*) ! command -v "${comment#\# unless }" >/dev/null || continue ;;
        esac
        case $package in
        "" | "#"*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done <"$1"
}

# Those of them that are not installed. One call of dpkg-query, so that the usual case, nothing
# missing, costs next to nothing.
missing_packages() {
    wanted=$(wanted_packages "$1")
    # shellcheck disable=SC2086 # a list of words
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
        sed -n 's/^installed //p' | tr '\n' ' ') || true
    for package in $wanted; do
        case " $installed " in
        *" $package "*) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

# The same script again, with the rights to install.
become_root() {
    if ! command -v sudo >/dev/null; then
        echo "./dev: as root, please: apt-get install $missing" >&2
        exit 77
    fi
    # Without a terminal nobody can type a password: then it works at once or not at all.
    if [ -t 0 ]; then
        exec sudo -- sh "$0" "$list"
    fi
    exec sudo -n -- sh "$0" "$list"
}

policy=/usr/sbin/policy-rc.d
saved=$policy.before-postroom
lock=/run/postroom-packages.lock

# dpkg asks policy-rc.d before it starts a service. Ours says no only as long as the lock is held:
# left behind by a kill -9, it allows everything again.
forbid_services() {
    if [ -e "$policy" ] && [ ! -e "$saved" ] && ! grep -q "$lock" "$policy"; then
        mv "$policy" "$saved"
    fi
    cat >"$policy.new" <<EOF
#!/bin/sh
flock -n "$lock" true && exit 0
exit 101
EOF
    chmod 755 "$policy.new"
    mv "$policy.new" "$policy"
}

allow_services() {
    if [ -e "$saved" ]; then
        mv "$saved" "$policy"
    elif [ -e "$policy" ] && grep -q "$lock" "$policy"; then
        rm -f "$policy"
    fi
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

install_missing() {
    # shellcheck disable=SC2086 # a list of words
    apt -y --no-install-recommends install $missing
}

list=$1
missing=$(missing_packages "$list")
[ -n "$missing" ] || exit 0
[ "$(id -u)" -eq 0 ] || become_root

# Two clones may get here together: the second waits, and then finds everything there.
exec 9>"$lock"
flock 9
missing=$(missing_packages "$list")
[ -n "$missing" ] || exit 0

echo "./dev: installing $missing" >&2
trap allow_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
forbid_services
if [ -n "$(dpkg --audit)" ]; then
    # An earlier installation was interrupted.
    DEBIAN_FRONTEND=noninteractive dpkg --configure -a --force-confdef >&2 </dev/null
fi
# shellcheck disable=SC2086 # a list of words
if ! apt-get -s --no-install-recommends install $missing >/dev/null 2>&1 || ! install_missing; then
    apt update
    install_missing
fi
