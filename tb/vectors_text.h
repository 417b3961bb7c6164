// SPDX-License-Identifier: Apache-2.0
// The files of a vector set that are made from the run: values, counters, script, manifest, README.
#ifndef VECTORS_TEXT_H
#define VECTORS_TEXT_H

#include "vectors_files.h"
#include "vectors_run.h"

eie_status vectors_add_values(const vectors_run *run, eie_vectors *v,
                              eie_error *err);  // inputs, outputs, counters
eie_status vectors_add_readme(const vectors_run *run, eie_vectors *v, eie_error *err);
eie_status vectors_add_script(const vectors_run *run, eie_vectors *v,
                              eie_error *err);  // lists the files so far
eie_status vectors_add_manifest(const vectors_run *run, eie_vectors *v, eie_error *err);  // likewise

#endif
