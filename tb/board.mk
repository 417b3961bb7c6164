# SPDX-License-Identifier: Apache-2.0
# A Verilated board as a shared object with the pins of tb/board_pins.h, its serial line at four clocks a bit.
#
#   make -f tb/board.mk NAME=ulx3s            build/board/ulx3s/libboard.so from synth/boards/ulx3s/top.sv
#   make -f tb/board.mk NAME=pe4              a configuration alone: tests/board/plain_top.sv around it
#   make -f tb/board.mk NAME=stub TOP=stub_top TOP_FILE=tests/board/stub_top.sv
#
# A board's own cells (memories, multipliers, PLL) come from tb/*_cells.sv. RTL_DIR: another rtl/, for tests
# that spoil it. EIE_CLOCKS: as in tb/verilator.mk; gated when not given, since a board mostly waits for its line.
# SETTINGS: more parameters of the top, KEY=VALUE words. Made again only when a source or a word
# of the command changes; one make at a time works there (flock).
BUILD ?= build
RTL_DIR ?= rtl
BOARD := synth/boards/$(NAME)
OWN := $(wildcard $(BOARD)/top.sv)
TOP ?= $(if $(OWN),$(NAME)_top,plain_top)
TOP_FILE ?= $(if $(OWN),$(OWN),tests/board/plain_top.sv)
CFG := $(firstword $(wildcard rtl/configs/$(NAME).cfg $(BOARD)/$(NAME).cfg tests/configs/$(NAME).cfg) rtl/configs/tiny.cfg)
DIR ?= $(BUILD)/board/$(NAME)
SETTINGS ?=
EIE_CLOCKS ?= gated

LIBRARY := $(DIR)/libboard.so
RUNTIME := $(BUILD)/board/runtime
PACKAGES := $(sort $(wildcard $(RTL_DIR)/*_pkg.sv))
SOURCES := $(PACKAGES) $(filter-out $(PACKAGES),$(sort $(wildcard $(RTL_DIR)/*.sv))) $(TOP_FILE)
CELLS := $(wildcard tb/*_cells.sv)
SHIM := tb/board_verilator.cpp tb/board_pins.h tb/vl_printf.h

VERILATOR ?= verilator
VL_INCLUDE := $(shell $(VERILATOR) --getenv VERILATOR_ROOT)/include
VFLAGS := --cc --top-module $(TOP) --prefix Vboard -O3 --assert --x-assign fast --x-initial unique -Wno-fatal \
          -I$(RTL_DIR) -I$(DIR) $(addprefix -v ,$(CELLS)) +define+EIE_NO_INLINE \
          $(if $(filter gated,$(EIE_CLOCKS)),+define+EIE_GATE_CLOCKS) \
          $(addprefix -G,$(if $(findstring CLOCKS_PER_BIT,$(SETTINGS)),,CLOCKS_PER_BIT=4) $(SETTINGS))
CXX ?= g++
PIC := -fPIC -fvisibility=hidden -fno-gnu-unique -w
SHIM_CXXFLAGS := -std=gnu++17 -O2 $(PIC) -I$(DIR)/obj -Itb -isystem $(VL_INCLUDE) -isystem $(VL_INCLUDE)/vltstd \
                 -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE=0
RUNTIME_OBJS := $(RUNTIME)/verilated.o $(RUNTIME)/verilated_threads.o

ifndef EIE_BOARD_LOCKED
AGAIN = $(MAKE) --no-print-directory -s -f tb/board.mk NAME=$(NAME) BUILD=$(BUILD) RTL_DIR=$(RTL_DIR) TOP=$(TOP) \
  TOP_FILE=$(TOP_FILE) DIR=$(DIR) SETTINGS='$(SETTINGS)' EIE_CLOCKS=$(EIE_CLOCKS) EIE_BOARD_LOCKED=1
.PHONY: lib
lib:
	@mkdir -p $(DIR) $(RUNTIME)
	@flock $(BUILD)/board/runtime.lock $(AGAIN) runtime
	@flock $(DIR)/lock $(AGAIN) $(LIBRARY)
else
.PHONY: runtime
runtime: $(RUNTIME_OBJS)

# At parse time, so that what is made from them is made again only when their words change.
define REWRITE
mkdir -p $(DIR); synth/config_header.sh $(CFG) $(wildcard $(BOARD)/board.cfg) > $(DIR)/new.svh && \
  { cmp -s $(DIR)/new.svh $(DIR)/eie_config.svh || cp $(DIR)/new.svh $(DIR)/eie_config.svh; }; \
echo '$(VFLAGS) $(SOURCES)' | cmp -s - $(DIR)/words || echo '$(VFLAGS) $(SOURCES)' > $(DIR)/words
endef
$(shell $(REWRITE))

$(DIR)/obj/Vboard.mk: $(SOURCES) $(wildcard $(RTL_DIR)/*.svh) $(CELLS) tb/verilator.vlt $(DIR)/eie_config.svh $(DIR)/words
	rm -rf $(DIR)/obj
	$(VERILATOR) $(VFLAGS) --Mdir $(DIR)/obj tb/verilator.vlt $(SOURCES) > $(DIR)/verilator.log 2>&1 || { cat $(DIR)/verilator.log >&2; rm -f $@; exit 1; }

$(DIR)/obj/Vboard__ALL.a: $(DIR)/obj/Vboard.mk
	env -u MAKEFLAGS -u MFLAGS $(MAKE) -s -j2 -C $(DIR)/obj -f Vboard.mk OPT_FAST=-O2 OPT_SLOW=-O0 \
	  USER_CPPFLAGS='$(PIC)' Vboard__ALL.a > $(DIR)/compile.log 2>&1 || { cat $(DIR)/compile.log >&2; exit 1; }

$(LIBRARY): $(DIR)/obj/Vboard__ALL.a $(SHIM) $(RUNTIME_OBJS)
	$(CXX) $(SHIM_CXXFLAGS) -c -o $(DIR)/shim.o tb/board_verilator.cpp
	$(CXX) -shared -Wl,-Bsymbolic -o $@.new $(DIR)/shim.o $(DIR)/obj/Vboard__ALL.a $(RUNTIME_OBJS) -pthread
	mv $@.new $@

$(RUNTIME)/%.o: $(VL_INCLUDE)/%.cpp tb/vl_printf.h
	$(CXX) $(SHIM_CXXFLAGS) -I$(VL_INCLUDE)/gtkwave -DVL_PRINTF=eie_vl_printf -DVL_USER_FATAL -include tb/vl_printf.h -c -o $@.new $<
	mv $@.new $@
endif
