# shellcheck shell=bash
# Debian systems in folders, for scripts/matrix, scripts/cross and scripts/musl, which source this at the root of the
# tree. Debootstrap makes them outside the repository, and they are used again the next time.

roots=${ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/hw_signature/roots}
# The archive that this machine itself installs from.
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)}
cargo_home=${CARGO_HOME:-$HOME/.cargo}
rustup_home=${RUSTUP_HOME:-$HOME/.rustup}

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Starts the script anew with mounts of its own, which are gone with it, however it ends. Called with all its arguments.
own_mounts() {
    ((EUID == 0)) || fail "$0 installs whole Debian systems into folders, and only root can: sudo $0 $*"
    command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap'
    [[ ${OWN_MOUNTS:-} ]] || OWN_MOUNTS=1 exec unshare --mount --propagation private -- "$0" "$@"
    mkdir -p "$roots"
}

# A command in a root. Cargo is that of the root, or else this machine's.
inside() {
    local root=$roots/$1
    shift
    env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive CARGO_HOME="$cargo_home" RUSTUP_HOME="$rustup_home" \
        PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$cargo_home/bin" \
        chroot "$root" "$@" </dev/null
}

# A folder of this machine in a root, under the same name or another.
bind() {
    local folder=$roots/$1${3:-$2}
    mountpoint -q "$folder" && return
    mkdir -p "$folder"
    mount --rbind "$2" "$folder"
}

# make_root NAME SUITE [ARCHITECTURE]
make_root() {
    local root=$roots/$1 suite=$2 folder
    if [[ ! -e $root/.ready ]]; then
        rm -rf --one-file-system "$root"
        debootstrap --variant=minbase --include=ca-certificates ${3:+--arch="$3"} "$suite" "$root" "$mirror"
        # A mirror that is a copy of an earlier day is as good.
        echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/50roots"
        printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' >"$root/etc/dpkg/dpkg.cfg.d/50roots"
        printf 'deb%s\n' " $mirror $suite main" "-src $mirror $suite main" >"$root/etc/apt/sources.list"
        touch "$root/.ready"
    fi
    for folder in /proc /dev "$cargo_home" "$rustup_home"; do
        bind "$1" "$folder"
    done
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    # Cargo in the root trusts whom this machine trusts.
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
}

# Another suite to install from, besides that of the root: sources NAME SUITE [deb-src]
sources() {
    local line="${3:-deb} $mirror $2 main"
    grep -qsxF "$line" "$roots/$1/etc/apt/sources.list" && return
    echo "$line" >>"$roots/$1/etc/apt/sources.list"
    inside "$1" apt-get update
}

# install_packages NAME PACKAGE …: asks nothing of the mirror where all of them are there.
install_packages() {
    local root=$1
    shift
    [[ $(inside "$root" dpkg-query -W -f '${db:Status-Abbrev}\n' "$@" 2>/dev/null | grep -c '^ii') != "$#" ]] || return 0
    inside "$root" apt-get update
    inside "$root" apt-get install -y --no-install-recommends "$@"
}

# PHP from Debian's source package, with the extensions that the tests need: build_php ROOT PACKAGE[/SUITE] PREFIX [CONFIGURE-ARGUMENT …]
build_php() {
    local root=$1 prefix=$3
    [[ ! -x $roots/$root$prefix/bin/php ]] || return 0
    install_packages "$root" dpkg-dev g++ pkgconf libxml2-dev zlib1g-dev bison re2c autoconf
    # shellcheck disable=SC2016
    inside "$root" sh -ec '
        package=$1 prefix=$2
        shift 2
        rm -rf /usr/src/php
        mkdir -p /usr/src/php
        cd /usr/src/php
        apt-get source --only-source "$package" || { echo "The mirror has no source of $package." && exit 1; }
        cd php*/
        ./buildconf --force
        ./configure --prefix="$prefix" --disable-all --enable-cli --enable-tokenizer --with-libxml --enable-dom \
            --enable-xml --enable-xmlwriter --enable-ctype --enable-filter --enable-mbstring --disable-mbregex \
            --enable-pcntl --enable-posix --with-iconv --with-zlib "$@"
        make -j "$(nproc)"
        make install
        # Debian has patched the place of the embed library.
        [ ! -e libs/libphp.so ] || install -m 644 libs/libphp.so "$prefix/lib/"
        echo include_path=.:/usr/share/php >"$prefix/lib/php.ini"
    ' sh "${@:2}"
}

# The tree as it is, without what git ignores, in a folder of a root: copy_tree NAME FOLDER
copy_tree() {
    rm -rf "$roots/$1$2"
    mkdir -p "$roots/$1$2"
    # -m: what was copied is new, and is built anew, whatever stood in this folder before.
    git ls-files -z --cached --others --exclude-standard --deduplicate | tar -c --null -T - --ignore-failed-read |
        tar -x -m -C "$roots/$1$2"
}

# A step with a log, of which the runners' closing lines are shown; sets `failed`: step NAME COMMAND …
step() {
    local log=$roots/$1.log verdict=passed
    echo "== $1: $log"
    # As a job, because `set -e` does not hold in a condition.
    "${@:2}" >"$log" 2>&1 &
    wait $! || verdict=FAILED
    [[ $verdict == passed ]] || tail -n 40 "$log"
    grep -E '^(test result: |OK \(|Tests: )' "$log" || true
    echo "$verdict"
    [[ $verdict == passed ]] || failed=true
}
