# SPDX-License-Identifier: Apache-2.0
# The netlist that Yosys makes of one configuration for iCE40 UP5K (synth/netlist.sh), Verilated with Yosys' models of the
# cells, as a shared object with the pins of tb/eie_pins.h. What tb/verilator.mk is to the RTL, with its shim and its
# runtime:
#
#   make -f tb/netlist.mk NAME=icebreaker PARAMETERS='N_PE=2 ...' lib      -> build/rtl/icebreaker-netlist/libeie_rtl.so
#
# All twelve PARAMETERS must be given; TECH is 2. Registers begin with 0 and block RAM with zeros, as after configuration
# of the device; SPRAM with anything.

BUILD ?= build
RTL_DIR ?= rtl
ifeq ($(and $(strip $(NAME)),$(strip $(PARAMETERS))),)
$(error NAME=... and PARAMETERS='KEY=VALUE ...' must be given)
endif

DIR := $(BUILD)/rtl/$(NAME)-netlist
RUNTIME := $(BUILD)/rtl/runtime
LIBRARY := $(DIR)/libeie_rtl.so
SOURCES := $(wildcard $(RTL_DIR)/*.sv $(RTL_DIR)/*.svh)
SHIM := tb/device_verilator.cpp tb/eie_pins.h tb/vl_printf.h
RUNTIME_OBJS := $(RUNTIME)/verilated.o $(RUNTIME)/verilated_threads.o

YOSYS_SHARE := $(patsubst %/bin/yosys,%/share/yosys,$(shell command -v yosys))
CELLS := $(YOSYS_SHARE)/ice40/cells_sim.v
VERILATOR ?= verilator
VL_INCLUDE := $(shell $(VERILATOR) --getenv VERILATOR_ROOT)/include
CXX ?= g++
PIC := -fPIC -fvisibility=hidden -fno-gnu-unique -w
SHIM_CXXFLAGS := -std=gnu++17 -O2 $(PIC) -I$(DIR)/obj -Itb -isystem $(VL_INCLUDE) -isystem $(VL_INCLUDE)/vltstd \
                 -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE=0 -DVM_TRACE_FST=0 -DVM_TRACE_VCD=0
# The models of the cells are not ours: their warnings are not heard. A loop would be an error: there is none.
VFLAGS := --cc --top-module eie_top --prefix Veie_top -O3 --x-assign fast --x-initial unique \
          -Wno-lint -Wno-style -Wno-MULTIDRIVEN -Wno-TIMESCALEMOD -DNO_ICE40_DEFAULT_ASSIGNMENTS -v $(CELLS)

ifndef EIE_RTL_LOCKED
.PHONY: lib
lib:
	@mkdir -p $(DIR)
	@flock $(BUILD)/rtl/runtime.lock $(MAKE) --no-print-directory -s -f tb/verilator.mk NAME=$(NAME) VARIANT=fast \
	  PARAMETERS='$(PARAMETERS)' BUILD=$(BUILD) RTL_DIR=$(RTL_DIR) EIE_RTL_LOCKED=1 runtime
	@flock $(DIR)/lock $(MAKE) --no-print-directory -s -f tb/netlist.mk NAME=$(NAME) PARAMETERS='$(PARAMETERS)' \
	  BUILD=$(BUILD) RTL_DIR=$(RTL_DIR) EIE_RTL_LOCKED=1 $(LIBRARY)
else
WORDS := $(sort $(PARAMETERS)) $(VFLAGS)
$(shell mkdir -p $(DIR); echo '$(WORDS)' | cmp -s - $(DIR)/parameters || echo '$(WORDS)' > $(DIR)/parameters)

$(DIR)/netlist.v: $(SOURCES) $(DIR)/parameters synth/netlist.sh
	synth/netlist.sh $(RTL_DIR) $@ $(PARAMETERS)

$(DIR)/obj/Veie_top.mk: $(DIR)/netlist.v $(CELLS)
	rm -rf $(DIR)/obj
	$(VERILATOR) $(VFLAGS) --Mdir $(DIR)/obj $< > $(DIR)/verilator.log 2>&1 || { cat $(DIR)/verilator.log >&2; rm -f $@; exit 1; }

# An image takes less time than any optimisation would: it is not compiled for speed.
$(DIR)/obj/Veie_top__ALL.a: $(DIR)/obj/Veie_top.mk
	env -u MAKEFLAGS -u MFLAGS $(MAKE) -s -j2 -C $(DIR)/obj -f Veie_top.mk OPT_FAST=-O0 OPT_SLOW=-O0 \
	  USER_CPPFLAGS='$(PIC)' Veie_top__ALL.a > $(DIR)/compile.log 2>&1 || { cat $(DIR)/compile.log >&2; exit 1; }

$(LIBRARY): $(DIR)/obj/Veie_top__ALL.a $(SHIM) $(RUNTIME_OBJS)
	$(CXX) $(SHIM_CXXFLAGS) -c -o $(DIR)/shim.o tb/device_verilator.cpp
	$(CXX) -shared -Wl,-Bsymbolic -o $@.new $(DIR)/shim.o $(DIR)/obj/Veie_top__ALL.a $(RUNTIME_OBJS) -pthread
	mv $@.new $@
endif
