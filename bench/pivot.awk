# SPDX-License-Identifier: Apache-2.0
# pivot.awk -v row=KEY -v col="KEY KEY" -v value=FIELD [-v digits=3] [-v scale=1] TABLE.csv: a table for a reader:
# one line a value of `row`, one column a combination of `col`, in the order in which they appear.
BEGIN {
  FS = ","
  if (digits == "") digits = 3
  if (scale == "") scale = 1
  keys = split(col, key, " ")
}
NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
{
  head = ""
  for (i = 1; i <= keys; i++) head = head (i > 1 ? " " : "") $column[key[i]]
  if (!(head in known)) known[head] = ++heads
  name[known[head]] = head
  line = $column[row]
  if (!(line in seen)) order[++lines] = line
  seen[line] = 1
  cell[line, known[head]] = sprintf("%.*f", digits, scale * $column[value])
}
END {
  printf "%-8s", row
  for (h = 1; h <= heads; h++) printf " %*s", width(h), name[h]
  printf "\n"
  for (l = 1; l <= lines; l++) {
    printf "%-8s", order[l]
    for (h = 1; h <= heads; h++) printf " %*s", width(h), cell[order[l], h]
    printf "\n"
  }
}
function width(h) { return length(name[h]) > 8 ? length(name[h]) : 8 }
