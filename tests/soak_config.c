// SPDX-License-Identifier: Apache-2.0
// Drawing and building configurations.
#include "soak_config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device_build.h"

static const char *const names[] = {"tiny", "t01", "t02", "t03", "t04", "t05", "t06", "t07",
                                    "t08",  "t09", "t10", "t11", "t12", "t13", "t14", "t15",
                                    "t16",  "t17", "t18", "t19", "t21", "t22"};
enum { N_NAMES = sizeof names / sizeof names[0] };

eie_status soak_config_named(const char *name, eie_config *config, eie_error *err) {
  char path[200];
  snprintf(path, sizeof path, "tests/configs/%s.cfg", name);
  return eie_config_read(access(path, R_OK) ? name : path, config, err);
}

static uint32_t around(eie_random *rng, uint32_t least, uint32_t room) {
  return least + eie_random_below(rng, 1 + eie_random_below(rng, room + 1));
}

// Memories are small, often of the least legal size, so that every kind of tile comes up.
static eie_status draw_fresh(uint64_t seed, uint64_t block, eie_config *c, eie_error *err) {
  eie_random rng;
  eie_random_seed(&rng, ~seed * 0x9E3779B97F4A7C15u + block);
  const uint32_t n = 1u << eie_random_below(&rng, 5);
  *c = (eie_config){.n_pe = n};
  c->act_queue_depth = around(&rng, 2, 14);
  c->queue_depth = around(&rng, 2, 38);
  c->code_w = eie_random_below(&rng, 2) ? 4 : 8;
  c->idx_w = 4 + eie_random_below(&rng, 5);
  c->entries_per_word = 1u << eie_random_below(&rng, 4);
  c->acc_w = eie_random_below(&rng, 2) ? 32 : 32 + eie_random_below(&rng, 17);
  c->rows = around(&rng, 2, 60);
  const uint32_t words = (n + c->entries_per_word - 1) / c->entries_per_word;
  c->spmat_words = around(&rng, words < 2 ? 2 : words, 120);
  c->ptr_depth = n + 4 + (n & 1) + 2 * eie_random_below(&rng, 20 + 12 * n);
  if (c->ptr_depth < 6) c->ptr_depth = 6;
  c->act_slots = around(&rng, 2, 40);
  c->layers = 1 + eie_random_below(&rng, 8);
  uint32_t hash = 2166136261u;  // FNV-1a over the parameters
#define SOAK_HASH(field, key, lo, hi, what) hash = (hash ^ c->field) * 16777619u;
  EIE_CONFIG_PARAMETERS(SOAK_HASH)
#undef SOAK_HASH
  snprintf(c->name, sizeof c->name, "soak_%08x", hash);
  return eie_config_check(c, err);
}

eie_status soak_config_draw(eie_random *rng, const soak_source *source, uint64_t number, eie_config *config,
                            int *fresh, eie_error *err) {
  if (source->n_only)
    return soak_config_named(source->only[eie_random_below(rng, source->n_only)], config, err);
  *fresh = eie_random_below(rng, 100) < SOAK_FRESH_PERCENT;
  if (*fresh) return draw_fresh(source->seed, number / SOAK_FRESH_BLOCK, config, err);
  for (;;) {  // large arrays take long to load: they come up less often
    EIE_TRY(soak_config_named(names[eie_random_below(rng, N_NAMES)], config, err));
    const uint32_t n = config->n_pe, percent = n <= 16 ? 100 : n == 32 ? 12 : n == 64 ? 4 : 1;
    if (eie_random_below(rng, 100) < percent) return EIE_OK;
  }
}

// ---- builds --------------------------------------------------------------------------------------

static void remove_tree(const char *path) {
  const pid_t child = fork();
  if (child == 0) {
    execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
    _exit(127);
  }
  if (child > 0) waitpid(child, NULL, 0);
}

// Removes the oldest folders of fresh configurations but SOAK_FRESH_KEPT.
static void prune(const char *simulator) {
  const char *build = getenv("EIE_BUILD_DIR");
  char dir[600], oldest[900], path[900];
  snprintf(dir, sizeof dir, "%s/%s", build && *build ? build : "build", simulator);
  for (int attempt = 0; attempt < 100; attempt++) {
    DIR *d = opendir(dir);
    uint32_t found = 0;
    time_t time = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
      struct stat st;
      if (strncmp(e->d_name, "soak_", 5)) continue;
      snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
      if (stat(path, &st)) continue;
      if (found++ && st.st_mtime >= time) continue;
      time = st.st_mtime;
      snprintf(oldest, sizeof oldest, "%s", path);
    }
    if (d) closedir(d);
    if (found <= SOAK_FRESH_KEPT) return;
    remove_tree(oldest);
  }
}

static eie_status build(const eie_config *config, int icarus, eie_error *err) {
  char path[1024], folder[1024];
  unsetenv("EIE_BUILD_TRUST");
  if (icarus) return eie_device_build_icarus(config, 0, path, sizeof path, folder, sizeof folder, err);
  return eie_device_build(config, EIE_BUILD_FAST, 0, path, sizeof path, err);
}

eie_status soak_config_build(soak_builds *builds, const eie_config *config, const char *engine,
                             eie_error *err) {
  char word[100];
  const int icarus = !strcmp(engine, "icarus"), fresh = !strncmp(config->name, "soak_", 5);
  const size_t used = strlen(builds->list);
  if (!strcmp(engine, "model")) return EIE_OK;
  snprintf(word, sizeof word, " %s-%s ", engine, config->name);
  if (!strstr(builds->list, word) && strcmp(builds->fresh, word)) {
    EIE_TRY(build(config, icarus, err));
    if (fresh) strcpy(builds->fresh, word);
    if (fresh) prune(icarus ? "rtl-icarus" : "rtl");
    if (!fresh && used + strlen(word) < sizeof builds->list) strcpy(builds->list + used, word);
  }
  setenv("EIE_BUILD_TRUST", "1", 1);
  return EIE_OK;
}
