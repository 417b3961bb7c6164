// SPDX-License-Identifier: Apache-2.0
#include "speed_libraries.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the rule of build/bench/golden_speed makes.
#define VENV EIE_SOURCE_DIR "/build/bench/venv/"
#define PYPI_OPENBLAS VENV "openblas/lib/libscipy_openblas.so"
#define PYPI_MKL VENV "lib/libmkl_rt.so.3"

static void *open_library(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library) return library;
  fprintf(stderr, "golden_speed: %s\n", dlerror());
  exit(2);
}

// Copies the address of `prefix``name` into a function pointer.
static void find(void *library, const char *prefix, const char *name, void *pointer) {
  char whole[64];
  snprintf(whole, sizeof whole, "%s%s", prefix, name);
  void *symbol = dlsym(library, whole);
  if (!symbol) {
    fprintf(stderr, "golden_speed: %s\n", dlerror());
    exit(2);
  }
  memcpy(pointer, &symbol, sizeof symbol);
}

static void load_openblas(const char *path, const char *prefix, const char *name, dense_library *d) {
  void *library = open_library(path);
  void (*set_threads)(int);
  int (*threads)(void);
  char *(*config)(void), *(*core)(void);
  find(library, prefix, "cblas_sgemv", &d->sgemv);
  find(library, prefix, "openblas_set_num_threads", &set_threads);
  find(library, prefix, "openblas_get_num_threads", &threads);
  find(library, prefix, "openblas_get_config", &config);
  find(library, prefix, "openblas_get_corename", &core);
  set_threads(1);
  d->name = name;
  d->threads = threads();
  snprintf(d->version, sizeof d->version, "%s, kernels %s", config(), core());
}

static void load_mkl(sparse_library *s) {
  void *library = open_library(PYPI_MKL);
  int (*set_layer)(int), (*threads)(void);
  void (*set_threads)(int), (*version)(char *, int);
  find(library, "", "MKL_Set_Threading_Layer", &set_layer);
  find(library, "", "MKL_Set_Num_Threads", &set_threads);
  find(library, "", "MKL_Get_Max_Threads", &threads);
  find(library, "", "MKL_Get_Version_String", &version);
  find(library, "", "mkl_sparse_s_create_csr", &s->create);
  find(library, "", "mkl_sparse_set_mv_hint", &s->hint);
  find(library, "", "mkl_sparse_optimize", &s->optimize);
  find(library, "", "mkl_sparse_s_mv", &s->product);
  find(library, "", "mkl_sparse_destroy", &s->destroy);
  set_layer(1);  // MKL_THREADING_SEQUENTIAL
  set_threads(1);
  s->threads = threads();
  version(s->version, sizeof s->version - 1);
  for (size_t n = strlen(s->version); n > 0 && s->version[n - 1] == ' ';) s->version[--n] = 0;
}

void speed_libraries_load(speed_libraries *l) {
  memset(l, 0, sizeof *l);
  load_openblas("libopenblas.so.0", "", "Debian", &l->dense[0]);
  load_openblas(PYPI_OPENBLAS, "scipy_", "PyPI", &l->dense[1]);
  load_mkl(&l->sparse);
}
