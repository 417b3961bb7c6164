# SPDX-License-Identifier: Apache-2.0
# pick.awk -v k=COLUMN -v v=VALUE [-v k2= -v v2= [-v k3= -v v3=]]: the header, and the rows that have these.
NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; print; next }
$column[k] == v && (k2 == "" || $column[k2] == v2) && (k3 == "" || $column[k3] == v3)
