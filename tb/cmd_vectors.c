// SPDX-License-Identifier: Apache-2.0
// eie vectors: a directory that plays a model on any simulator or board, and the check of one.
#include <inttypes.h>
#include <stdio.h>

#include "eie_cli.h"
#include "eie_cli_options.h"
#include "eie_commands.h"
#include "eie_packed_source.h"
#include "eie_tensor.h"
#include "eie_vectors.h"

static const char description[] =
    "Writes a directory with all that another simulator or a board needs to run MODEL and to compare what "
    "comes out: the "
    "memories of the array as $readmemh files, the inputs, the expected outputs of every layer, the expected "
    "value of "
    "every counter (CYCLES too: they are exact), a script of bus operations that loads, starts, waits and "
    "compares, a "
    "manifest with all parameters and the checksum of every file, and a README that tells how to play it. "
    "The script is "
    "what the firmware's driver does. tb/replay_tb.sv plays it in any SystemVerilog simulator. The same "
    "arguments make "
    "the same bytes. docs/vectors-format.md.\n\n"
    "An existing DIR is replaced only if it is a vector set. In place of MODEL --config NAME a packed "
    "directory "
    "(eie pack -o) can be given.\n\n"
    "--check DIR checks every checksum, makes everything again from the image and the inputs in DIR, and "
    "compares "
    "every byte.";

static const char examples[] =
    "eie vectors model.safetensors --config pe4 --input x.npy -o set\n"
    "eie vectors vectors/lenet-300-100.safetensors --config pe16 --input t10k-images-idx3-ubyte.gz \\\n"
    "    --limit 10 -o lenet\n"
    "eie vectors --check set";

typedef struct {
  eie_packed_source source;
  const char *input, *dir, *check;
  uint32_t limit, dealing;
} request;

static int parse(request *r, eie_option_list *sets, int argc, char **argv) {
  eie_option input = {EIE_OPTION_INPUT(&r->input)};
  input.required = 0;  // --check wants none
  const eie_option options[] = {
      {EIE_OPTION_CONFIG(&r->source.config)},
      input,
      {EIE_OPTION_SET(sets)},
      {EIE_OPTION_DEALING(&r->dealing)},
      {EIE_OPTION_SEED(&r->source.options.seed)},
      {EIE_OPTION_CALIBRATE(&r->source.calibrate)},
      {EIE_OPTION_LIMIT(&r->limit)},
      {.name = "output", .letter = 'o', .value = "DIR", .help = "the directory to write", .text = &r->dir},
      {.name = "check",
       .value = "DIR",
       .help = "check a directory instead of writing one",
       .text = &r->check},
  };
  const eie_command command = {.name = "vectors",
                               .summary = "write test vectors for any simulator or board",
                               .synopsis =
                                   "MODEL --config NAME --input X [--limit N] [--set KEY=VALUE] [--dealing "
                                   "HOW] [--seed S] [--calibrate X] -o DIR\n"
                                   "    eie vectors --check DIR",
                               .description = description,
                               .examples = examples,
                               .options = options,
                               .n_options = sizeof options / sizeof options[0],
                               .max_operands = 1};
  return eie_cli_parse(&command, argc, argv, &r->source.path, NULL);
}

static int bad_use(const request *r, const eie_option_list *sets) {
  if (r->check && (r->source.path || r->source.config || r->source.calibrate || r->input || r->dir ||
                   r->limit || sets->count))
    return eie_cli_bad_use("vectors", "--check stands alone: it takes everything from the directory");
  if (r->check) return 0;
  if (!r->source.path) return eie_cli_bad_use("vectors", "MODEL is missing");
  if (!r->input) return eie_cli_bad_use("vectors", "--input is missing");
  return r->dir ? 0 : eie_cli_bad_use("vectors", "-o is missing: where shall the directory be?");
}

static eie_status make(const request *r, eie_vectors *v, eie_error *err) {
  eie_packed packed = {.n_layers = 0};
  eie_model model = {.n_layers = 0};
  eie_activations inputs = {.count = 0};
  eie_status status = eie_packed_source_read(&r->source, &packed, &model, err);
  if (!status)
    status = eie_activations_read(r->input, packed.layers[0].cols, packed.input_frac, &inputs, err);
  if (!status)
    status = eie_vectors_make(&packed, &inputs, r->limit && r->limit < inputs.count ? r->limit : inputs.count,
                              v, err);
  if (!status) status = eie_vectors_write(r->dir, v, err);
  eie_activations_free(&inputs);
  eie_model_free(&model);
  eie_packed_free(&packed);
  return status;
}

int eie_cmd_vectors(int argc, char **argv) {
  eie_option_list sets = {.count = 0};
  request r = {.source = {.sets = &sets, .options = {.seed = 1}}, .dealing = EIE_DEAL_BALANCED};
  int code = parse(&r, &sets, argc, argv);
  if (code >= 0) return code;
  code = bad_use(&r, &sets);
  if (code) return code;
  r.source.options.dealing = (eie_dealing)r.dealing;
  eie_error err = {""};
  eie_vectors v = {.n_files = 0};
  const eie_status status = r.check ? eie_vectors_check(r.check, &v, &err) : make(&r, &v, &err);
  if (status) return eie_cli_fail("vectors", status, &err);
  printf("%s: %" PRIu32 " files, %" PRIu64 " bus operations that compare %" PRIu64 " words%s\n",
         r.check ? r.check : r.dir, v.n_files, v.operations, v.compared,
         r.check ? "; all as they were made" : "");
  eie_vectors_free(&v);
  return 0;
}
