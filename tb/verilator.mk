# SPDX-License-Identifier: Apache-2.0
# The Verilated RTL of one configuration as a shared object with the pins of tb/eie_pins.h.
#
#   make build/rtl/pe64/libeie_rtl.so              (from the root Makefile, or with -f tb/verilator.mk)
#   make -f tb/verilator.mk NAME=pe4 VARIANT=trace
#
# VARIANT   fast      for simulation and tests
#           watch     the same; signals that a lock-step run compares can be read (tb/probes.vlt)
#           trace     as watch, with FST waves
# The PE is not inlined (EIE_NO_INLINE): all PEs share one copy of its code, which builds several times
# quicker than 64 inlined copies and, because it fits the caches, runs faster too (docs/harness.md).
# EIE_CLOCKS  gated: clusters of PEs sleep while they have nothing to do (rtl/eie_clock_gate.sv); plain: every
#             register is clocked in every cycle, as in synthesis. Results and cycles are the same. When not
#             given, `fast` and `watch` builds of 64 PEs and more are gated (docs/simulation-speed.md) and all others plain.
# EIE_TECH    the parameter TECH, for the bodies of a device in place of the generic ones (tests/short_pipeline.sh);
#             with a build folder of its own (EIE_BUILD_DIR).
# PARAMETERS  KEY=VALUE words; taken from rtl/configs/NAME.cfg, synth/boards/NAME/NAME.cfg or tests/configs/NAME.cfg when not given.
# The result is build/rtl/NAME (fast) or build/rtl/NAME-VARIANT, rebuilt only when rtl/, the parameters
# or the shim change. One make at a time works in such a folder (flock), so tests may run side by side.

EIE_RTL_VARIANTS := watch trace
BUILD ?= build

ifndef NAME
# Included by the root Makefile, or asked for by path: split "NAME-VARIANT" and start over.
.PHONY: eie-rtl-force
eie-rtl-force:
$(BUILD)/rtl/%/libeie_rtl.so: eie-rtl-force
	@$(MAKE) --no-print-directory -f tb/verilator.mk \
	  NAME=$(patsubst %-watch,%,$(patsubst %-trace,%,$*)) \
	  VARIANT=$(or $(strip $(foreach v,$(EIE_RTL_VARIANTS),$(if $(filter %-$v,$*),$v))),fast)
else

VARIANT ?= fast
RTL_DIR ?= rtl
CFG := $(firstword $(wildcard $(RTL_DIR)/configs/$(NAME).cfg rtl/configs/$(NAME).cfg synth/boards/$(NAME)/$(NAME).cfg \
  tests/configs/$(NAME).cfg))
PARAMETERS ?= $(shell sed -e 's/\#.*//' -e 's/[[:space:]]//g' -e '/^$$/d' -e '/^TECH=/d' $(CFG) /dev/null)
ifeq ($(strip $(PARAMETERS)),)
$(error no configuration '$(NAME)': none of rtl/configs/$(NAME).cfg, synth/boards/$(NAME)/$(NAME).cfg, tests/configs/$(NAME).cfg exists)
endif
ifeq ($(filter fast watch trace,$(VARIANT)),)
$(error VARIANT=$(VARIANT) is not one of: fast watch trace)
endif

LARGE := $(filter N_PE=64 N_PE=128 N_PE=256,$(PARAMETERS))
EIE_CLOCKS ?= $(if $(and $(LARGE),$(filter fast watch,$(VARIANT))),gated,plain)
ifeq ($(filter gated plain,$(EIE_CLOCKS)),)
$(error EIE_CLOCKS=$(EIE_CLOCKS) is not one of: gated plain)
endif

DIR := $(BUILD)/rtl/$(NAME)$(if $(filter fast,$(VARIANT)),,-$(VARIANT))
RUNTIME := $(BUILD)/rtl/runtime$(if $(filter trace,$(VARIANT)),-trace)
LIBRARY := $(DIR)/libeie_rtl.so
PACKAGES := $(sort $(wildcard $(RTL_DIR)/*_pkg.sv))
SOURCES := $(PACKAGES) $(filter-out $(PACKAGES),$(sort $(wildcard $(RTL_DIR)/*.sv)))
INCLUDED := $(wildcard $(RTL_DIR)/*.svh)
WAIVERS := tb/verilator.vlt $(if $(filter watch trace,$(VARIANT)),tb/probes.vlt)
SHIM := tb/device_verilator.cpp tb/eie_pins.h tb/vl_printf.h

VERILATOR ?= verilator
VL_ROOT := $(shell $(VERILATOR) --getenv VERILATOR_ROOT)
VL_INCLUDE := $(VL_ROOT)/include

# Fast code at -O2 (-O3 measured no faster); what runs once is not optimised.
# A large array is compiled in pieces, two at a time; a small one as one file, in half the processor time.
SPLIT := $(if $(LARGE),--output-split 12000 --output-split-cfuncs 3000)
VFLAGS := --cc --top-module eie_top --prefix Veie_top -O3 --assert --x-assign fast --x-initial unique \
          -Wno-fatal -I$(RTL_DIR) $(SPLIT) \
          +define+EIE_NO_INLINE $(if $(filter gated,$(EIE_CLOCKS)),+define+EIE_GATE_CLOCKS) $(if $(filter trace,$(VARIANT)),--trace-fst) \
          $(addprefix -G,$(PARAMETERS)) $(if $(EIE_TECH),-GTECH=$(EIE_TECH) $(addprefix -v ,$(wildcard tb/*_cells.sv)))
CXX ?= g++
# -fno-gnu-unique and hidden symbols: several of these objects live in one process, each with its own runtime.
PIC := -fPIC -fvisibility=hidden -fno-gnu-unique -w
SHIM_CXXFLAGS := -std=gnu++17 -O2 $(PIC) -I$(DIR)/obj -Itb -isystem $(VL_INCLUDE) -isystem $(VL_INCLUDE)/vltstd \
                 -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE=$(if $(filter trace,$(VARIANT)),1,0) \
                 -DVM_TRACE_FST=$(if $(filter trace,$(VARIANT)),1,0) -DVM_TRACE_VCD=0 \
                 $(if $(filter trace,$(VARIANT)),-DEIE_TRACE)
RUNTIME_PARTS := verilated verilated_threads $(if $(filter trace,$(VARIANT)),verilated_fst_c)
RUNTIME_OBJS := $(addprefix $(RUNTIME)/,$(addsuffix .o,$(RUNTIME_PARTS)))

ifndef EIE_RTL_LOCKED
# Take the lock first, then look again: somebody else may just have built it.
.PHONY: lib
lib:
	@mkdir -p $(DIR) $(BUILD)/rtl
	@flock $(BUILD)/rtl/runtime.lock $(MAKE) --no-print-directory -s -f tb/verilator.mk NAME=$(NAME) VARIANT=$(VARIANT) \
	  PARAMETERS='$(PARAMETERS)' BUILD=$(BUILD) RTL_DIR=$(RTL_DIR) EIE_RTL_LOCKED=1 runtime
	@flock $(DIR)/lock $(MAKE) --no-print-directory -s -f tb/verilator.mk NAME=$(NAME) VARIANT=$(VARIANT) \
	  PARAMETERS='$(PARAMETERS)' BUILD=$(BUILD) RTL_DIR=$(RTL_DIR) EIE_RTL_LOCKED=1 $(LIBRARY)
else
.PHONY: runtime
runtime: $(RUNTIME_OBJS)

# Rewritten only when the words differ, so that a changed parameter rebuilds and a touched file does not;
# at parse time, so that `make -q` can tell.
WORDS := $(sort $(PARAMETERS)) $(VFLAGS)
$(shell mkdir -p $(DIR); echo '$(WORDS)' | cmp -s - $(DIR)/parameters || echo '$(WORDS)' > $(DIR)/parameters)

$(DIR)/obj/Veie_top.mk: $(SOURCES) $(INCLUDED) $(WAIVERS) $(DIR)/parameters
	rm -rf $(DIR)/obj
	$(VERILATOR) $(VFLAGS) --Mdir $(DIR)/obj $(WAIVERS) $(SOURCES) > $(DIR)/verilator.log 2>&1 || { cat $(DIR)/verilator.log >&2; rm -f $@; exit 1; }

$(DIR)/obj/Veie_top__ALL.a: $(DIR)/obj/Veie_top.mk
	env -u MAKEFLAGS -u MFLAGS $(MAKE) -s -j2 -C $(DIR)/obj -f Veie_top.mk OPT_FAST=-O2 OPT_SLOW=-O0 \
	  USER_CPPFLAGS='$(PIC)' Veie_top__ALL.a > $(DIR)/compile.log 2>&1 || { cat $(DIR)/compile.log >&2; exit 1; }

$(LIBRARY): $(DIR)/obj/Veie_top__ALL.a $(SHIM) $(RUNTIME_OBJS)
	$(CXX) $(SHIM_CXXFLAGS) -c -o $(DIR)/shim.o tb/device_verilator.cpp
	$(CXX) -shared -Wl,-Bsymbolic -o $@.new $(DIR)/shim.o $(DIR)/obj/Veie_top__ALL.a $(RUNTIME_OBJS) \
	  -pthread $(if $(filter trace,$(VARIANT)),-lz)
	mv $@.new $@

$(RUNTIME)/%.o: $(VL_INCLUDE)/%.cpp tb/vl_printf.h
	@mkdir -p $(RUNTIME)
	$(CXX) $(SHIM_CXXFLAGS) -I$(VL_INCLUDE)/gtkwave -DVL_PRINTF=eie_vl_printf -DVL_USER_FATAL -include tb/vl_printf.h -c -o $@.new $<
	mv $@.new $@
endif
endif
