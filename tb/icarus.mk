# SPDX-License-Identifier: Apache-2.0
# The RTL of one configuration for vvp, Icarus Verilog's simulator, and the VPI module that moves its pins.
#
#   make -f tb/icarus.mk NAME=pe4
#
# PARAMETERS  KEY=VALUE words; taken from rtl/configs/NAME.cfg, synth/boards/NAME/NAME.cfg or tests/configs/NAME.cfg when not given.
# EIE_CLOCKS  gated: clusters with nothing to do sleep, twice as fast with 16 PEs; plain (when it is not given):
#             the design as it is synthesised (rtl/eie_clock_gate.sv, docs/icarus.md).
# RTL_DIR     another rtl/, for tests that spoil it.
# The result is build/rtl-icarus/NAME/eie_top.vvp and build/rtl-icarus/eie.vpi, made again only when rtl/,
# the parameters or tb/icarus/ change. One make at a time works there (flock). docs/icarus.md.
BUILD ?= build
RTL_DIR ?= rtl
CFG := $(firstword $(wildcard $(RTL_DIR)/configs/$(NAME).cfg rtl/configs/$(NAME).cfg synth/boards/$(NAME)/$(NAME).cfg \
  tests/configs/$(NAME).cfg))
PARAMETERS ?= $(shell sed -e 's/\#.*//' -e 's/[[:space:]]//g' -e '/^$$/d' -e '/^TECH=/d' $(CFG) /dev/null)
ifeq ($(strip $(PARAMETERS)),)
$(error no configuration '$(NAME)': none of rtl/configs/$(NAME).cfg, synth/boards/$(NAME)/$(NAME).cfg, tests/configs/$(NAME).cfg exists)
endif

DIR := $(BUILD)/rtl-icarus/$(NAME)
PROGRAM := $(DIR)/eie_top.vvp
MODULE := $(BUILD)/rtl-icarus/eie.vpi
PACKAGES := $(sort $(wildcard $(RTL_DIR)/*_pkg.sv))
SOURCES := $(PACKAGES) $(filter-out $(PACKAGES),$(sort $(wildcard $(RTL_DIR)/*.sv)))
INCLUDED := $(wildcard $(RTL_DIR)/*.svh)

EIE_CLOCKS ?= plain
ifeq ($(filter gated plain,$(EIE_CLOCKS)),)
$(error EIE_CLOCKS=$(EIE_CLOCKS) is not one of: gated plain)
endif

IVERILOG ?= iverilog
IVFLAGS := -g2012 $(if $(filter gated,$(EIE_CLOCKS)),-DEIE_GATE_CLOCKS) -s eie_top -s eie_waves -I$(RTL_DIR) $(patsubst %,-Peie_top.%,$(sort $(PARAMETERS)))
MODULE_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -fPIC -shared -Wall -Wextra -Werror -Wshadow -Itb \
                 -isystem /usr/include/iverilog

ifndef EIE_RTL_LOCKED
.PHONY: lib
lib:
	@mkdir -p $(DIR)
	@flock $(BUILD)/rtl-icarus/lock $(MAKE) --no-print-directory -s -f tb/icarus.mk NAME=$(NAME) \
	  PARAMETERS='$(PARAMETERS)' BUILD=$(BUILD) RTL_DIR=$(RTL_DIR) EIE_RTL_LOCKED=1 both
else
.PHONY: both
both: $(MODULE) $(PROGRAM)

# At parse time, so that `make -q` can tell; rewritten only when the words differ.
$(shell mkdir -p $(DIR); echo '$(IVFLAGS) $(SOURCES)' | cmp -s - $(DIR)/parameters \
  || echo '$(IVFLAGS) $(SOURCES)' > $(DIR)/parameters)

# Icarus says "sorry" for a slice in always_comb, which it reads as the whole: harmless, and kept in the log.
$(PROGRAM): $(SOURCES) $(INCLUDED) tb/icarus/eie_waves.sv $(DIR)/parameters
	$(IVERILOG) $(IVFLAGS) -o $@.new $(SOURCES) tb/icarus/eie_waves.sv > $(DIR)/iverilog.log 2>&1 \
	  || { cat $(DIR)/iverilog.log >&2; exit 1; }
	mv $@.new $@

$(MODULE): $(wildcard tb/icarus/*.c tb/icarus/*.h) tb/eie_pins.h
	$(CC) $(MODULE_CFLAGS) -o $@.new $(wildcard tb/icarus/*.c)
	mv $@.new $@
endif
