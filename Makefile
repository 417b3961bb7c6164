# SPDX-License-Identifier: Apache-2.0
# The doors. `make` lists them. Everything that is built goes under build/.

SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# All cores; make V=1 shows whole command lines.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
Q    := $(if $(V),,@)
SAY   = @$(if $(V),:,printf '  %-8s %s\n' $(1) $@)

WARNINGS := -Wall -Wextra -Werror -Wshadow
CPPFLAGS += -Icmodel -Itb -Ifirmware -D_POSIX_C_SOURCE=200809L -DEIE_SOURCE_DIR=\"$(CURDIR)\" -MMD -MP
CFLAGS   += -std=c11 -O2 -g $(WARNINGS)
LDLIBS   += -lcjson -lz -lopenblas -lm -ldl -lpthread
# The same sources once more for the tests, with the run-time checks of the compiler.
SANITIZE := -std=c11 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
            -fno-omit-frame-pointer $(WARNINGS)

# libeie is cmodel/ without the command; the command adds tb/ (devices, lock-step) and the driver.
COMMAND_SRC := $(wildcard cmodel/cmd_*.c) $(wildcard cmodel/eie_main.c)
LIB_SRC     := $(filter-out $(COMMAND_SRC),$(wildcard cmodel/*.c))
DEVICE_SRC  := $(wildcard tb/*.c) $(wildcard firmware/eie_driver*.c)

objects = $(patsubst %.c,build/$(1)%.o,$(2))

LIB_OBJ     := $(call objects,obj/,$(LIB_SRC))
DEVICE_OBJ  := $(call objects,obj/,$(DEVICE_SRC))
COMMAND_OBJ := $(call objects,obj/,$(COMMAND_SRC))
SANITIZED_LIB_OBJ     := $(call objects,sanitize/obj/,$(LIB_SRC))
SANITIZED_DEVICE_OBJ  := $(call objects,sanitize/obj/,$(DEVICE_SRC))
SANITIZED_COMMAND_OBJ := $(call objects,sanitize/obj/,$(COMMAND_SRC))

# tests/test_*.c: the C code, sanitized. tests/rtl_*.c: these drive the RTL, which is loaded at run time.
C_TESTS   := $(patsubst tests/%.c,build/tests/%,$(wildcard tests/test_*.c))
RTL_TESTS := $(patsubst tests/%.c,build/tests/%,$(wildcard tests/rtl_*.c))
# Programs that `make bench` starts.
BENCH_PROGRAMS := $(addprefix build/bench/,points_csv index_width queue_depths peak_memory timing_speed)
SH_TESTS  := $(filter-out tests/run_tests.sh,$(wildcard tests/*.sh))

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: build ## the committed network through the RTL, every bit compared (IMAGES=10000: all of them)
	@IMAGES=$(IMAGES) scripts/demo.sh

.PHONY: test
test: build ## everything a change must pass: lint, the C tests, the RTL tests, the commands
	@+$(MAKE) --no-print-directory test-programs
	@tests/run_tests.sh $(RTL_TESTS) $(SH_TESTS) $(C_TESTS)

.PHONY: test-icarus
test-icarus: build ## more of the RTL tests on Icarus, X-strict (EIE_PART=whole: all, days; docs/icarus.md)
	@+$(MAKE) --no-print-directory test-programs
	@EIE_PART=$(or $(EIE_PART),long) EIE_ICARUS_TIMEOUT=604800 EIE_TEST_JOBS=2 tests/icarus.sh

.PHONY: test-planted
test-planted: build ## the check checked: bugs planted in the RTL, each found at its place
	@+$(MAKE) --no-print-directory build/tests/rtl_planted build/tests/rtl_bad_use
	@EIE_PLANTED=all EIE_TEST_LOGS=build/test-logs-planted tests/run_tests.sh build/tests/rtl_planted \
	  > build/test-planted.txt; status=$$?; grep '^|' build/test-logs-planted/rtl_planted.log; \
	  cat build/test-planted.txt; exit $$status

.PHONY: planted
planted: build ## the tables of docs/planted-bugs.md again, from runs on both simulators
	@+$(MAKE) --no-print-directory build/tests/rtl_planted build/tests/rtl_bad_use
	@scripts/planted.sh

.PHONY: soak
soak: build ## random cases over both simulators, SECONDS=600 SEED=1 (docs/soak.md)
	@+$(MAKE) --no-print-directory build/tests/soak
	@build/tests/soak --seconds $(or $(SECONDS),600) --seed $(or $(SEED),1)

.PHONY: build
build: packages ## the command build/eie and the verilated array of the demo
	@+$(MAKE) --no-print-directory build-all

.PHONY: bench
bench: build ## measure all of docs/performance.md again: tables, speeds, sweeps, plots
	@EIE_PACKAGES=scripts/packages_bench.txt EIE_PACKAGES_LOG=build/packages-bench.log scripts/install_packages.sh
	@+$(MAKE) --no-print-directory bench-programs
	@+$(MAKE) --no-print-directory build/bench/golden_speed || echo 'bench: the golden model is not measured'
	@bench/bench.sh

.PHONY: lint
lint: packages ## each module of the RTL alone through Verilator, Icarus and Yosys
	@scripts/lint.sh

.PHONY: vectors
vectors: build ## train, prune and share the committed network again (vectors/README.md)
	@scripts/vectors.sh

.PHONY: waves
waves: build ## the pictures of docs/waves.md again, from traces
	@scripts/waves.sh

.PHONY: synth
synth: build-report ## BOARD=ulx3s: synthesis, place and route, bitstream, report (SEEDS='1 2 3', JOBS= seeds at a time); alone: the table of all boards
	@$(if $(BOARD),EIE_PACKAGES=scripts/packages_synth.txt EIE_PACKAGES_LOG=build/packages-synth.log scripts/install_packages.sh)
	@$(if $(BOARD),synth/board.sh $(BOARD) $(if $(SEEDS),--seeds '$(SEEDS)') $(if $(CONFIG),--config $(CONFIG)) $(if $(JOBS),--jobs $(JOBS)),synth/table.sh)

.PHONY: synth-fit
synth-fit: build build-report ## what eie fit says of each board against what synthesis finds (minutes a board)
	@synth/fit_check.sh

.PHONY: cells
cells: packages ## cell counts of one PE for ECP5 and iCE40 (Yosys of Debian)
	@synth/count.sh

.PHONY: build-report
build-report: packages
	@+$(MAKE) --no-print-directory build/synth_report

.PHONY: gates
gates: packages ## size of one PE in NAND2 equivalents; LIBERTY=file.lib: in its areas (docs/gates.md)
	@synth/gates.sh

.PHONY: registers
registers: build/gen_registers ## print the register files again from firmware/eie_registers.def
	@scripts/registers.sh build/gen_registers .

.PHONY: format
format: ## clang-format 14 over the C code
	@scripts/format.sh

.PHONY: packages
packages: ## install the Debian packages that are missing
	@scripts/install_packages.sh

.PHONY: clean
clean: ## remove build/
	rm -rf build

# ---- what is built -------------------------------------------------------------------------------

# Rules that verilate a configuration to build/rtl/NAME/libeie_rtl.so. The demo's is part of the build;
# tests ask for theirs when they run, and find them again the next time.
NAME :=
RTL_LIBRARIES := $(if $(wildcard rtl/eie_top.sv),build/rtl/pe64/libeie_rtl.so)
-include tb/verilator.mk

.PHONY: rtl-force
rtl-force:
$(RTL_LIBRARIES): build/rtl/%/libeie_rtl.so: rtl-force
	@[ -e $@ ] || echo '  verilate $@ (about a minute)'
	@+$(MAKE) --no-print-directory -f tb/verilator.mk NAME=$* VARIANT=fast

.PHONY: build-all test-programs bench-programs
build-all: build/eie build/libeie.a build/eie.f $(RTL_LIBRARIES)

test-programs: $(C_TESTS) $(RTL_TESTS) build/tests/soak build/tests/board_sim build/sanitize/eie build/gen_registers build/synth_report $(BENCH_PROGRAMS)

bench-programs: $(BENCH_PROGRAMS)

build/libeie.a: $(LIB_OBJ)
	@rm -f $@.new
	$(Q)ar rcs $@.new $^ && mv $@.new $@

build/eie: $(COMMAND_OBJ) $(DEVICE_OBJ) build/libeie.a
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

build/sanitize/eie: $(SANITIZED_COMMAND_OBJ) $(SANITIZED_DEVICE_OBJ) build/sanitize/libeie.a
	$(call SAY,link)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) $^ $(LDLIBS) -o $@

build/sanitize/libeie.a: $(SANITIZED_LIB_OBJ)
	@rm -f $@.new
	$(Q)ar rcs $@.new $^ && mv $@.new $@

build/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call SAY,cc)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

build/sanitize/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call SAY,cc)
	$(Q)$(CC) $(CPPFLAGS) $(SANITIZE) -c $< -o $@

# A device object is linked into every test program, and thrown out again where nothing calls it, from
# an archive: a test of the packer alone does not carry the simulator.
build/sanitize/libdevice.a: $(SANITIZED_DEVICE_OBJ)
	@rm -f $@.new
	$(Q)ar rcs $@.new $^ && mv $@.new $@

build/libdevice.a: $(DEVICE_OBJ)
	@rm -f $@.new
	$(Q)ar rcs $@.new $^ && mv $@.new $@

build/tests/test_%: build/sanitize/obj/tests/test_%.o build/sanitize/libdevice.a build/sanitize/libeie.a
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

build/tests/rtl_%: build/obj/tests/rtl_%.o build/libdevice.a build/libeie.a
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

# The soak is a program of several files; tests/rtl_soak.c tests it.
build/tests/soak: $(call objects,obj/,$(wildcard tests/soak*.c)) build/libdevice.a build/libeie.a
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

# A Verilated board behind a pseudo-terminal (docs/host-link.md).
build/tests/board_sim: build/obj/tests/board_sim.o
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -ldl -o $@

build/bench/%: build/obj/bench/%.o build/libdevice.a build/libeie.a
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

# The golden model against the libraries of PyPI, which this installs (python3 with venv, network).
BLAS      := build/bench/venv
SPEED_OBJ := $(call objects,obj/,bench/golden_speed.c $(wildcard bench/speed_*.c))
$(BLAS)/ready: bench/requirements-blas.txt
	$(call SAY,pip)
	$(Q)python3 -m venv $(BLAS)
	$(Q)$(BLAS)/bin/pip install -q --no-deps --require-hashes --only-binary :all: -r $<
	$(Q)cd $(BLAS) && ln -sfn lib/python3*/site-packages/scipy_openblas32 openblas
	@touch $@

$(SPEED_OBJ): CPPFLAGS += -isystem $(BLAS)/include
$(SPEED_OBJ): $(BLAS)/ready
build/bench/golden_speed: $(SPEED_OBJ) build/libeie.a
	@mkdir -p $(@D)
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

# Models of the small vector sets (scripts/vector_sets.sh).
build/corners: build/obj/vectors/corners.o build/libeie.a
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

# What became of a board (synth/board.sh).
build/synth_report: $(call objects,obj/,$(wildcard synth/*.c) tb/report_number.c) build/libeie.a
	$(call SAY,link)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

# The generator stands alone: it is built before anything that it prints can be included.
build/gen_registers: firmware/gen_registers.c firmware/eie_registers.def cmodel/eie_version.h
	@mkdir -p $(@D)
	$(call SAY,cc)
	$(Q)$(CC) -std=c11 -O1 $(WARNINGS) -Icmodel -Ifirmware $< -o $@

# File list for other simulators and tools, packages first (docs/integration.md).
RTL_SRC := $(wildcard rtl/*_pkg.sv) $(filter-out $(wildcard rtl/*_pkg.sv),$(wildcard rtl/*.sv))
build/eie.f: $(RTL_SRC) rtl Makefile
	@mkdir -p $(@D)
	@{ echo '+incdir+$(CURDIR)/rtl'; printf '%s\n' $(addprefix $(CURDIR)/,$(RTL_SRC)); } > $@

.SECONDARY:
-include $(shell find build -type f -name '*.d' -not -path '*/rtl/*' 2>/dev/null)
