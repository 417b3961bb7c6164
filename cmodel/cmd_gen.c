// SPDX-License-Identifier: Apache-2.0
// eie gen: a synthetic layer and its activations.
#include <string.h>
#include <unistd.h>

#include "eie_cli.h"
#include "eie_commands.h"
#include "eie_gen.h"

static const char description[] =
    "Writes a model of one synthetic layer and input vectors for it, the same bytes from the same options on "
    "every "
    "machine. Each weight is there with the density of its row, independently; its code is uniform; each "
    "activation "
    "is non-zero with the activation density and then uniform from 1 to 1023.\n\n"
    "With --uneven the rows' densities are log-normal, scaled so that their mean stays the density. The "
    "model does not "
    "depend on --count and --act-density.\n\n"
    "The layer has input_frac 8 and weight_frac 14.";

static const char examples[] =
    "Alex-7 of the EIE paper, with rows of uneven density:\n"
    "  eie gen --rows 4096 --cols 4096 --density 0.09 --act-density 0.353 \\\n"
    "      --uneven 0.4 --seed 1 --relu -o alex7.safetensors -x alex7.npy";

typedef struct {
  eie_gen_options gen;
  const char *model, *inputs;
} request;

static int parse(request *r, int argc, char **argv) {
  int relu = 0;
  uint32_t wide = 0;
  const eie_option options[] = {
      {.name = "rows",
       .value = "R",
       .help = "outputs of the layer",
       .u32 = &r->gen.rows,
       .lo = 1,
       .hi = EIE_MAX_DIM,
       .required = 1},
      {.name = "cols",
       .value = "C",
       .help = "inputs of the layer",
       .u32 = &r->gen.cols,
       .lo = 1,
       .hi = EIE_MAX_DIM,
       .required = 1},
      {.name = "density",
       .value = "D",
       .help = "fraction of weights that are there, 0 to 1",
       .real = &r->gen.density,
       .hi = 1,
       .required = 1},
      {.name = "act-density",
       .value = "A",
       .help = "fraction of activations that are not zero, 0 to 1",
       .real = &r->gen.act_density,
       .hi = 1,
       .required = 1},
      {.name = "uneven",
       .value = "S",
       .help = "sigma of the log-normal row densities, 0 to 2 (default 0: rows alike)",
       .real = &r->gen.uneven,
       .hi = 2},
      {.name = "seed", .value = "K", .help = "seed, any 64-bit number", .u64 = &r->gen.seed, .required = 1},
      {.name = "count",
       .value = "N",
       .help = "input vectors (default 1)",
       .u32 = &r->gen.count,
       .lo = 1,
       .hi = 1e9},
      {.name = "relu", .help = "negative outputs become 0", .flag = &relu},
      {.name = "shift",
       .value = "S",
       .help = "write-back shift, 0 to 31 (default 14: outputs have the fraction of the inputs)",
       .u32 = &r->gen.shift,
       .hi = EIE_MAX_SHIFT},
      {.name = "code-w",
       .value = "4|8",
       .help = "bits of a code: a codebook of 16 or 256 words (default 4)",
       .choice = &wide,
       .choices = "4|8"},
      {.name = "output",
       .letter = 'o',
       .value = "MODEL",
       .help = "the model file to write",
       .text = &r->model,
       .required = 1},
      {.name = "inputs",
       .letter = 'x',
       .value = "X.npy",
       .help = "the input file to write",
       .text = &r->inputs,
       .required = 1},
  };
  const eie_command command = {.name = "gen",
                               .summary = "generate a synthetic layer and its activations",
                               .synopsis =
                                   "--rows R --cols C --density D --act-density A [--uneven S] --seed K "
                                   "-o MODEL -x X.npy [--count N] [--relu] [--shift S] [--code-w 4|8]",
                               .description = description,
                               .examples = examples,
                               .options = options,
                               .n_options = sizeof options / sizeof options[0]};
  int code = eie_cli_parse(&command, argc, argv, NULL, NULL);
  r->gen.relu = (uint32_t)relu;
  r->gen.codebook_size = wide ? 256 : 16;
  return code;
}

// Both files or none.
static eie_status write_both(const request *r, const eie_model *model, const eie_activations *acts,
                             eie_error *err) {
  EIE_TRY(eie_model_write(r->model, model, err));
  eie_status status = eie_activations_write(r->inputs, acts, err);
  if (status != EIE_OK) unlink(r->model);
  return status;
}

int eie_cmd_gen(int argc, char **argv) {
  request r = {.gen = {.count = 1, .shift = 14}};
  int code = parse(&r, argc, argv);
  if (code >= 0) return code;
  if (strcmp(r.model, r.inputs) == 0) return eie_cli_bad_use("gen", "-o and -x name the same file");
  eie_error err;
  eie_model model = {.n_layers = 0};
  eie_activations acts = {.count = 0};
  eie_status status = eie_gen_activations(&r.gen, &acts, &err);
  if (status == EIE_OK) status = eie_gen_model(&r.gen, &model, &err);
  if (status == EIE_OK) status = write_both(&r, &model, &acts, &err);
  eie_model_free(&model);
  eie_activations_free(&acts);
  return eie_cli_fail("gen", status, &err);
}
