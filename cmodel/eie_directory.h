// SPDX-License-Identifier: Apache-2.0
// A directory as output: written under a temporary name beside its place, then put there by a rename. What
// stands there already is replaced only when it is of the same kind, or empty.
#ifndef EIE_DIRECTORY_H
#define EIE_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "eie_error.h"

// What a kind of directory looks like.
typedef struct {
  const char *what;                         // "a packed model"
  const char *const *marks;                 // NULL-terminated: the files by which one is known
  int (*is_file)(const char *name);         // 1 when such a file may stand in it
  const char *folder;                       // the one folder that may stand in it, or NULL
  int (*is_folder_file)(const char *name);  // 1 when such a file may stand in that folder
} eie_directory_kind;

typedef struct {
  const eie_directory_kind *kind;
  char *place, *temporary;  // owned
  int there;                // something stands at the place, and may be replaced
} eie_directory;

// Makes the temporary directory. EIE_ERR_USE when the place is taken by something else. On success the caller
// ends it with eie_directory_finish or eie_directory_abandon.
eie_status eie_directory_begin(const char *place, const eie_directory_kind *kind, eie_directory *directory,
                               eie_error *err);

// A file in it; a name "folder/file" is allowed where the kind has that folder.
eie_status eie_directory_add(const eie_directory *directory, const char *name, const char *text, size_t size,
                             eie_error *err);

// Puts it in its place; on failure what was there is there still, and nothing of the new one is left.
eie_status eie_directory_finish(eie_directory *directory, eie_error *err);
void eie_directory_abandon(eie_directory *directory);

#endif
