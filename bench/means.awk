# SPDX-License-Identifier: Apache-2.0
# means.awk FIGURE.csv: over the layers of each point: the geometric mean of cycles / useful work and of its
# inverse, utilisation; of the share of entries that are weights, real_work; and of busy, the share of
# cycles in which a PE issues an entry. The columns before `name` are the point's keys.
BEGIN { FS = OFS = "," }
NR == 1 {
  for (i = 1; i <= NF; i++) column[$i] = i
  keys = column["name"] - 1
  print first_fields(), "ratio", "utilisation", "real_work", "busy", "layers"
  next
}
{
  key = first_fields()
  if (!(key in layers)) order[++points] = key
  layers[key]++
  pes = $column["ratio"] * $column["useful"] / $column["cycles"]
  ratio[key] += log($column["ratio"])
  real[key] += log($column["useful"] / $column["entries"])
  busy[key] += log($column["entries"] / pes / $column["cycles"])
}
END {
  for (i = 1; i <= points; i++) {
    key = order[i]
    n = layers[key]
    printf "%s,%.5f,%.5f,%.5f,%.5f,%d\n", key, exp(ratio[key] / n), exp(-ratio[key] / n), exp(real[key] / n),
           exp(busy[key] / n), n
  }
}
function first_fields(  i, text) {
  for (i = 1; i <= keys; i++) text = text (i > 1 ? "," : "") $i
  return text
}
