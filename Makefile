# Like a phpize extension: make, make test, make install, make clean. `make help` lists the rest.

PHP ?= php
PHP_CONFIG ?= php-config
PHPUNIT ?= phpunit
CARGO ?= cargo
DESTDIR ?=
export PHP PHP_CONFIG PHPUNIT CARGO DESTDIR

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
MODULE := modules/hw_signature.so
BUILT := $(TARGET_DIR)/$(CARGO_BUILD_TARGET:%=%/)release/libhw_signature.$(if $(filter Darwin,$(shell uname)),dylib,so)
SOURCES := Cargo.toml Cargo.lock $(shell find .cargo src -type f)

# ext-php-rs wants paths.
path = $(or $(shell command -v $(1) 2>/dev/null),$(error $(1) is missing: `make deps` installs it))
CARGO_WITH_PHP = PHP=$(call path,$(PHP)) PHP_CONFIG=$(call path,$(PHP_CONFIG)) $(CARGO)

.PHONY: all help deps test lint test-core test-php interop test-nextcloud bench bench-check demo install uninstall clean dist deb ide try-pie try-packages matrix valgrind asan soak opcache embed arm64 s390x musl

all: ## build the module, modules/hw_signature.so (the default)
	$(CARGO_WITH_PHP) rustc --release --locked --crate-type cdylib
	@mkdir -p modules
	@cmp -s $(BUILT) $(MODULE) || install -m 644 $(BUILT) $(MODULE)
	@touch $(MODULE)

# A file, so that `sudo make install` after `make` does not build as root.
$(MODULE): $(SOURCES)
	@$(MAKE) --no-print-directory all

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
	@echo '  Variables: PHP, PHP_CONFIG, PHPUNIT, CARGO, CARGO_TARGET_DIR, DESTDIR, PREFIX'

deps: ## install what building and testing need, with apt
	@scripts/deps build test

test: ## all checks and tests
	@scripts/deps build test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-core
	@$(MAKE) --no-print-directory test-php
	@$(MAKE) --no-print-directory test-library

# --release shares the build scripts and the engine's bindings with the module.
lint: ## rustfmt, clippy, and that imports run one way
	$(CARGO) fmt --check
	$(call path,$(PHP)) scripts/imports.php
	$(CARGO_WITH_PHP) clippy --locked --release --all-targets -- -D warnings
	$(CARGO) clippy --locked --release --all-targets --no-default-features -- -D warnings

test-core: ## the Rust tests, which need no PHP
	$(CARGO) test --locked --no-default-features

test-php: all ## the PHPUnit tests, against the module that was just built
	scripts/php $$(command -v $(PHPUNIT)) -c php-tests/phpunit.xml $(PHPUNIT_FLAGS)

.PHONY: test-library fuzz-library try-library library-tables contracts

contracts: all ## write the contract files with their vectors; needs Python
	contracts/generate.py

library-tables: all ## write what the PHP library has from the module
	scripts/php scripts/library-tables.php

test-library: all ## the same PHPUnit tests, and random calls, against the PHP library that stands for the module
	scripts/php scripts/library-tables.php --check
	scripts/test-library $(PHPUNIT_FLAGS)
	SEED=1 CASES=20000 scripts/php scripts/fuzz-library.php

try-library: ## a receiver, the tool and the Nextcloud app in a Debian without the module (root, debootstrap)
	scripts/try-library

fuzz-library: all ## a million random calls to the module and to the library (SEED, CASES, CASE)
	scripts/php scripts/fuzz-library.php

interop: all ## other programs as peers: Django, nginx, Redis, libraries of other languages
	HW_SIGNATURE_SO=$(abspath $(MODULE)) interop/run

test-nextcloud: $(MODULE) ## the tests of the example app inside the Nextcloud that NEXTCLOUD_ROOT names, as the user that owns it
	@: $${NEXTCLOUD_ROOT:?names no installed Nextcloud}
	HW_SIGNATURE_SO=$(abspath $(MODULE)) interop/run --filter SignedBackend

bench: all ## ratios against what a PHP user would write, and against the floor
	PHP=$(call path,$(PHP)) PHP_CONFIG=$(call path,$(PHP_CONFIG)) scripts/bench

bench-check: all ## instruction counts against the recorded ones
	scripts/instructions --check

demo: ## a genuine and a forged request against a receiver; the first time, it builds for some minutes
	@echo 'A genuine and a forged request against a receiver. The first time, the module is built before, for some minutes.'
	@scripts/deps build
	@$(MAKE) --no-print-directory all
	@scripts/php scripts/demo.php

install: $(MODULE) ## install and enable the module, and the tool below PREFIX (root)
	@scripts/install

uninstall: ## remove what `make install` installed (root)
	@scripts/install --undo

clean: ## remove what was built
	$(CARGO) clean $(if $(CARGO_TARGET_DIR),-p hw_signature)
	rm -rf modules dist

dist: all ## pack the module for PIE, with checksum and manifest, into dist/
	@scripts/dist

deb: all ## pack the module and the tool as a Debian package into dist/
	@scripts/deb

ide: ## a real language server, and mago where it is installed, on the IDE stub; needs npm
	scripts/ide-test

try-pie: ## phpize, configure, make, make test and make install, as PIE does
	scripts/try-pie

try-packages: dist deb ## both packages in a fresh Debian; needs root and debootstrap
	scripts/try-packages

.PHONY: fuzz fuzz-php constant-time deny

fuzz: ## cargo-fuzz on the core, a minute for each target (FUZZ_SECONDS)
	@scripts/fuzz

fuzz-php: all ## a million calls with random arguments (SEED, CASES, CASE)
	scripts/php scripts/fuzz.php

constant-time: ## whether a branch or an index depends on a secret, under valgrind
	@scripts/constant-time

deny: ## licences, sources and duplicates of what is linked, with cargo-deny
	$(CARGO) deny --locked check bans licenses sources

matrix: ## the PHPUnit suite with every PHP that Debian has, and thread-safe ones (root, debootstrap)
	scripts/matrix $(MATRIX_FLAGS)

arm64: ## the Rust tests and the PHPUnit suite for arm64, under qemu (root, debootstrap)
	scripts/cross arm64 $(PHPUNIT_FLAGS)

s390x: ## the Rust tests on a big-endian processor, under qemu (root, debootstrap)
	scripts/cross s390x

musl: ## the PHPUnit suite with a PHP and a module on musl, as in Alpine (root, debootstrap)
	scripts/musl $(PHPUNIT_FLAGS)

valgrind: all ## the PHPUnit suite under valgrind
	scripts/valgrind

asan: ## the Rust tests with AddressSanitizer (nightly)
	RUSTFLAGS=-Zsanitizer=address $(CARGO) +nightly test --locked --no-default-features --lib --tests --target $$(rustc -vV | sed -n 's/^host: //p')

soak: all ## ten million calls, and the memory before and after
	scripts/php scripts/soak.php

opcache: all ## the PHPUnit suite with opcache, JIT and preloading, and php-fpm across reloads
	scripts/opcache

embed: all ## PHP started and ended several times in one process, in several threads where it is thread safe
	scripts/embed
