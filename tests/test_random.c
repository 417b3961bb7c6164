// SPDX-License-Identifier: Apache-2.0
// The pseudo-random numbers: published values of the two algorithms, ranges, moments.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// cmocka wants the three above first
#include <cmocka.h>
#include <math.h>

#include "eie_random.h"

static void seeding_gives_the_published_values_of_splitmix64(void **state) {
  (void)state;
  const uint64_t want[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                           4593380528125082431u};
  eie_random r;
  eie_random_seed(&r, 1234567);
  for (int i = 0; i < 4; i++) assert_true(r.s[i] == want[i]);
}

static void numbers_are_the_published_values_of_xoshiro256(void **state) {
  (void)state;
  const uint64_t want[] = {11520, 0, 1509978240, 1215971899390074240};
  eie_random r = {{1, 2, 3, 4}};
  for (int i = 0; i < 4; i++) assert_true(eie_random_next(&r) == want[i]);
}

static void below_reaches_every_number_about_equally_and_no_other(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, 0);
  uint32_t count[7] = {0};
  for (int i = 0; i < 70000; i++) {
    uint32_t x = eie_random_below(&r, 7);
    assert_true(x < 7);
    count[x]++;
  }
  for (int i = 0; i < 7; i++) assert_in_range(count[i], 9500, 10500);
  for (int i = 0; i < 100; i++) assert_int_equal(eie_random_below(&r, 1), 0);
  for (int i = 0; i < 100; i++) assert_true(eie_random_below(&r, UINT32_MAX) < UINT32_MAX);
}

static void unit_stays_below_one_and_normal_has_its_moments(void **state) {
  (void)state;
  eie_random r;
  eie_random_seed(&r, 42);
  double sum = 0, squares = 0, units = 0;
  for (int i = 0; i < 100000; i++) {
    double u = eie_random_unit(&r), n = eie_random_normal(&r);
    assert_true(u >= 0 && u < 1 && fabs(n) <= 6);
    units += u;
    sum += n;
    squares += n * n;
  }
  assert_true(fabs(units / 1e5 - 0.5) < 0.005);
  assert_true(fabs(sum / 1e5) < 0.02);
  assert_true(fabs(squares / 1e5 - 1) < 0.02);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(seeding_gives_the_published_values_of_splitmix64),
      cmocka_unit_test(numbers_are_the_published_values_of_xoshiro256),
      cmocka_unit_test(below_reaches_every_number_about_equally_and_no_other),
      cmocka_unit_test(unit_stays_below_one_and_normal_has_its_moments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
