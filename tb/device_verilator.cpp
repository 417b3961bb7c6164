// SPDX-License-Identifier: Apache-2.0
// The pins of the Verilated eie_top. The only C++ of the project: nothing but moving pins, ticking and
// catching what ends a simulation ($fatal, $stop, $finish), so that it becomes a red run, not an abort.
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "Veie_top.h"
#include "eie_pins.h"
#include "verilated.h"
#include "verilated_sym_props.h"
#ifdef EIE_TRACE
#include "verilated_fst_c.h"
#endif

static thread_local std::string printed;  // the last lines the RTL printed: $fatal says why before it stops

// VL_PRINTF of the Verilator runtime (verilator.mk), so that a message can be told to the caller.
extern "C" int eie_vl_printf(const char *format, ...) {
  char text[2048];
  va_list args;
  va_start(args, format);
  int n = std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (printed.size() > 4096) printed.clear();
  printed += text;
  std::fputs(text, stderr);
  return n;
}

void vl_fatal(const char *file, int line, const char *, const char *message) {
  throw std::runtime_error(std::string(file ? file : "") + ":" + std::to_string(line) + ": " + message);
}

namespace {

// A signal where it lies in the Verilated model.
struct Signal {
  const void *at = nullptr;
  unsigned bytes = 0;

  uint64_t read() const {
    switch (bytes) {
      case 1:
        return *static_cast<const CData *>(at);
      case 2:
        return *static_cast<const SData *>(at);
      case 4:
        return *static_cast<const IData *>(at);
      default:
        return *static_cast<const QData *>(at);
    }
  }
};

struct Probe {
  Signal valid, value[EIE_PROBE_VALUES];
  unsigned values = 0;
};

struct Simulation {
  std::unique_ptr<VerilatedContext> context{new VerilatedContext};
  std::unique_ptr<Veie_top> top;
#ifdef EIE_TRACE
  std::unique_ptr<VerilatedFstC> waves;
  bool tracing = false;
#endif
  std::vector<Probe> probes;
  const eie_probe *asked = nullptr;  // the table that `probes` are
  eie_event_fn *tell = nullptr;
  void *listener = nullptr;
  uint64_t edges = 0;    // rising ones, since open
  bool falling = false;  // the falling edge is still to be evaluated
  std::string failure;

  void dump() {
#ifdef EIE_TRACE
    if (tracing) waves->dump(context->time());
#endif
  }

  void evaluate() {
    top->eval();
    if (context->gotFinish() && failure.empty()) fail("the RTL stopped by $fatal, $stop or $finish");
  }

  void fail(const std::string &why) {
    failure = why;
    std::string said = printed;
    for (char &c : said)
      if (c == '\n') c = ' ';
    if (!said.empty()) failure += ": " + said.substr(0, 400);
  }

  void fall() {
    if (!falling) return;
    top->clk_i = 0;
    falling = false;
    context->timeInc(1);
    evaluate();
    dump();
  }

  void rise() {
    fall();
    context->timeInc(1);
    top->clk_i = 1;
    evaluate();
    dump();
    falling = true;
    edges++;
  }

  // The events of the cycle behind the last rising edge. True when the listener has heard enough.
  bool told_enough() {
    eie_event event{};
    int enough = 0;
    event.cycle = edges;
    for (size_t k = 0; k < probes.size(); k++) {
      const Probe &p = probes[k];
      if (!p.valid.read()) continue;
      event.probe = static_cast<uint32_t>(k);
      for (unsigned v = 0; v < p.values; v++) event.value[v] = p.value[v].read();
      enough |= tell(listener, &event);
    }
    return enough != 0;
  }

  Signal find(const std::string &path) const {
    const size_t dot = path.rfind('.');
    const std::string top = "eie_top.eie_top",
                      scope = dot == std::string::npos ? top : top + "." + path.substr(0, dot);
    const VerilatedScope *in = context->scopeFind(scope.c_str());
    const VerilatedVar *var =
        in ? in->varFind(path.c_str() + (dot == std::string::npos ? 0 : dot + 1)) : nullptr;
    if (!var) throw std::runtime_error("this build of the RTL shows no signal " + path);
    switch (var->vltype()) {
      case VLVT_UINT8:
        return Signal{var->datap(), 1};
      case VLVT_UINT16:
        return Signal{var->datap(), 2};
      case VLVT_UINT32:
        return Signal{var->datap(), 4};
      case VLVT_UINT64:
        return Signal{var->datap(), 8};
      default:
        throw std::runtime_error("signal " + path + " has more than 64 bits");
    }
  }

  void apply(const eie_pins_in &in) {
    top->rst_ni = in.rst_ni;
    top->axil_awvalid_i = in.awvalid;
    top->axil_awaddr_i = in.awaddr;
    top->axil_wvalid_i = in.wvalid;
    top->axil_wdata_i = in.wdata;
    top->axil_wstrb_i = in.wstrb;
    top->axil_bready_i = in.bready;
    top->axil_arvalid_i = in.arvalid;
    top->axil_araddr_i = in.araddr;
    top->axil_rready_i = in.rready;
  }

  void sample(eie_pins_out &out) const {
    out.awready = top->axil_awready_o;
    out.wready = top->axil_wready_o;
    out.bvalid = top->axil_bvalid_o;
    out.bresp = top->axil_bresp_o;
    out.arready = top->axil_arready_o;
    out.rvalid = top->axil_rvalid_o;
    out.rresp = top->axil_rresp_o;
    out.rdata = top->axil_rdata_o;
    out.irq = top->irq_o;
  }
};

int settle(void *sim, const eie_pins_in *in, eie_pins_out *out) {
  auto *s = static_cast<Simulation *>(sim);
  if (!s->failure.empty()) return -1;
  try {
    s->apply(*in);
    if (s->falling)
      s->fall();
    else
      s->evaluate();
    s->sample(*out);
  } catch (const std::exception &e) {
    s->fail(e.what());
  }
  return s->failure.empty() ? 0 : -1;
}

uint64_t run(void *sim, uint64_t cycles, int until_irq) {
  auto *s = static_cast<Simulation *>(sim);
  uint64_t done = 0;
  try {
    while (done < cycles && s->failure.empty()) {
      s->rise();
      done++;
      if (s->tell && s->told_enough()) break;
      if (until_irq && s->top->irq_o) break;
    }
  } catch (const std::exception &e) {
    s->fail(e.what());
  }
  return done;
}

const char *failure(void *sim) {
  auto *s = static_cast<Simulation *>(sim);
  return s->failure.empty() ? nullptr : s->failure.c_str();
}

int trace(void *sim, int on) {
#ifdef EIE_TRACE
  auto *s = static_cast<Simulation *>(sim);
  if (!s->waves) return -1;
  s->tracing = on != 0;
  if (!on) s->waves->flush();
  return 0;
#else
  (void)sim, (void)on;
  return -1;
#endif
}

int watch(void *sim, const eie_probe *probes, uint32_t count, eie_event_fn *tell, void *context, char *why,
          size_t size) {
  auto *s = static_cast<Simulation *>(sim);
  s->tell = count ? tell : nullptr;
  s->listener = context;
  if (!count || (s->asked == probes && s->probes.size() == count)) return 0;
  try {
    std::vector<Probe> found(count);
    for (uint32_t k = 0; k < count; k++) {
      Probe &p = found[k];
      p.valid = s->find(probes[k].valid);
      for (; p.values < EIE_PROBE_VALUES && probes[k].value[p.values]; p.values++)
        p.value[p.values] = s->find(probes[k].value[p.values]);
    }
    s->probes.swap(found);
    s->asked = probes;
  } catch (const std::exception &e) {
    s->tell = nullptr;
    std::snprintf(why, size, "%s", e.what());
    return -1;
  }
  return 0;
}

void close(void *sim) {
  auto *s = static_cast<Simulation *>(sim);
  try {
    if (s->failure.empty()) s->top->final();
#ifdef EIE_TRACE
    if (s->waves) s->waves->close();
#endif
  } catch (const std::exception &) {  // closing a dead simulation
  }
  delete s;
}

void open_waves(Simulation *s, const char *wave) {
  if (!wave) return;
#ifdef EIE_TRACE
  s->context->traceEverOn(true);
  s->waves.reset(new VerilatedFstC);
  s->top->trace(s->waves.get(), 99);
  s->waves->open(wave);
  if (!s->waves->isOpen()) throw std::runtime_error(std::string(wave) + ": cannot be written");
  s->tracing = true;
#else
  throw std::runtime_error("this build of the RTL has no waves");
#endif
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int eie_pins_open(uint64_t seed, const char *wave,
                                                                    eie_pins *pins, char *why, size_t size) {
  std::unique_ptr<Simulation> s(new Simulation);
  printed.clear();
  try {
    s->context->fatalOnError(false);
    s->context->randReset(2);
    s->context->randSeed(static_cast<int>(seed % 0x7FFFFFFE) + 1);
    s->top.reset(new Veie_top(s->context.get(), "eie_top"));
    s->top->clk_i = 0;
    s->apply(eie_pins_in{});
    open_waves(s.get(), wave);
    s->evaluate();
  } catch (const std::exception &e) {
    s->fail(e.what());
  }
  if (!s->failure.empty()) {
    std::snprintf(why, size, "%s", s->failure.c_str());
    return -1;
  }
  *pins = eie_pins{s.release(), settle, run, failure, trace, close, watch};
  return 0;
}
