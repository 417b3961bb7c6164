#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every module of the RTL is clean in Verilator, Icarus and Yosys, alone and in several configurations.
cd "$(dirname "$0")/.." && exec scripts/lint.sh
