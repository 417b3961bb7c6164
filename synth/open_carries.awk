# SPDX-License-Identifier: Apache-2.0
# awk -f open_carries.awk NETLIST.json NETLIST.json: ECP5's netlist (as Yosys writes it) with the ends of its carry chains left open
# ("x") where they mean nothing, since nextpnr puts a cell in front of each chain with a net at CIN and behind each with one at COUT:
# a COUT that nobody reads, and a CIN where the lowest bit lets nothing through: D0 is 1 and of INIT0 the upper half is 0
# (ecp5_carry.v, rtl/eie_select_add.sv). A chain that begins otherwise stays as it is.
BEGIN { open = "[ \"x\" ]" }
function bit_of(line) { # the bit of a connection: a number, or a constant in its quotes
  match(line, /\[ [^]]+ \]/)
  return substr(line, RSTART + 2, RLENGTH - 4)
}
/^ *"(cells|netnames)": \{/ { counts = /cells/ }
FNR == NR { # how many connections a bit has; modules that are not flattened count apart, so a bit may seem to have more
  if (counts && /^ *"[^"]+": \[ .+ \]/) {
    bits = bit_of($0)
    for (n = split(bits, each, /, /); n > 0; n--) met[each[n]]++
  }
  next
}
/^ *"type": / { carry = /"CCU2C"/; closed = 0 }
carry && /^ *"INIT0": "00000000/ { closed = 1 }
carry && /^ *"CIN": \[/ { held = $0; next } # D0 comes behind it
carry && /^ *"COUT": \[/ && met[bit_of($0)] == 1 { sub(/\[ .* \]/, open) }
carry && held != "" && /^ *"COUT": \[/ { out = $0; next }
carry && held != "" && /^ *"D0": \[/ {
  if (closed && bit_of($0) == "\"1\"") sub(/\[ .* \]/, open, held)
  print held
  print out
  held = ""
}
{ print }
