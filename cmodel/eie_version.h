// SPDX-License-Identifier: Apache-2.0
// The version of the project, here and nowhere else. 0.MINOR until the file formats are frozen.
#ifndef EIE_VERSION_H
#define EIE_VERSION_H

#define EIE_VERSION_MAJOR 0
#define EIE_VERSION_MINOR 1
#define EIE_VERSION_PATCH 0

#define EIE_VERSION_TEXT_(a, b, c) #a "." #b "." #c
#define EIE_VERSION_TEXT(a, b, c) EIE_VERSION_TEXT_(a, b, c)
#define EIE_VERSION EIE_VERSION_TEXT(EIE_VERSION_MAJOR, EIE_VERSION_MINOR, EIE_VERSION_PATCH)

#endif
