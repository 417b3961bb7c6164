# SPDX-License-Identifier: Apache-2.0
# pick.awk -v want="COLUMN VALUE [COLUMN VALUE ...]" TABLE.csv: the header, and the rows that have these.
NR == 1 {
  for (i = 1; i <= NF; i++) column[$i] = i
  n = split(want, word, " ")
  print
  next
}
{
  for (i = 1; i < n; i += 2) if ($column[word[i]] != word[i + 1]) next
  print
}
