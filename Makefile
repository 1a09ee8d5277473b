# Two commands matter: `make demo` and `make test`. Each installs what is missing, builds, and runs.

SWIFT ?= swift
# Two jobs suit the smallest machine we support; override with JOBS=n.
JOBS ?= 2
# One file without shared libraries, where the machine can link it; XLSX=1 for a shared one that writes workbooks.
RELEASE = -c release --static-swift-stdlib $(shell XLSX=$(XLSX) scripts/static.sh) -j $(JOBS)
# Of debug builds; scripts/check.sh takes the same.
TRAITS = $(shell scripts/traits.sh)
BINARY = .build/release/spotcheck
PREFIX ?= /usr/local
PYTHON = .venv/bin/python
BENCH_ROWS ?= 10000000
# Questions are asked of so many rows too; BENCH_HUGE= leaves them out.
BENCH_HUGE ?= 100000000

.PHONY: demo test check build setup python install clean bench bench-quick counts regenerate fuzz torture help

help:
	@echo "make demo     build, import the samples of three bureaus, show pass rates"
	@echo "make test     build and run every test; compare the benchmark's answers and instruction counts"
	@echo "make check    format, import and house rules only"
	@echo "make bench    measure beside peers; writes Documentation.docc/Performance.md; an hour"
	@echo "              BENCH_HUGE=: without 100 M rows and their 12 GB; 20 minutes"
	@echo "make fuzz     fuzz every reader of bytes from outside; FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make torture  kills, I/O errors, power loss, damage: the whole of it; hours"
	@echo "make install  install to PREFIX ($(PREFIX)), with manual pages and completions"
	@echo "              XLSX=1: with --format xlsx, where libxlsxwriter is a shared library only"
	@echo "make clean    remove what was built"

setup:
	@scripts/setup.sh

build: setup
	@$(SWIFT) build $(RELEASE) --product spotcheck

demo: build
	@scripts/demo.sh $(BINARY)

python:
	@scripts/python.sh

test: python
	@scripts/setup.sh test
	scripts/check.sh
	SPOTCHECK_PYTHON="$$(test -x $(PYTHON) && echo $$PWD/$(PYTHON))" $(SWIFT) test $(TRAITS) -j $(JOBS)
	@# What only a release can tell: that the benchmark's answers are right, and what a thousand rows cost.
	@if command -v python3 >/dev/null; then $(MAKE) --no-print-directory bench-quick counts; \
	else echo "spotcheck: no python3: the benchmark's answers and counts are not compared" >&2; fi

check: setup
	@scripts/check.sh

bench: build
	@$(SWIFT) build $(RELEASE) --product spotcheck-bench
	@python3 scripts/bench $(BINARY) --big $(BENCH_ROWS) $(if $(BENCH_HUGE),--huge $(BENCH_HUGE)) --write Sources/SpotCheck/Documentation.docc/Performance.md

# Small, no figures: are the answers right?
bench-quick: build
	@python3 scripts/bench $(BINARY) --quick

# Documentation.docc/Torture.md says what these two do. A finding makes them fail.
FUZZ_SECONDS ?= 60
fuzz: build
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz.sh

torture: build
	@python3 scripts/torture all --binary $(BINARY)

# Instructions a thousand rows, compared with what was recorded.
counts: build
	@python3 scripts/bench/counts.py $(BINARY) || test $$? = 77

# Rewrites what is generated from the code: schema, pipeline reference, diagnostics page, samples.
regenerate: build
	@scripts/regenerate.sh $(BINARY)

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/spotcheck $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -s -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/spotcheck
	cp -R pipelines $(DESTDIR)$(PREFIX)/share/spotcheck/
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BINARY) --generate-completion-script bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/spotcheck
	$(BINARY) --generate-completion-script zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_spotcheck
	$(BINARY) --generate-completion-script fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/spotcheck.fish
	if command -v python3 >/dev/null; then python3 scripts/man.py $(BINARY) $(DESTDIR)$(PREFIX)/share/man/man1; \
	else echo "spotcheck: no python3: manual pages are left out; --help says the same" >&2; fi
	install -m 755 scripts/systemd/mail-failure $(DESTDIR)$(PREFIX)/share/spotcheck/
	install -m 644 scripts/crontab.example $(DESTDIR)$(PREFIX)/share/spotcheck/
	for unit in scripts/systemd/*.service scripts/systemd/*.timer; do \
	  sed 's|@PREFIX@|$(PREFIX)|g' "$$unit" >"$(DESTDIR)$(PREFIX)/lib/systemd/system/$${unit##*/}" || exit 1; \
	done

clean:
	rm -rf .build .venv
