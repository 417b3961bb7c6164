// SPDX-License-Identifier: Apache-2.0
#include "fit_speed.h"

#include "eie_predict.h"
#include "predict_link.h"

static eie_status worst_cycles(const eie_packed *packed, fit_speed *speed, eie_error *err) {
  eie_timing *timing;
  eie_timing_counters c;
  eie_status status = EIE_OK;
  EIE_TRY(eie_timing_open(packed, &timing, err));
  for (uint32_t p = 0; p < packed->n_passes && !status; p++) {
    status = eie_timing_worst(timing, p, &c, err);
    if (!status) speed->cycles += (double)c.cycles;
  }
  eie_timing_close(timing);
  return status;
}

static eie_status mean_cycles(const eie_packed *packed, const eie_activations *inputs, uint32_t count,
                              fit_speed *speed, eie_error *err) {
  eie_compare_report report;
  const eie_predict_job job = {
      .packed = packed, .inputs = inputs, .count = count, .progress = "timing model"};
  const eie_status status = eie_predict_run(&job, &report, err);
  if (!status && report.inputs) speed->cycles = (double)report.program_cycles / report.inputs;
  eie_compare_report_free(&report);
  return status;
}

static eie_status speed_of_packed(const eie_packed *packed, const eie_activations *inputs, uint32_t count,
                                  fit_speed *speed, eie_error *err) {
  predicted_bus bus;
  *speed = (fit_speed){.loads = packed->n_loads, .passes = packed->n_passes, .inputs = inputs ? count : 0};
  EIE_TRY(predict_bus(packed, &bus, err));
  speed->io_cycles = bus.io;
  speed->load_cycles = bus.load;
  speed->io_bytes = predict_link_bytes(&bus.io_words);
  speed->load_bytes = predict_link_bytes(&bus.load_words);
  return inputs ? mean_cycles(packed, inputs, count, speed, err) : worst_cycles(packed, speed, err);
}

eie_status fit_speed_of(const eie_model *model, const eie_config *config, const eie_activations *inputs,
                        uint32_t count, fit_speed *speed, eie_error *err) {
  const eie_pack_options options = {.dealing = EIE_DEAL_BALANCED, .seed = 1};
  eie_packed packed;
  EIE_TRY(eie_pack(model, config, &options, &packed, err));
  const eie_status status = speed_of_packed(&packed, inputs, count, speed, err);
  eie_packed_free(&packed);
  return status;
}

fit_rates fit_rates_of(const fit_speed *s, double mhz, uint32_t baud) {
  const int again = s->loads > 1;
  const double cycle = 1e-6 / mhz;
  fit_rates r = {.compute = 1 / (s->cycles * cycle)};
  r.bus = 1 / ((s->cycles + (double)s->io_cycles + (again ? (double)s->load_cycles : 0)) * cycle);
  if (!baud) return r;
  r.load_seconds = predict_link_seconds(s->load_bytes, baud);
  r.uart = 1 / (s->cycles * cycle + predict_link_seconds(s->io_bytes, baud) + (again ? r.load_seconds : 0));
  return r;
}
