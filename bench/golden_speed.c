// SPDX-License-Identifier: Apache-2.0
// golden_speed [ROUNDS]: the golden model against dense and sparse products of the libraries that people use,
// on the nine layers of the paper: one input, one thread, everything warm, in turns. docs/golden-speed.md.
//
// What is timed: y = W a in single precision for the others; for the golden model also bias, rounding, clamp,
// ReLU and counters. Every result is checked: the golden model's bits against exact sums, the others' floats
// against the same within n * 2^-24 * sum |w a| a row of n weights, twice the bound of any order of
// additions.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "eie_gen.h"
#include "eie_golden.h"
#include "paper_layers.h"
#include "speed_contest.h"
#include "speed_libraries.h"

enum {
  GOLDEN,
  COLUMNS,
  DENSE,
  CSR = DENSE + 2 * DENSE_LIBRARIES,
  PLAIN,
  CONTESTANTS,
  SHIFT = 12,
  ALIGN = 64
};

typedef struct {
  eie_model model;
  eie_activations input;
  eie_golden_natural *natural, *columns;  // the fastest way, and compressed columns
  double prepare;                         // seconds of the process's clock
  int16_t *out, *out_columns;             // [rows]
  float *x, *y[CONTESTANTS];              // [cols], [rows]
  float *dense[2];                        // by rows, by columns
  int *row, *column;                      // CSR: [rows + 1], [nnz]
  float *value;                           // [nnz]
  sparse_matrix_t matrix;
  const speed_libraries *libraries;
} layer_case;

typedef struct {
  layer_case *of;
  const dense_library *library;
  int by_columns, index;
} dense_case;

static void *memory(size_t bytes) {
  void *p = aligned_alloc(ALIGN, (bytes + ALIGN) / ALIGN * ALIGN);
  if (!p) {
    fprintf(stderr, "golden_speed: not enough memory for %zu bytes\n", bytes);
    exit(2);
  }
  memset(p, 0, bytes);
  return p;
}

static void must(int good, const char *what) {
  if (good) return;
  fprintf(stderr, "golden_speed: %s\n", what);
  exit(1);
}

// ---- contestants -----------------------------------------------------------------------------------

static void run_golden(void *context) {
  layer_case *k = context;
  eie_error err;
  if (eie_golden_natural_run(k->natural, 1, k->input.data, k->out, NULL, 1, &err) != EIE_OK) abort();
}

static void run_columns(void *context) {
  layer_case *k = context;
  eie_error err;
  if (eie_golden_natural_run(k->columns, 1, k->input.data, k->out_columns, NULL, 1, &err) != EIE_OK) abort();
}

static void run_dense(void *context) {
  const dense_case *d = context;
  const eie_layer *l = d->of->model.layers;
  d->library->sgemv(d->by_columns ? CBLAS_COLUMN_MAJOR : CBLAS_ROW_MAJOR, CBLAS_NO_TRANSPOSE, (int)l->rows,
                    (int)l->cols, 1, d->of->dense[d->by_columns], (int)(d->by_columns ? l->rows : l->cols),
                    d->of->x, 1, 0, d->of->y[d->index], 1);
}

static const struct matrix_descr general = {.type = SPARSE_MATRIX_TYPE_GENERAL};

static void run_csr(void *context) {
  layer_case *k = context;
  k->libraries->sparse.product(SPARSE_OPERATION_NON_TRANSPOSE, 1, k->matrix, general, k->x, 0, k->y[CSR]);
}

// The loop of every textbook, as a check that MKL is a fair opponent on this processor.
static void run_plain(void *context) {
  const layer_case *k = context;
  for (uint32_t r = 0; r < k->model.layers->rows; r++) {
    float sum = 0;
    for (int i = k->row[r]; i < k->row[r + 1]; i++) sum += k->value[i] * k->x[k->column[i]];
    k->y[PLAIN][r] = sum;
  }
}

// ---- a layer in all forms --------------------------------------------------------------------------

static void fill_dense(layer_case *k) {
  const eie_layer *l = k->model.layers;
  const size_t places = (size_t)l->rows * l->cols;
  k->dense[0] = memory(places * sizeof(float));
  k->dense[1] = memory(places * sizeof(float));
  for (uint32_t c = 0; c < l->cols; c++)
    for (uint32_t i = l->indptr[c]; i < l->indptr[c + 1]; i++) {
      const float w = l->codebook[l->codes[i]];
      k->dense[0][(size_t)l->indices[i] * l->cols + c] = w;
      k->dense[1][(size_t)c * l->rows + l->indices[i]] = w;
    }
}

static void fill_csr(layer_case *k) {
  const eie_layer *l = k->model.layers;
  const sparse_library *s = &k->libraries->sparse;
  k->row = memory((l->rows + (size_t)1) * sizeof *k->row);
  k->column = memory(l->nnz * sizeof *k->column);
  k->value = memory(l->nnz * sizeof *k->value);
  int n = 0;
  for (uint32_t r = 0; r < l->rows; r++) {
    for (uint32_t c = 0; c < l->cols; c++) {
      const float w = k->dense[0][(size_t)r * l->cols + c];
      if (w == 0) continue;
      k->column[n] = (int)c;
      k->value[n++] = w;
    }
    k->row[r + 1] = n;
  }
  must((uint32_t)n == l->nnz, "a stored weight of a layer is 0");
  must(s->create(&k->matrix, SPARSE_INDEX_BASE_ZERO, (int)l->rows, (int)l->cols, k->row, k->row + 1,
                 k->column, k->value) == SPARSE_STATUS_SUCCESS,
       "MKL refuses the matrix");
  s->hint(k->matrix, SPARSE_OPERATION_NON_TRANSPOSE, general, 1000000);
  must(s->optimize(k->matrix) == SPARSE_STATUS_SUCCESS, "MKL cannot optimize the matrix");
}

static void open_case(const paper_layer *p, const speed_libraries *libraries, layer_case *k) {
  const eie_gen_options options = {.rows = p->rows,
                                   .cols = p->cols,
                                   .density = p->density,
                                   .act_density = p->act_density,
                                   .seed = 1,
                                   .count = 1,
                                   .relu = p->relu,
                                   .shift = SHIFT,
                                   .codebook_size = 16};
  eie_error err;
  *k = (layer_case){.libraries = libraries};
  int good = eie_gen_model(&options, &k->model, &err) == EIE_OK &&
             eie_gen_activations(&options, &k->input, &err) == EIE_OK;
  must(good, err.text);
  const double start = speed_processor_seconds();
  good = eie_golden_natural_open(&k->model, EIE_GOLDEN_FASTEST, &k->natural, &err) == EIE_OK;
  must(good, err.text);
  k->prepare = speed_processor_seconds() - start;
  good = eie_golden_natural_open(&k->model, EIE_GOLDEN_COLUMNS, &k->columns, &err) == EIE_OK;
  must(good, err.text);
  k->out = memory(p->rows * sizeof *k->out);
  k->out_columns = memory(p->rows * sizeof *k->out);
  k->x = memory(p->cols * sizeof *k->x);
  for (uint32_t c = 0; c < p->cols; c++) k->x[c] = k->input.data[c];
  for (int i = DENSE; i < CONTESTANTS; i++) k->y[i] = memory(p->rows * sizeof(float));
  fill_dense(k);
  fill_csr(k);
}

static void close_case(layer_case *k) {
  k->libraries->sparse.destroy(k->matrix);
  eie_golden_natural_close(k->natural);
  eie_golden_natural_close(k->columns);
  eie_model_free(&k->model);
  eie_activations_free(&k->input);
  for (int i = DENSE; i < CONTESTANTS; i++) free(k->y[i]);
  free(k->dense[0]);
  free(k->dense[1]);
  free(k->row);
  free(k->column);
  free(k->value);
  free(k->out);
  free(k->out_columns);
  free(k->x);
}

// ---- checks ----------------------------------------------------------------------------------------

// Exact sums, sums of |w a|, and weights of every row that met an activation.
typedef struct {
  int64_t *sum, *size;
  uint32_t *n;
  uint64_t useful;
} exact_sums;

static exact_sums add_exactly(const layer_case *k) {
  const eie_layer *l = k->model.layers;
  exact_sums e = {memory(l->rows * 8), memory(l->rows * 8), memory(l->rows * 4), 0};
  for (uint32_t c = 0; c < l->cols; c++)
    for (uint32_t i = l->indptr[c]; k->input.data[c] != 0 && i < l->indptr[c + 1]; i++) {
      const int64_t product = (int64_t)l->codebook[l->codes[i]] * k->input.data[c];
      e.sum[l->indices[i]] += product;
      e.size[l->indices[i]] += llabs(product);
      e.n[l->indices[i]]++;
      e.useful++;
    }
  return e;
}

// Largest error of all floats, as a part of its bound.
static double check(const layer_case *k, const contestant *c, const exact_sums *e) {
  const eie_layer *l = k->model.layers;
  double worst = 0;
  uint32_t clamped = 0;
  for (uint32_t r = 0; r < l->rows; r++) {
    const int16_t want = eie_write_back(e->sum[r], l->bias[r], l->shift, l->relu, &clamped);
    must(k->out[r] == want && k->out_columns[r] == want, "the golden model differs from the exact sums");
    const double bound = (double)e->n[r] * 0x1p-24 * (double)e->size[r];
    for (int i = DENSE; i < CONTESTANTS; i++) {
      const double error = fabs((double)k->y[i][r] - (double)e->sum[r]);
      if (error > bound) {
        fprintf(stderr, "golden_speed: %s row %u: %.1f, exactly %.1f, bound %.3g\n", c[i].name, r, k->y[i][r],
                (double)e->sum[r], bound);
        exit(1);
      }
      if (bound > 0 && error / bound > worst) worst = error / bound;
    }
  }
  return worst;
}

// ---- the table -------------------------------------------------------------------------------------

typedef struct {
  double dense, csr;                  // logarithms of the ratios, summed
  double columns_dense, columns_csr;  // the same of the columns way
} ratio_sums;

static double best_of(const contestant *c, int first, int last) {
  double best = c[first].best;
  for (int i = first + 1; i <= last; i++) best = c[i].best < best ? c[i].best : best;
  return best;
}

static double weights_a_step(const layer_case *k) {
  const uint32_t steps = eie_golden_natural_steps(k->natural, 0);
  return steps ? (double)k->model.layers->nnz / steps : 0;
}

static void print_row(const paper_layer *p, const layer_case *k, const contestant *c, const exact_sums *e,
                      double error, ratio_sums *sums) {
  const double golden = c[GOLDEN].best, dense = best_of(c, DENSE, CSR - 1), csr = best_of(c, CSR, PLAIN);
  printf("%-8s %8.4f %8.4f", p->name, 1e3 * golden, 1e3 * c[COLUMNS].best);
  for (int i = DENSE; i < CONTESTANTS; i++) printf(" %8.4f", 1e3 * c[i].best);
  printf(" %7.1f %7.2f %6.2f %7.1f %8.0f %6.2f\n", dense / golden, csr / golden,
         2e-9 * (double)e->useful / golden, weights_a_step(k), 1e3 * k->prepare, error);
  fflush(stdout);
  sums->dense += log(dense / golden);
  sums->csr += log(csr / golden);
  sums->columns_dense += log(dense / c[COLUMNS].best);
  sums->columns_csr += log(csr / c[COLUMNS].best);
}

static void run_layer(const paper_layer *p, const speed_libraries *libraries, int rounds, ratio_sums *sums) {
  static const char *const dense_names[] = {"dense by rows", "dense by columns"};
  layer_case k;
  open_case(p, libraries, &k);
  dense_case d[2 * DENSE_LIBRARIES];
  contestant c[CONTESTANTS] = {[GOLDEN] = {"golden", run_golden, &k, 0},
                               [COLUMNS] = {"columns", run_columns, &k, 0},
                               [CSR] = {"MKL CSR", run_csr, &k, 0},
                               [PLAIN] = {"plain CSR", run_plain, &k, 0}};
  for (int i = 0; i < 2 * DENSE_LIBRARIES; i++) {
    d[i] = (dense_case){&k, &libraries->dense[i / 2], i % 2, DENSE + i};
    c[DENSE + i] = (contestant){dense_names[i % 2], run_dense, &d[i], 0};
  }
  speed_contest(c, CONTESTANTS, rounds, 0.01);
  exact_sums e = add_exactly(&k);
  const double error = check(&k, c, &e);
  print_row(p, &k, c, &e, error, sums);
  free(e.sum);
  free(e.size);
  free(e.n);
  close_case(&k);
}

static void print_processor(void) {
  char line[256];
  FILE *f = fopen("/proc/cpuinfo", "r");
  while (f && fgets(line, sizeof line, f))
    if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
      printf("processor    %s", strchr(line, ':') + 2);
      break;
    }
  if (f) fclose(f);
  printf("cores        %ld; one thread for each contestant\n", sysconf(_SC_NPROCESSORS_ONLN));
}

int main(int argc, char **argv) {
  const int rounds = argc > 1 ? atoi(argv[1]) : 8;
  speed_libraries libraries;
  if (argc > 2 || rounds < 1) {
    fprintf(stderr, "usage: golden_speed [ROUNDS]\n");
    return 2;
  }
  speed_libraries_load(&libraries);
  print_processor();
  for (int i = 0; i < DENSE_LIBRARIES; i++)
    printf("%-12s %s, threads %d\n", libraries.dense[i].name, libraries.dense[i].version,
           libraries.dense[i].threads);
  printf("MKL          %s, threads %d\n", libraries.sparse.version, libraries.sparse.threads);
  printf(
      "\nMilliseconds of one input, warm, best of %d rounds in turns. Ratios: to the fastest dense and the "
      "fastest\n"
      "CSR column. Gop/s: two operations a weight that met an activation.\n\n",
      rounds);
  puts(
      "layer      golden  columns      Debian sgemv        PyPI sgemv      MKL    plain   dense     CSR  "
      "Gop/s"
      " weights  prepare  error\n"
      "                        way     rows  columns     rows  columns      CSR      CSR   ratio   ratio     "
      "   a"
      " step       ms /bound");
  ratio_sums sums = {0, 0, 0, 0};
  for (int i = 0; i < PAPER_LAYERS; i++) run_layer(&paper_layers[i], &libraries, rounds, &sums);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("\ngeometric mean: %.2f times as fast as dense, %.2f times as fast as CSR\n",
         exp(sums.dense / PAPER_LAYERS), exp(sums.csr / PAPER_LAYERS));
  printf("columns way (no AVX-512 needed): %.2f and %.2f times\n", exp(sums.columns_dense / PAPER_LAYERS),
         exp(sums.columns_csr / PAPER_LAYERS));
  printf("memory peak: %.0f MiB\n", (double)usage.ru_maxrss / 1024);
  return 0;
}
