// SPDX-License-Identifier: Apache-2.0
// Errors of libeie: a status to branch on and one sentence for a person.
//
// Every function that can fail takes an eie_error as its last argument and returns an eie_status.
// On success the eie_error is left alone. On failure it holds one sentence, without a newline, that
// names the file, the layer and the place where these are known. Outputs are unchanged on failure.
#ifndef EIE_ERROR_H
#define EIE_ERROR_H

typedef enum {
  EIE_OK = 0,
  EIE_ERR_USE,     // the caller asked for something that makes no sense (exit code 2)
  EIE_ERR_INPUT,   // a file is not what its format page says (exit code 2)
  EIE_ERR_IO,      // the operating system refused: open, read, write, rename (exit code 2)
  EIE_ERR_MEMORY,  // malloc failed (exit code 2)
  EIE_ERR_FIT,     // a layer cannot run on this configuration; the sentence has the remedy (exit 2)
  EIE_ERR_DEVICE,  // the device answered wrongly, faulted or timed out (exit code 1)
  EIE_ERR_UNEQUAL  // a comparison found a difference (exit code 1)
} eie_status;

typedef struct {
  char text[512];  // "" or one sentence; truncated, never overrun
} eie_error;

// Formats the sentence into *err (which may be NULL) and returns `status`, so that a caller can write
// `return eie_fail(err, EIE_ERR_INPUT, "%s: ...", path);`.
eie_status eie_fail(eie_error *err, eie_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Puts "prefix: " before the sentence that is there already; used to add file or layer on the way up.
void eie_error_prefix(eie_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

// The process exit code of a status: 0, 1 or 2 as in the list above.
int eie_exit_code(eie_status status);

#define EIE_TRY(call)                                      \
  do {                                                     \
    eie_status eie_try_status_ = (call);                   \
    if (eie_try_status_ != EIE_OK) return eie_try_status_; \
  } while (0)

#endif
