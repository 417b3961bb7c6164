// SPDX-License-Identifier: Apache-2.0
// Included before every source of the Verilator runtime (verilator.mk), where VL_PRINTF is this function.
#ifdef __cplusplus
extern "C"
#endif
    int
    eie_vl_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
